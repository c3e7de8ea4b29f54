# SPDX-License-Identifier: Apache-2.0
"""``cosigraph rules``: the rules, and the page of one."""

from __future__ import annotations

import json

from cosigraph.check import rules
from tests.cosigraph.command_line.conftest import Call


def test_a_pipe_gets_a_plain_line_for_each_rule(call: Call) -> None:
    head, *lines = call("rules", project=None).output.splitlines()
    assert head.split() == ["rule", "severity", "title"]
    assert [line.split()[0] for line in lines] == list(rules())


def test_the_page_of_a_rule_is_shown_whole(call: Call) -> None:
    output = call("rules", "syntax/rdf", project=None).output
    assert output.startswith("# An RDF file is not well-formed\n\nsyntax/rdf, violation\n\n## Prob")
    assert output.endswith(rules()["syntax/rdf"].text)


def test_json_has_the_sections(call: Call) -> None:
    (one,) = json.loads(call("rules", "syntax/rdf", "--format", "json", project=None).output)
    assert one["rule"] == "syntax/rdf"
    assert one["severity"] == "violation"
    assert "```" in one["example"]
    assert len(json.loads(call("rules", "--format", "json", project=None).output)) == len(rules())


def test_a_rule_that_is_not_there_is_an_error_that_names_the_nearest(call: Call) -> None:
    outcome = call("rules", "syntax/rfd", project=None)
    assert outcome.code == 2
    assert outcome.errors == (
        "cosigraph: There is no rule 'syntax/rfd'. Did you mean 'syntax/rdf'?\n"
    )
