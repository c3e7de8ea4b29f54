# SPDX-License-Identifier: Apache-2.0
"""``backup`` and ``restore`` on the command line."""

from __future__ import annotations

from pathlib import Path

from cosigraph.versioned_store import VersionedStore
from tests.cosigraph.command_line.conftest import Call


def test_a_store_is_backed_up_and_restored_to_the_same_digest(call: Call, tmp_path: Path) -> None:
    store, backup, restored = (str(tmp_path / name) for name in ("store", "backup", "restored"))
    call("store", "create", store)
    assert call("backup", store, backup, project=None).code == 0
    told = call("restore", backup, restored, project=None)
    assert told.code == 0
    assert VersionedStore(Path(store)).current().dataset_digest in told.output
    again = call("restore", backup, restored, project=None)
    assert (again.code, "not empty" in again.errors) == (3, True)
    no_backup = call("restore", str(tmp_path), str(tmp_path / "new"), project=None)
    assert (no_backup.code, "is no store" in no_backup.errors) == (3, True)
