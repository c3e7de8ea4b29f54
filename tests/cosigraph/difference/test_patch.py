# SPDX-License-Identifier: Apache-2.0
"""RDF Patch: what is written brings the old version to the new one, and is read strictly."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Quad

from cosigraph.blank_nodes import labelled
from cosigraph.difference.patch import apply_patch, nquads, patch_text, read_patch
from cosigraph.errors import DataSyntaxError, Position, UsageError
from tests.cosigraph.difference.making import DATASETS, canonical, read, renamed

ORDERS = st.permutations(range(4))
ONE = "<a:s> <a:p> <a:o>"


def difference(old: list[Quad], new: list[Quad]) -> str:
    return patch_text(labelled(old).quads, labelled(new).quads)


@given(old=DATASETS, new=DATASETS, order=ORDERS)
def test_the_patch_makes_the_new_version_of_any_copy_of_the_old_one(
    old: list[Quad], new: list[Quad], order: list[int]
) -> None:
    made = apply_patch(renamed(old, order), difference(old, new))
    assert canonical(made) == canonical(new)


@given(old=DATASETS, added=DATASETS, removed=st.sets(st.integers(0, 7)), order=ORDERS)
def test_so_it_does_when_most_stays_as_it_was(
    old: list[Quad], added: list[Quad], removed: set[int], order: list[int]
) -> None:
    new = [quad for number, quad in enumerate(old) if number not in removed] + added[:2]
    made = apply_patch(renamed(old, order), difference(old, new))
    assert canonical(made) == canonical(new)


@given(old=DATASETS, order=ORDERS)
def test_the_same_data_have_an_empty_patch_whatever_their_blank_nodes_are_called(
    old: list[Quad], order: list[int]
) -> None:
    text = difference(old, renamed(old, order))
    identifier, previous, *rest = text.splitlines()
    assert identifier.removeprefix("H id ") == previous.removeprefix("H prev ")
    assert rest == ["TX .", "TC ."]


@given(old=DATASETS, new=DATASETS)
def test_what_is_written_is_read(old: list[Quad], new: list[Quad]) -> None:
    before, after = labelled(old).quads, labelled(new).quads
    rows = [row for rows in read_patch(patch_text(before, after)) for row in rows]
    assert {row.quad for row in rows if row.adds} == after - before
    assert {row.quad for row in rows if not row.adds} == before - after


@given(
    text=st.text()
    | st.lists(st.sampled_from(["A ", "D", ONE, " .", "\n", "TX .", "H id"])).map("".join)
)
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    found: Position | None = Position("p", 1)
    try:
        list(read_patch(text, "p"))
    except DataSyntaxError as error:
        found = error.position
    assert found is not None
    assert 1 <= (found.line or 0) <= text.count("\n") + 1


def test_patches_of_successive_versions_are_a_log() -> None:
    versions = [read(":a :b 1 ."), read(":a :b 2 ."), read(":a :b 2, 3 .")]
    first, second = (difference(old, new) for old, new in pairwise(versions))
    assert re.search("H id (.*)", first)[1] == re.search("H prev (.*)", second)[1]  # type: ignore[index]
    assert "<urn:uuid:" in first
    assert apply_patch(
        versions[0], first + second.partition("TX")[1] + second.partition("TX")[2]
    ) == (labelled(versions[2]).quads)


def test_a_change_beside_a_blank_node_leaves_it_out_of_the_patch() -> None:
    old = read(":a :b [ :c 1 ; :d [ :e 2 ] ] ; :n [ :c 3 ] .")
    new = read(":a :b [ :c 1 ; :d [ :e 2 ] ] ; :n [ :c 4 ] .")
    text = difference(old, new)
    assert len(text.splitlines()) == 4 + 4
    assert "/d>" not in text


@pytest.mark.parametrize(
    ("patch", "place", "word"),
    [
        (f"A {ONE}", "p:1:20", "dot"),
        (f"TX .\nA {ONE} .\nB {ONE} .\nTC .\n", "p:3:1", "no row"),
        ("TX .\n  D <a:s> <a b> <a:o> .\nTC .\n", "p:2:", ""),
        ("TX .\nTX .\nTC .\n", "p:2:1", "within"),
        ("TC .\n", "p:1:1", "not begun"),
        ("TX .\n", "p:1:1", "no end"),
        ("TX .\nTC .\nH id <a:b> .\n", "p:3:1", "header"),
        ("H id .\n", "p:1:", ""),
        ("H id <a:b>\n", "p:1:", ""),
        ("A # nothing\n", "p:1:3", "one statement"),
        ("A <a:s> <a:p> \"x .\n", "p:1:", ""),
        ("PA x y .\n", "p:1:1", "no row"),
    ],
)  # fmt: skip
def test_what_is_no_patch_is_refused_with_its_place(patch: str, place: str, word: str) -> None:
    with pytest.raises(DataSyntaxError) as caught:
        list(read_patch(patch, "p"))
    assert str(caught.value.position).startswith(place)
    assert word in caught.value.detail


def test_prefixes_comments_headers_of_others_and_aborted_transactions_are_read() -> None:
    patch = (
        '# made elsewhere\nH id <uuid:1> .\nH "who" "me" .\nPA rdf <a:b> .\nPD "rdf" .\n'
        f"A {ONE} .\nTX .\nPA : <a:c> .\nA <a:s> <a:p> 'x' . # no\nTA .\n".replace("'", '"')
        + f"\nTX . # now\nD {ONE} .\n A <a:s> <a:p> _:new <a:g> . # yes\nTC .\n"
    )
    (quad,) = apply_patch([], patch)
    assert str(quad.graph_name) == "<a:g>"


def test_a_patch_that_deletes_what_is_not_there_was_made_for_other_data() -> None:
    with pytest.raises(UsageError, match=r"p:1:1: .*not there"):
        apply_patch([], f"D {ONE} .\n", "p")


def test_nquads_are_sorted_and_end_each_line() -> None:
    written = nquads(read(':b :p 1 . :a :p "\u2028" .'))
    assert written.split("\n")[0].startswith("<https://example.org/a>")
    assert written.count("\n") == 2
