# SPDX-License-Identifier: Apache-2.0
"""Receipts over HTTP: for any answer, from any version, the same as from the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosigraph import Project
from cosigraph.receipts import read_receipt, receipt_of, verify
from cosigraph.stored_project import as_kept
from tests.api.asking import Asker
from tests.api.writing import writable

SELECT = "SELECT ?s { ?s a orch:Tree }"


@pytest.mark.parametrize(
    "path",
    [
        "/sparql/receipt?query=ASK%7B%7D",
        "/queries/trees/receipt?variety=B",
        "/queries/trees/receipt",
    ],
)
def test_a_receipt_is_reproduced_offline(asker: Asker, orchard: Project, path: str) -> None:
    answer = asker.get(path)
    assert answer.status_code == 200
    receipt = read_receipt(answer.text)
    assert all(each.is_same for each in verify(receipt, orchard))
    assert receipt.version == answer.headers["Cosigraph-Version"]


def test_it_is_the_one_that_the_library_makes(asker: Asker, orchard: Project) -> None:
    here = receipt_of(orchard, SELECT)
    form = {"content": SELECT, "headers": {"Content-Type": "application/sparql-query"}}
    for answer in (
        asker.get("/sparql/receipt", params={"query": SELECT}),
        asker.request("POST", "/sparql/receipt", **form),
    ):
        there = read_receipt(answer.text)
        assert (there.answer, there.size, there.dataset) == (here.answer, here.size, here.dataset)
    bound = read_receipt(asker.get("/queries/trees/receipt?variety=B").text)
    assert (bound.name, bound.parameters) == ("trees", {"variety": ["B"]})


def test_an_old_version_has_its_own_receipt(tmp_path: Path, orchard: Project) -> None:
    with writable(tmp_path / "store", orchard) as served:
        served.update("INSERT DATA { <urn:s> a orch:Tree }")
        ask = {"query": SELECT}
        new = read_receipt(served.asker.get("/sparql/receipt", params=ask).text)
        old = read_receipt(served.asker.get("/sparql/receipt", params={**ask, "version": "1"}).text)
        assert new.size == old.size + 1
        assert old.dataset != new.dataset
        assert all(each.is_same for each in verify(old, as_kept(orchard)))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sparql/receipt", 400),
        ("/sparql/receipt?query=nonsense", 400),
        ("/sparql/receipt?query=SELECT(NOW()AS%20?n)%7B%7D", 403),
        ("/sparql/receipt?query=ASK%7B%7D&reading=none", 400),
        ("/queries/none/receipt", 404),
        ("/queries/trees/receipt?none=1", 400),
    ],
)
def test_what_has_no_answer_has_no_receipt(asker: Asker, path: str, status: int) -> None:
    assert asker.get(path).status_code == status


def test_other_methods_are_told(asker: Asker) -> None:
    assert (
        asker.request("OPTIONS", "/sparql/receipt").headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    )
    assert asker.request("DELETE", "/sparql/receipt").status_code == 405
