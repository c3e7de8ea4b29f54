# SPDX-License-Identifier: Apache-2.0
"""The catalogue record: what is in it, what is not, and that DCAT-AP's own shapes have no fault."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS

from cosigraph import open_project
from tests.cosigraph.publishing.conftest import Publishing

FULL = """
publisher = "The orchard's keepers"
publisher-iri = "https://keepers.example/"
contact = "mailto:keepers@orchard.example"
address = "https://fruit.example/data/"
data-licence = "https://creativecommons.org/licenses/by/4.0/"
software-licence = "https://www.apache.org/licenses/LICENSE-2.0"
source = "https://orchard.example/id/book"
source-rights = "The book is its author's."
"""


def graph_of(triples: Iterable[Triple]) -> rdflib.Graph:
    written = pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    return rdflib.Graph().parse(data=written, format="nt")


def shapes_of(*paths: Path) -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in paths:
        graph.parse(path)
    return graph


def assert_conforms(graph: rdflib.Graph, shapes: rdflib.Graph) -> None:
    conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, text


@pytest.fixture(scope="session")
def dcat_ap() -> rdflib.Graph:
    """DCAT-AP's mandatory shapes and those of its ranges; CI has them beside the checkout."""
    folder = os.environ.get("COSIGRAPH_SCHEMAS")
    if not folder:
        pytest.skip("COSIGRAPH_SCHEMAS names no folder with the published schemas")
    published = Path(folder) / "dcat-ap-3.0.1"
    shapes = shapes_of(published / "shapes.ttl", published / "range.ttl")
    assert len(shapes) > 1000
    return shapes


def test_the_shipped_record_conforms_to_dcat_ap(
    published_note: Publishing, dcat_ap: rdflib.Graph
) -> None:
    assert_conforms(graph_of(published_note.record()), dcat_ap)


def test_a_record_with_everything_conforms_to_dcat_ap(
    orchard_with: Callable[[str], Publishing], dcat_ap: rdflib.Graph
) -> None:
    assert_conforms(graph_of(orchard_with(FULL).record()), dcat_ap)


def test_a_record_without_a_publisher_does_not_conform(
    orchard_with: Callable[[str], Publishing], dcat_ap: rdflib.Graph
) -> None:
    graph = graph_of(orchard_with("").record())
    conforms, _, text = pyshacl.validate(graph, shacl_graph=dcat_ap)
    assert not conforms
    assert text.count("Constraint Violation in") == 1
    assert "publisher" in text


def test_the_record_conforms_to_the_shapes_of_our_own(
    published_note: Publishing, root: Path
) -> None:
    shapes = shapes_of(root / "tests" / "cosigraph" / "publishing" / "record_shapes.ttl")
    graph = graph_of([*published_note.record(), *published_note.void()])
    assert_conforms(graph, shapes)
    for property_ in (rdflib.VOID.triples, DCAT.byteSize, RDFS.comment):
        broken = graph_of([*published_note.record(), *published_note.void()])
        broken.remove((None, property_, None))
        assert not pyshacl.validate(broken, shacl_graph=shapes)[0], property_


def test_every_graph_has_a_file_with_its_size_digest_and_address(
    orchard_with: Callable[[str], Publishing],
) -> None:
    publishing = orchard_with(FULL)
    graph = graph_of(publishing.record())
    distributions = set(graph.subjects(RDF.type, DCAT.Distribution))
    assert len(distributions) == len(publishing.project.dataset.graphs) == 5
    for dump in publishing.dumps:
        (distribution,) = graph.objects(rdflib.URIRef(dump.graph), DCAT.distribution)
        (address,) = graph.objects(distribution, DCAT.downloadURL)
        version = publishing.project.version
        assert str(address) == f"https://fruit.example/data/dumps/{version}/{dump.name}.nt.gz"
        assert str(graph.value(distribution, DCAT.byteSize)) == str(dump.size)


def test_the_endpoint_is_a_data_service_at_the_public_address(
    orchard_with: Callable[[str], Publishing],
) -> None:
    publishing = orchard_with(FULL)
    graph = graph_of(publishing.record())
    (service,) = graph.subjects(RDF.type, DCAT.DataService)
    assert str(graph.value(service, DCAT.endpointURL)) == "https://fruit.example/data/sparql"
    assert str(graph.value(service, DCAT.servesDataset)) == publishing.dataset.value


def test_no_record_names_this_machine(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.ttl").write_text("<a> <b> <c> .", encoding="utf-8")
    configuration = tmp_path / "cosigraph.toml"
    for base in ("http://localhost:8000/", "http://192.168.1.4/", "http://server/"):
        configuration.write_text(f'[project]\nbase = "{base}"\n', encoding="utf-8")
        graph = graph_of(Publishing(open_project(tmp_path)).record())
        assert not set(graph.subjects(RDF.type, DCAT.DataService))
        assert not set(graph.subjects(RDF.type, DCAT.Distribution))
        assert not list(graph.objects(None, DCAT.landingPage))
        told = [str(comment) for comment in graph.objects(None, RDFS.comment)]
        assert told == ["No public address of these data is configured, so none is given."]


def test_nothing_of_a_publisher_is_assumed(orchard_with: Callable[[str], Publishing]) -> None:
    graph = graph_of(orchard_with("").record())
    for nothing in (FOAF.name, DCAT.contactPoint, DCTERMS.license, DCTERMS.rights):
        assert not list(graph.objects(None, nothing)), nothing


def test_code_data_and_source_have_each_their_own_terms(
    orchard_with: Callable[[str], Publishing],
) -> None:
    publishing = orchard_with(FULL)
    graph = graph_of(publishing.record())
    dataset = rdflib.URIRef(publishing.dataset.value)
    data = graph.value(dataset, DCTERMS.license)
    assert str(data) == "https://creativecommons.org/licenses/by/4.0/"
    (software,) = graph.objects(dataset, DCTERMS.relation)
    code = graph.value(software, rdflib.URIRef("https://schema.org/license"))
    assert str(code) == "https://www.apache.org/licenses/LICENSE-2.0"
    rights = graph.value(rdflib.URIRef("https://orchard.example/id/book"), DCTERMS.rights)
    assert str(graph.value(rights, RDFS.label)) == "The book is its author's."


def test_the_words_of_the_note_are_under_no_licence(published_note: Publishing) -> None:
    graph = graph_of(published_note.record())
    note = rdflib.URIRef("https://w3id.org/cosigraph/graph/note/15850-11")
    assert not list(graph.objects(note, DCTERMS.license))
    (rights,) = graph.objects(note, DCTERMS.rights)
    assert "Council's" in str(graph.value(rights, RDFS.label))
    (distribution,) = graph.objects(note, DCAT.distribution)
    assert not list(graph.objects(distribution, DCTERMS.license))
    assert graph.value(distribution, DCTERMS.rights) == rights


def test_catalogue_dataset_and_service_tell_the_notice(published_note: Publishing) -> None:
    notice = published_note.project.configuration.notice
    assert any("unofficial" in sentence for sentence in notice)
    assert any("LIMITE" in sentence and "today" in sentence for sentence in notice)
    graph = graph_of(published_note.record())
    for kind in (DCAT.Catalog, DCAT.DataService):
        (subject,) = graph.subjects(RDF.type, kind)
        assert set(notice) <= {str(each) for each in graph.objects(subject, RDFS.comment)}
    dataset = rdflib.URIRef(published_note.dataset.value)
    assert set(notice) <= {str(each) for each in graph.objects(dataset, RDFS.comment)}


def test_what_the_data_state_is_kept(published_note: Publishing) -> None:
    triples = published_note.record()
    dataset = NamedNode("https://w3id.org/cosigraph/id/dataset/cosigraph")
    assert published_note.dataset == dataset
    version = NamedNode(f"{DCAT}version")
    assert Triple(dataset, version, Literal("0.1.0")) in triples
    titles = [each for each in triples if each.subject == dataset and "title" in str(each)]
    assert len(titles) == 1
