# SPDX-License-Identifier: Apache-2.0
"""The dataset as one file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import CanonicalizationAlgorithm, NamedNode, RdfFormat

from cosigraph import Project, open_project
from cosigraph.errors import UsageError
from cosigraph.export import ExportFormat, export

ORCHARD = Path(__file__).parents[1] / "projects" / "orchard"
FORMATS = {
    ExportFormat.TRIG: RdfFormat.TRIG,
    ExportFormat.NQUADS: RdfFormat.N_QUADS,
    ExportFormat.TURTLE: RdfFormat.TURTLE,
    ExportFormat.JSONLD: RdfFormat.JSON_LD,
}


@pytest.fixture
def orchard() -> Project:
    return open_project(ORCHARD)


def read(content: bytes, form: ExportFormat) -> pyoxigraph.Dataset:
    return canonical(pyoxigraph.Dataset(pyoxigraph.parse(content, format=FORMATS[form])))


def canonical(dataset: pyoxigraph.Dataset) -> pyoxigraph.Dataset:
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@pytest.mark.parametrize("form", [f for f in ExportFormat if f is not ExportFormat.TURTLE])
def test_every_named_graph_is_in_it(orchard: Project, form: ExportFormat) -> None:
    content = export(orchard.dataset, orchard.prefixes, form)
    assert read(content, form) == canonical(pyoxigraph.Dataset(orchard.dataset.named_quads()))


@pytest.mark.parametrize("reading", [None, "second"])
def test_turtle_is_the_default_graph_of_a_reading(orchard: Project, reading: str | None) -> None:
    content = export(orchard.dataset, orchard.prefixes, ExportFormat.TURTLE, reading=reading)
    triples = {quad.triple for quad in pyoxigraph.parse(content, format=RdfFormat.TURTLE)}
    assert triples == set(orchard.dataset.default_triples(reading))


@pytest.mark.parametrize("form", list(ExportFormat))
def test_one_graph_alone(orchard: Project, form: ExportFormat) -> None:
    content = export(orchard.dataset, orchard.prefixes, form, graph="tasting")
    quads = list(pyoxigraph.parse(content, format=FORMATS[form]))
    assert len(quads) == len(orchard.dataset.graphs["https://orchard.example/graph/tasting"])
    if form is not ExportFormat.TURTLE:
        name = NamedNode("https://orchard.example/graph/tasting")
        assert {quad.graph_name for quad in quads} == {name}


def test_an_unknown_graph_names_the_nearest(orchard: Project) -> None:
    with pytest.raises(UsageError, match="Did you mean 'tasting'"):
        export(orchard.dataset, orchard.prefixes, graph="tastings")


@pytest.mark.parametrize("form", list(ExportFormat))
def test_the_bytes_do_not_depend_on_the_run(form: ExportFormat) -> None:
    program = (
        "import sys; from cosigraph import open_project; "
        "from cosigraph.export import ExportFormat, export; "
        f"project = open_project({str(ORCHARD)!r}); "
        f"sys.stdout.buffer.write(export(project.dataset, project.prefixes, "
        f"ExportFormat({form.value!r})))"
    )
    path = os.pathsep.join(sys.path)
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert outputs != {b""}
