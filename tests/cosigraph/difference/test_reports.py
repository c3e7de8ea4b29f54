# SPDX-License-Identifier: Apache-2.0
"""A difference told as text, Markdown and JSON: named, placed, cut, and never misread."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from hypothesis import given
from pyoxigraph import Quad

from cosigraph.blank_nodes import labelled
from cosigraph.difference import Report, difference, to_json, to_markdown, to_text
from cosigraph.difference.comparison import Kind
from cosigraph.difference.naming import excerpts
from cosigraph.difference.version import Version
from tests.cosigraph.difference.making import DATASETS, version

LABELS = (
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . "
)
OLD = (
    LABELS
    + """
:tree rdfs:label "Baum"@de, "tree"@en ; :height 7 ; :stands :hill .
:hill rdfs:label "Hill" ; skos:notation "H" .
:height rdfs:label "height" .
:gone a :Bush ; :size 1 . :went a :Bush .
:one rdfs:label "One" ; :is 1 .
"""
)
NEW = (
    OLD.replace("7", "8")
    .replace(":gone a :Bush ; :size 1 . :went a :Bush .", "")
    .replace(":one", ":two")
)


def told(old: str, new: str, most: int = 50) -> Report:
    return difference(version(old, "old.ttl"), version(new, "new.ttl"), most=most)


def test_text_tells_things_by_label_with_old_and_new_values() -> None:
    lines = to_text(told(OLD, NEW)).splitlines()
    assert lines[:2] == ["Old: old.ttl", "New: new.ttl"]
    tree = lines.index("  ~ tree (https://example.org/tree)")
    assert lines[tree + 1 : tree + 4] == [
        "      height (https://example.org/height)",
        '        - "7"^^xsd:integer',
        '        + "8"^^xsd:integer',
    ]
    assert "  > One (https://example.org/one) → One (https://example.org/two)" in lines
    assert "  - https://example.org/gone: https://example.org/Bush, 2 statements" in lines


def test_no_difference_is_said_in_every_format() -> None:
    same = told(OLD, OLD)
    assert "No difference." in to_text(same)
    assert "No difference." in to_markdown(same)
    assert json.loads(to_json(same))["differs"] is False


def test_what_is_left_out_is_counted() -> None:
    many = told("", " ".join(f":t{n} :p 1 ; :q {n} ." for n in range(9)), most=2)
    assert len(many.things) == 2
    assert many.left_out(Kind.ADDED) == 7
    assert "… and 7 more added, not shown" in to_text(many)
    assert "… and 7 more, not shown" in to_markdown(many)
    added = json.loads(to_json(many))["things"]["added"]
    assert (added["count"], added["leftOut"], len(added["shown"])) == (9, 7, 2)
    values = ", ".join(f'"{n}"' for n in range(9))
    changes = told(":t :p 1 .", f":t :p 1, {values} .", most=2)
    assert "… and 7 more changes, not shown" in to_text(changes)


def test_long_values_are_cut_around_the_place_where_they_part() -> None:
    text = "x" * 500
    old, new = excerpts(text + "a" + text, text + "b" + text, 100)
    assert old is not None
    assert new is not None
    assert ("a" in old, "b" in new) == (True, True)
    assert len(old) <= 102
    assert excerpts("short", None, 100) == ("short", None)
    whole = json.loads(to_json(told(f':t :p "{text}a" .', f':t :p "{text}b" .')))
    (change,) = whole["things"]["changed"]["shown"][0]["changes"]
    assert change["old"]["term"] == f'"{text}a"'


def test_json_has_every_member_of_a_change() -> None:
    things = json.loads(to_json(told(OLD, NEW)))["things"]
    (thing,) = things["changed"]["shown"]
    (change,) = thing["changes"]
    assert thing["new"] == {
        "iri": "https://example.org/tree",
        "label": "tree",
        "short": "https://example.org/tree",
    }
    assert change["property"]["label"] == "height"
    assert change["old"]["term"] == '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert things["renamed"]["shown"][0]["old"]["iri"] == "https://example.org/one"
    assert [each["iri"] for each in things["removed"]["shown"][0]["types"]] == [
        "https://example.org/Bush"
    ]


def test_what_does_not_show_is_written_out() -> None:
    text = to_text(told(":a :p 1 .", ':a :p "\\u001B[31mred\\u202E\\u0085" ; :q 1 .'))
    assert text.replace("\n", "").isprintable()
    assert "\\u001B[31mred\\u202E" in text


def test_markdown_of_the_data_is_not_read_as_markdown() -> None:
    label = "<b>*bold*</b> [x](y) `code` | #"
    evil = LABELS + f':a rdfs:label "{label}" ; :p "a``b`", 1 .'
    text = to_markdown(told(evil, evil.replace("a``b`", "``").replace(", 1", "")))
    (heading,) = re.findall("^- .*bold.*$", text, re.MULTILINE)
    assert r"\<b\>\*bold\*\</b\> \[x\](y) \`code\` \| \#" in heading
    assert '```"a``b`"```' in text


def test_a_name_at_the_beginning_of_a_line_is_no_list() -> None:
    for label, begins in (("- a", r"- \- a"), ("1. a", r"- 1\. a"), ("+1) a", r"- \+1) a")):
        text = to_markdown(told("", LABELS + f':a rdfs:label "{label}" .'))
        assert f"\n{begins} (https://example.org/a)" in text


def test_long_labels_and_rows_are_cut_for_people() -> None:
    report = told("", LABELS + f':a rdfs:label "{"x" * 1000}" .')
    assert len(max(to_text(report).splitlines(), key=len)) < 300
    shown = json.loads(to_json(report))["things"]["added"]["shown"]
    assert len(shown[0]["new"]["label"]) == 1000


@given(old=DATASETS, new=DATASETS)
def test_every_difference_can_be_told(old: list[Quad], new: list[Quad]) -> None:
    before, after = (Version(name, labelled(each).quads) for name, each in (("o", old), ("n", new)))
    for most in (0, 1, 50):
        report = difference(before, replace(after), most=most)
        assert to_text(report).replace("\n", "").isprintable()
        assert to_markdown(report).startswith("# o → n\n")
        assert json.loads(to_json(report))["differs"] == (before.quads != after.quads)
