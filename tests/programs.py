# SPDX-License-Identifier: Apache-2.0
"""Programs from outside that tests use as clients.

Where one is missing its tests are skipped; where ``COSIGRAPH_CLIENTS`` is set, as in CI, they fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

VARIABLE = "COSIGRAPH_CLIENTS"


def needed(program: str, packages: str) -> None:
    """Go on only if the program is there; ``packages`` are those of Debian that hold it."""
    if shutil.which(program) is None:
        missing(program, packages)


def needed_in_r(package: str, packages: str) -> None:
    """Go on only if R and its package are there."""
    needed("Rscript", packages)
    check = f"quit(status = !requireNamespace('{package}', quietly = TRUE))"
    if subprocess.run(["Rscript", "--vanilla", "-e", check], check=False).returncode:
        missing(f"R's {package}", packages)


def missing(what: str, packages: str) -> None:
    message = f"{what} is missing. On Debian or Ubuntu: apt-get install {packages}"
    if os.environ.get(VARIABLE):
        pytest.fail(message)
    pytest.skip(message)
