# SPDX-License-Identifier: Apache-2.0
"""The numbers of VoID are those of the data, and their names stay the same."""

from __future__ import annotations

from collections import Counter

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib import VOID, URIRef
from rdflib.namespace import RDF

from cosigraph.publishing.statistics import Statistics, void
from tests.cosigraph.publishing.conftest import Publishing
from tests.cosigraph.publishing.test_record import graph_of


def number(graph: rdflib.Graph, subject: rdflib.term.Node, property_: URIRef) -> int:
    (value,) = graph.objects(subject, property_)
    return int(str(value))


def test_partitions_and_totals_are_counted_right(published_note: Publishing) -> None:
    told_void = graph_of(published_note.void())
    dataset = published_note.project.dataset
    assert set(told_void.objects(URIRef(published_note.dataset.value), VOID.subset)) == {
        URIRef(iri) for iri in dataset.graphs
    }
    for iri, triples in dataset.graphs.items():
        graph = URIRef(iri)
        assert number(told_void, graph, VOID.triples) == len(triples)
        assert number(told_void, graph, VOID.distinctSubjects) == len({t.subject for t in triples})
        assert number(told_void, graph, VOID.distinctObjects) == len({t.object for t in triples})
        predicates = Counter(triple.predicate.value for triple in triples)
        partitions = list(told_void.objects(graph, VOID.propertyPartition))
        told = {
            str(told_void.value(each, VOID.property)): number(told_void, each, VOID.triples)
            for each in partitions
        }
        assert told == predicates
        classes = Counter(
            class_
            for _, class_ in {
                (triple.subject, triple.object.value)
                for triple in triples
                if triple.predicate.value == str(RDF.type) and isinstance(triple.object, NamedNode)
            }
        )
        entities = {
            str(told_void.value(each, VOID["class"])): number(told_void, each, VOID.entities)
            for each in told_void.objects(graph, VOID.classPartition)
        }
        assert entities == classes


def test_a_linkset_counts_what_leads_from_one_graph_to_another(published_note: Publishing) -> None:
    told_void = graph_of(published_note.void())
    base = "https://w3id.org/cosigraph/"
    editorial, note = (
        URIRef(f"{base}graph/editorial/15850-11"),
        URIRef(f"{base}graph/note/15850-11"),
    )
    property_ = URIRef(f"{base}ontology#sharedGoal")
    (linkset,) = (
        each
        for each in told_void.subjects(VOID.linkPredicate, property_)
        if (each, VOID.subjectsTarget, editorial) in told_void
        and (each, VOID.objectsTarget, note) in told_void
    )
    graphs = published_note.project.dataset.graphs
    described = {triple.subject for triple in graphs[str(note)]}
    links = [
        triple
        for triple in graphs[str(editorial)]
        if triple.predicate.value == str(property_) and triple.object in described
    ]
    assert number(told_void, linkset, VOID.triples) == len(links) > 10


def test_a_mapping_leads_to_a_dataset_elsewhere() -> None:
    row = (
        NamedNode("https://a.example/graph/mappings"),
        NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch"),
        Literal("https://elsewhere.example/id/"),
        Literal(3),
    )
    dataset = NamedNode("https://a.example/all")
    graph = graph_of(void(Statistics((), (), (), (), (row,)), "https://a.example/", dataset))
    (linkset,) = graph.subjects(RDF.type, VOID.Linkset)
    target = graph.value(linkset, VOID.objectsTarget)
    assert str(graph.value(target, VOID.uriSpace)) == "https://elsewhere.example/id/"
    assert number(graph, linkset, VOID.triples) == 3


def test_the_names_of_partitions_stay_the_same(published_note: Publishing) -> None:
    assert set(published_note.void()) == set(published_note.void())
    names = {each.object for each in published_note.void() if "Partition" in str(each.predicate)}
    assert all("_:" not in str(name) for name in names)
