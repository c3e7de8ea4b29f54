# SPDX-License-Identifier: Apache-2.0
"""Files and folders of which it is known that they are on the disk."""

from __future__ import annotations

import os
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write a file and wait until it is on the disk; raises OSError."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace(path: Path, content: bytes) -> None:
    """Write a file in the place of another, in one step; raises OSError."""
    new = path.with_name(f"{path.name}.new")
    write(new, content)
    new.replace(path)
    sync(path.parent)


def sync(folder: Path) -> None:
    """Let the folder's entries reach the disk; raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
