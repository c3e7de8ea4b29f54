# SPDX-License-Identifier: Apache-2.0
"""The tests of the SPARQL 1.1 Service Description, which their manifest gives in words only."""

from __future__ import annotations

from pathlib import Path

import httpx
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.term import Node

from tests.w3c.manifests import PUBLISHED, entries, read_manifest

GROUP = "sparql11/service-description"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")

# The vocabulary (W3C Recommendation, section 3): each class's wider class, each property's
# subject and object, None for an object of another vocabulary's.
_WIDER = {
    "Service": None,
    "Feature": None,
    "Language": None,
    "Function": None,
    "Aggregate": None,
    "EntailmentRegime": None,
    "EntailmentProfile": None,
    "GraphCollection": None,
    "Dataset": "GraphCollection",
    "Graph": None,
    "NamedGraph": None,
}
_PROPERTIES = {
    "endpoint": ("Service", None),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
_INDIVIDUALS = {
    **dict.fromkeys(("SPARQL10Query", "SPARQL11Query", "SPARQL11Update"), "Language"),
    **dict.fromkeys(
        (
            "DereferencesURIs",
            "UnionDefaultGraph",
            "RequiresDataset",
            "EmptyGraphs",
            "BasicFederatedQuery",
        ),
        "Feature",
    ),
}


def description_tests(folder: Path) -> tuple[str, ...]:
    """Return the tests' IRIs."""
    manifest = read_manifest(folder / GROUP / "manifest.ttl", f"{PUBLISHED}{GROUP}/manifest.ttl")
    return tuple(map(str, entries(manifest)))


def description_failure(test: str, address: str, client: httpx.Client) -> str | None:
    """Return why the endpoint at ``address`` fails the test, or None when it passes."""
    response = client.get(address, headers={"Accept": "text/turtle"})
    if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/turt"):
        return f"{response.status_code}: {response.text}"
    graph = Graph().parse(data=response.content, format="turtle")
    match test.rpartition("#")[2]:
        case "returns-rdf":
            return None if len(graph) else "The description is empty."
        case "has-endpoint-triple":
            endpoints = set(graph.objects(None, SD.endpoint))
            return None if endpoints == {URIRef(address)} else f"sd:endpoint is {endpoints}"
        case "conforms-to-schema":
            return schema_violation(graph)
        case name:
            return f"There is no test {name} here."


def schema_violation(graph: Graph) -> str | None:
    """Return what in a description the vocabulary does not allow, or None."""
    services = set(graph.subjects(RDF.type, SD.Service))
    if not services or services != set(graph.subjects(SD.endpoint, None)):
        return "Not every service has its endpoint."
    for subject, predicate, object_ in graph:
        if not str(predicate).startswith(str(SD)):
            continue
        name = str(predicate).removeprefix(str(SD))
        if name not in _PROPERTIES:
            return f"There is no property sd:{name}."
        domain, range_ = _PROPERTIES[name]
        if domain not in _classes(graph, subject):
            return f"The subject of sd:{name} is no sd:{domain}."
        if isinstance(object_, URIRef) and range_ == "EntailmentRegime":
            continue  # these have a vocabulary of their own
        if range_ is not None and range_ not in _classes(graph, object_):
            return f"The object of sd:{name} is no sd:{range_}."
    for named in graph.subjects(RDF.type, SD.NamedGraph):
        if len(set(graph.objects(named, SD.name))) != 1:
            return "A named graph must have one name."
    return None


def _classes(graph: Graph, node: Node) -> set[str | None]:
    """The classes that a node is said to belong to, wider ones included."""
    told = {str(kind).removeprefix(str(SD)) for kind in graph.objects(node, RDF.type)}
    if isinstance(node, URIRef) and node in SD:
        told.add(_INDIVIDUALS.get(str(node).removeprefix(str(SD)), ""))
    return {*told, *(_WIDER.get(kind) for kind in told)}
