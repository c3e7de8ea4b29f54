# SPDX-License-Identifier: Apache-2.0
"""``cosigraph queries``: the ways to ask that it shows can be used as they are."""

from __future__ import annotations

import shlex

from cosigraph import open_project
from tests.cosigraph.command_line.conftest import ORCHARD, Call


def test_queries_are_listed_by_topic(call: Call) -> None:
    lines = call("queries").output.splitlines()
    assert lines[0].split() == ["topic", "name", "summary", "parameters"]
    assert [line.split()[1] for line in lines[1:]] == ["trees", "varieties"]


def test_a_query_is_explained(call: Call) -> None:
    output = call("queries", "trees").output
    assert output.startswith("trees: Trees of the orchard\n")
    assert (
        "  variety (iri) Only trees of these varieties.\n    May be given several times." in output
    )
    assert "    One of: B, C, G, R.\n" in output
    assert "  flavours (string, several values) What was tasted in its fruit\n" in output


def example(call: Call, beginning: str) -> str:
    lines = call("queries", "trees").output.splitlines()
    return next(line.strip() for line in lines if line.strip().startswith(beginning))


def test_the_shown_command_works(call: Call) -> None:
    outcome = call(*shlex.split(example(call, "cosigraph run"))[1:], "--format", "csv")
    assert outcome.output.count("Conference") == 2


def test_the_shown_python_works(call: Call) -> None:
    expression = example(call, "project.run").partition("#")[0].strip()
    table = eval(expression, {"project": open_project(ORCHARD)})
    assert len(table) == 2


def test_the_shown_address_is_that_of_the_query(call: Call) -> None:
    assert example(call, "curl") == (
        "curl --get --data-urlencode variety=C http://127.0.0.1:8000/queries/trees.csv"
    )


def test_an_unknown_query_names_the_nearest(call: Call) -> None:
    outcome = call("queries", "varietys")
    assert outcome.code == 2
    assert "Did you mean 'varieties'?" in outcome.errors
