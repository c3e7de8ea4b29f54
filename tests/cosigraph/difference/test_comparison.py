# SPDX-License-Identifier: Apache-2.0
"""What became of things: added, removed, renamed and changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from pyoxigraph import Quad

from cosigraph.blank_nodes import labelled
from cosigraph.difference import comparison as module
from cosigraph.difference.comparison import Comparison, Kind, compare
from cosigraph.difference.version import Version
from tests.cosigraph.difference.making import DATASETS, version

BASE = "https://example.org/"


def told(difference: Comparison) -> list[str]:
    """The things that differ and their changes, one on a line each."""
    before, after = difference.descriptions
    lines = []

    def short(iri: str) -> str:
        return iri.removeprefix(BASE).rpartition("#")[2]

    for thing in difference.things:
        names = [short(name) for name in (thing.old, thing.new) if name is not None]
        lines.append(f"{thing.kind} {' > '.join(dict.fromkeys(names))}")
        for change in thing.changes:
            old = "" if change.old is None else before.text(change.old.value, short)
            new = "" if change.new is None else after.text(change.new.value, short)
            lines.append(f"  {short(change.predicate)}: {old} > {new}")
    return lines


def differences(old: str, new: str) -> list[str]:
    return told(compare(version(old), version(new)))


def test_the_same_data_do_not_differ() -> None:
    same = compare(version(":a :b [ :c 1 ] ."), version(":a :b _:x . _:x :c 1 ."))
    assert not same
    assert same.things == ()


def test_things_are_added_removed_and_changed() -> None:
    old = ":a :p 1 . :b :p 2 . :c :p 3 ."
    assert differences(old, ":a :p 1 . :c :p 4 . :d :q 5 .") == [
        "added d",
        "removed b",
        "changed c",
        '  p: "3"^^integer > "4"^^integer',
    ]


def test_an_old_value_is_paired_with_the_new_one_that_is_of_its_kind() -> None:
    old = ':a :label "x"@en, "y"@de, :i . :b :p 1, 2 .'
    assert differences(old, ':a :label "z"@de, "x"@en, :j, "new"@fr . :b :p 3, 2, 4 .') == [
        "changed a",
        '  label: "y"@de > "z"@de',
        "  label: i > j",
        '  label:  > "new"@fr',
        "changed b",
        '  p: "1"^^integer > ',
        '  p:  > "3"^^integer',
        '  p:  > "4"^^integer',
    ]


def test_a_statement_that_moved_to_another_graph_is_one_change() -> None:
    (thing,) = compare(version(":g { :a :p 1 }"), version(":h { :a :p 1 }")).things
    (change,) = thing.changes
    assert change.old is not None
    assert change.new is not None
    assert (change.old.graph, change.new.graph) == (f"{BASE}g", f"{BASE}h")


def test_what_is_said_of_a_blank_node_is_part_of_the_thing_that_reaches_it() -> None:
    old = ":s :shape [ :path :x ; :most 1 ; :in ( 1 :y ) ] ."
    assert differences(old, old.replace(":most 1", ":most 2")) == [
        "changed s",
        '  shape: [ in ( "1"^^integer y ) ; most "1"^^integer ; path x ] > '
        '[ in ( "1"^^integer y ) ; most "2"^^integer ; path x ]',
    ]


def test_a_blank_node_that_no_thing_reaches_is_a_thing_of_its_own() -> None:
    (removed, added) = sorted(
        compare(version("[] :p [ :q 1 ] ."), version("_:a :p _:b . _:b :q 2 ; :r _:a .")).things,
        key=lambda thing: thing.kind is Kind.ADDED,
    )
    assert (removed.kind, added.kind) == (Kind.REMOVED, Kind.ADDED)
    assert (removed.old or "").startswith("_:")


TREE = ':{0} a :Tree ; :label "Old tree" ; :height 7 ; :by :river .'


def test_a_thing_with_another_iri_and_the_same_description_was_renamed() -> None:
    old = TREE.format("t1") + " :x :near :t1 . :g { :x :p [ :is :t1 ] . :t1 :self :t1 }"
    difference = compare(version(old), version(old.replace(":t1", ":t2")))
    assert told(difference) == ["renamed t1 > t2"]
    assert difference.followed == len(difference.removed) == 8


def test_a_thing_that_changed_a_little_was_renamed_too() -> None:
    new = TREE.format("t2").replace("7", "8")
    assert differences(TREE.format("t1"), new) == [
        "renamed t1 > t2",
        '  height: "7"^^integer > "8"^^integer',
    ]


@pytest.mark.parametrize(
    "new",
    [
        TREE.format("t2").replace("7", "8").replace(":river", ":sea"),  # too little is the same
        TREE.format("t2").replace(":Tree", ":Bush"),  # of another type
        TREE.format("t2").replace("Old tree", "New tree"),  # what is the same, others have, too
    ],
)
def test_another_thing_was_not_renamed(new: str) -> None:
    others = " :o a :Tree ; :height 7 ; :by :river ."
    lines = differences(TREE.format("t1") + others, new + others)
    assert lines == ["added t2", "removed t1"]


def test_things_of_which_only_the_type_is_known_were_not_renamed() -> None:
    assert differences(":a a :Tree .", ":b a :Tree .") == ["added b", "removed a"]


def test_a_renamed_thing_is_used_once_and_the_better_match_first() -> None:
    old = TREE.format("t1")
    new = TREE.format("t3").replace("7", "8") + TREE.format("t4")
    assert differences(old, new) == ["added t3", "renamed t1 > t4"]


def test_what_was_renamed_together_is_found_together() -> None:
    old = (
        ':C a :Class ; :label "tree" . :p a :Property ; :label "stands by" ; :domain :C .'
        ' :t a :C ; :p :r ; :label "T" . :r :p :t ; :label "R" .'
    )
    new = old
    for name in ("C", "p", "t", "r"):
        new = new.replace(f":{name} ", f":{name}2 ")
    assert differences(old, new) == [
        "renamed C > C2",
        "renamed p > p2",
        "renamed r > r2",
        "renamed t > t2",
    ]


def test_too_much_to_look_for_renamed_things_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_STATEMENTS", 7)
    difference = compare(version(TREE.format("t1")), version(TREE.format("t2")))
    assert told(difference) == ["added t2", "removed t1"]
    assert "no renamed things" in difference.remarks[0]


@given(old=DATASETS, new=DATASETS)
def test_every_difference_is_of_some_thing(old: list[Quad], new: list[Quad]) -> None:
    before, after = (
        Version(name, labelled(quads).quads) for name, quads in (("o", old), ("n", new))
    )
    difference = compare(before, after)
    assert bool(difference.things) == (before.quads != after.quads)
    assert told(compare(before, after)) == told(difference)
    for thing in difference.things:
        assert (thing.old is None) == (thing.kind is Kind.ADDED)
        assert (thing.new is None) == (thing.kind is Kind.REMOVED)
        assert thing.kind is not Kind.CHANGED or thing.changes


def test_blank_nodes_that_all_lead_to_each_other_are_told_in_few_words() -> None:
    nodes = [f"_:n{number}" for number in range(9)]
    text = " ".join(f"{one} :p {other} ." for one in nodes for other in nodes if one != other)
    lines = differences(f":a :p _:n0 . {text}", ":a :p 1 .")
    assert lines[0] == "changed a"
    assert max(map(len, lines)) < 200_000
