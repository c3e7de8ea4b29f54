# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from cosigraph.errors import UnknownFormatError
from cosigraph.formats import Kind, ResultFormat
from cosigraph_api.problems import ProblemError
from cosigraph_api.representations import PAGE, bare, choose, representations


@pytest.mark.parametrize("form", ResultFormat)
def test_each_format_has_its_name_its_extension_and_its_media_type(form: ResultFormat) -> None:
    for name in (form.label, form.extension, form.media_type, bare(form.media_type).upper()):
        assert choose(form.kind, name, None).format is form
    assert choose(form.kind, None, form.media_type).content_type == form.media_type


@pytest.mark.parametrize("kind", ["bindings", "graph"])
def test_the_default_stands_first_and_the_page_last(kind: Kind) -> None:
    offered = list(representations(kind).values())
    assert offered[0].format is ResultFormat.of_kind(kind)[0]
    assert offered[-1] == PAGE


def test_a_name_goes_before_what_is_accepted() -> None:
    assert choose("bindings", "csv", "application/json").format is ResultFormat.CSV
    assert choose("bindings", "html", "application/json") == PAGE


def test_a_plus_sign_that_was_not_encoded_is_understood() -> None:
    assert choose("graph", "application/ld json", None).format is ResultFormat.JSONLD


def test_the_same_word_means_what_fits_the_answer() -> None:
    assert choose("bindings", "xml", None).format is ResultFormat.XML
    assert choose("graph", "xml", None).format is ResultFormat.RDFXML
    assert choose("graph", None, "application/xml").format is ResultFormat.RDFXML


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("application/trig;q=0.9, text/turtle;q=0.5", ResultFormat.TRIG),
        ("application/trig;q=0.4, text/turtle;q=0.5", ResultFormat.TURTLE),
        ("application/n-quads, application/trig;q=0.9", ResultFormat.NQUADS),
        ("text/x-nquads", ResultFormat.NQUADS),
        ("application/x-trig, */*;q=0.1", ResultFormat.TRIG),
    ],
)
def test_formats_with_graphs_are_negotiated_as_others(accept: str, form: ResultFormat) -> None:
    assert choose("graph", None, accept).format is form


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(UnknownFormatError):
        choose("graph", "csv", None)
    with pytest.raises(ProblemError, match="Accept"):
        choose("graph", None, "text/csv")
