# SPDX-License-Identifier: Apache-2.0
"""Receipts on the command line: made by ``run`` and ``query``, reproduced by ``verify``."""

from __future__ import annotations

import json
from pathlib import Path

from cosigraph.changes import Content
from cosigraph.project import open_project
from cosigraph.receipts import receipt_of
from cosigraph.stored_project import as_kept
from cosigraph.versioned_store import VersionedStore
from tests.cosigraph.command_line.conftest import ORCHARD, Call

QUERY = "SELECT ?s { ?s a orch:Tree }"


def test_a_receipt_is_made_and_reproduced(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    assert call("run", "trees", "--variety", "B", "--receipt", str(file)).code == 0
    receipt = json.loads(file.read_text())
    assert (receipt["name"], receipt["parameters"]) == ("trees", {"variety": "B"})
    verified = call("verify", str(file))
    assert verified.code == 0
    assert "differs" not in verified.output
    assert call("query", QUERY, "--receipt", str(file)).code == 0
    assert call("verify", str(file), "--timeout", "20").code == 0


def test_what_differs_is_said(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    call("query", QUERY, "--receipt", str(file))
    file.write_text(file.read_text().replace("orch:Tree", "orch:Variety"))
    verified = call("verify", str(file))
    assert verified.code == 1
    states = {line.split()[0]: line.split()[1] for line in verified.output.splitlines()[1:]}
    assert states == {"dataset": "same", "answer": "differs", "size": "differs", "version": "same"}
    file.write_text("{}")
    assert call("verify", str(file)).code == 2


def test_the_version_that_a_store_has_is_asked(call: Call, tmp_path: Path) -> None:
    file, folder = tmp_path / "receipt.json", tmp_path / "store"
    assert call("store", "create", str(folder)).code == 0
    store = VersionedStore(folder)
    orchard = open_project(ORCHARD)
    file.write_text(receipt_of(as_kept(orchard), QUERY).to_json())
    assert as_kept(orchard).dataset.digest != orchard.dataset.digest
    assert call("verify", str(file)).code == 0
    with store.writing() as writer:
        writer.commit(Content(b"", ()), store.current())
    assert call("verify", str(file), "--store", str(folder)).code == 0
    store.prune(store.version("1"))
    pruned = call("verify", str(file), "--store", str(folder))
    assert pruned.code == 1
    assert "no longer kept" in pruned.errors
