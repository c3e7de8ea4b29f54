# SPDX-License-Identifier: Apache-2.0
"""Parameters and examples of the front matter; ``test_canned`` has the ways to be wrong."""

from __future__ import annotations

import pytest

from cosigraph.front_matter import read_front_matter
from cosigraph.parameter_declarations import RESERVED_NAMES, read_examples, read_parameters
from cosigraph.parameters import ParameterType
from cosigraph.terms import Prefixes


def test_a_query_without_declarations_has_no_parameters_and_no_examples() -> None:
    assert read_parameters(None, Prefixes({})) == {}
    assert read_examples(None, {}) == {}


@pytest.mark.parametrize("type_", list(ParameterType))
def test_every_type_can_be_declared(type_: ParameterType) -> None:
    entry = read_front_matter(f"#+ a-b: {{type: {type_}, required: true}}", "q.rq")
    parameter = read_parameters(entry, Prefixes({}))["a-b"]
    assert parameter.type is type_
    assert parameter.required
    assert not parameter.many
    assert parameter.choices is None


def test_the_words_of_the_command_line_are_no_names_for_parameters() -> None:
    assert {"format", "help", "project", "reading"} <= RESERVED_NAMES


def test_examples_keep_what_a_person_would_type() -> None:
    entry = read_front_matter("#+ n: {type: integer, many: true}", "q.rq")
    parameters = read_parameters(entry, Prefixes({}))
    cases = read_front_matter("#+ few: {n: 07}\n#+ more: {n: [1, 2]}\n#+ all: {}", "q.rq")
    assert read_examples(cases, parameters) == {
        "few": {"n": ("07",)},
        "more": {"n": ("1", "2")},
        "all": {},
    }
