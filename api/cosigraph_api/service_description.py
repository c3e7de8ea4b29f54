# SPDX-License-Identifier: Apache-2.0
"""What the endpoint says of itself: SPARQL 1.1 Service Description (W3C Recommendation).

It stands at the endpoint's own address, for a GET without a query (section 2). It claims what is
switched on and nothing else: a feature that is missing here is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from starlette.datastructures import URL
from starlette.responses import Response
from starlette.types import Scope

from cosigraph.formats import ResultFormat
from cosigraph.packed_dataset import PackedDataset
from cosigraph.stored_dataset import DefaultGraphKind, StoredDataset
from cosigraph.vocabulary import DCTERMS, RDF, RDFS

from .headers import REVALIDATE, is_current
from .problems import bad_request
from .rdf_documents import written
from .representations import Representation
from .service import Service

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
_ENTAILMENT = "http://www.w3.org/ns/entailment/"
_FORMATS = "http://www.w3.org/ns/formats/"
_PREFIXES = {"dcterms": DCTERMS, "rdfs": RDFS, "sd": SD, "void": VOID}

# The names that W3C gave them (https://www.w3.org/ns/formats/).
FORMAT_NAMES: Mapping[ResultFormat, str] = {
    ResultFormat.JSON: f"{_FORMATS}SPARQL_Results_JSON",
    ResultFormat.XML: f"{_FORMATS}SPARQL_Results_XML",
    ResultFormat.CSV: f"{_FORMATS}SPARQL_Results_CSV",
    ResultFormat.TSV: f"{_FORMATS}SPARQL_Results_TSV",
    ResultFormat.TURTLE: f"{_FORMATS}Turtle",
    ResultFormat.NTRIPLES: f"{_FORMATS}N-Triples",
    ResultFormat.RDFXML: f"{_FORMATS}RDF_XML",
    ResultFormat.JSONLD: f"{_FORMATS}JSON-LD",
    ResultFormat.TRIG: f"{_FORMATS}TriG",
    ResultFormat.NQUADS: f"{_FORMATS}N-Quads",
}
_SERVICE, _DATASET, _DEFAULT_GRAPH = map(BlankNode, ("service", "dataset", "default"))


class ServiceDescription:
    """The description of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: tuple[str, tuple[Triple, ...]] | None = None

    def response(self, scope: Scope, headers: Mapping[str, str], form: Representation) -> Response:
        """The description as a response, or 304 where the client has it.

        Args:
            scope: the request, whose address is the endpoint's
            headers: its fields by lower-case name
            form: one with a format of graphs

        Raises:
            ProblemError: the request's ``Host`` makes no address
        """
        endpoint = address_of(scope)
        tag = self._service.entity_tag(
            "description", form.content_type, endpoint.value, *self._service.services
        )
        caching = {**REVALIDATE, "ETag": tag}
        if is_current(headers.get("if-none-match"), tag):
            return Response(status_code=304, headers=caching)
        triples = [Triple(_SERVICE, _sd("endpoint"), endpoint), *self._triples]
        fields = {"Content-Type": form.content_type, **caching}
        return Response(written(triples, _PREFIXES, form.format), headers=fields)

    @property
    def _triples(self) -> tuple[Triple, ...]:
        """All that does not depend on the request but on the version of the data."""
        state = self._service.state
        if self._known is None or self._known[0] != state:
            triples = (*self._about_service(), *self._about_dataset(), *self._about_graphs())
            self._known = state, triples
        return self._known[1]

    def _about_service(self) -> Iterable[Triple]:
        yield Triple(_SERVICE, _TYPE, _sd("Service"))
        title = Literal(self._service.project.configuration.title)
        yield Triple(_SERVICE, NamedNode(f"{DCTERMS}title"), title)
        for sentence in self._service.project.configuration.notice:
            yield _comment(_SERVICE, sentence)
        yield Triple(_SERVICE, _sd("supportedLanguage"), _sd("SPARQL11Query"))
        if self._service.writing is not None:
            yield Triple(_SERVICE, _sd("supportedLanguage"), _sd("SPARQL11Update"))
            yield Triple(_SERVICE, _sd("feature"), _sd("EmptyGraphs"))
        if self._is_union:
            yield Triple(_SERVICE, _sd("feature"), _sd("UnionDefaultGraph"))
        if self._service.services:
            yield Triple(_SERVICE, _sd("feature"), _sd("BasicFederatedQuery"))
        regime = NamedNode(f"{_ENTAILMENT}Simple")
        yield Triple(_SERVICE, _sd("defaultEntailmentRegime"), regime)
        for name in FORMAT_NAMES.values():
            yield Triple(_SERVICE, _sd("resultFormat"), NamedNode(name))
        yield Triple(_SERVICE, _sd("defaultDataset"), _DATASET)
        yield Triple(_SERVICE, _sd("availableGraphs"), _DATASET)

    def _about_dataset(self) -> Iterable[Triple]:
        dataset = self._service.project.dataset
        yield Triple(_DATASET, _TYPE, _sd("Dataset"))
        yield Triple(_DATASET, NamedNode(f"{DCTERMS}hasVersion"), Literal(self._service.version))
        yield Triple(_DATASET, _sd("defaultGraph"), _DEFAULT_GRAPH)
        yield from _graph(_DEFAULT_GRAPH, dataset.default_size())
        yield _comment(_DEFAULT_GRAPH, self._default_graph_in_words())

    @property
    def _is_union(self) -> bool:
        dataset = self._service.project.dataset
        if not isinstance(dataset, StoredDataset):
            return True
        return dataset.default_graph is DefaultGraphKind.UNION

    def _default_graph_in_words(self) -> str:
        dataset = self._service.project.dataset
        if not self._is_union:
            return "The unnamed graph alone."
        also = " and of the unnamed graph" if isinstance(dataset, StoredDataset) else ""
        but = "; alternative readings are not in it" if dataset.replaces else ""
        return f"The union of the named graphs{also}, each triple once{but}."

    def _about_graphs(self) -> Iterable[Triple]:
        dataset = self._service.project.dataset
        for number, (iri, triples) in enumerate(dataset.graphs.items(), start=1):
            named, graph = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
            yield Triple(_DATASET, _sd("namedGraph"), named)
            yield Triple(named, _TYPE, _sd("NamedGraph"))
            yield Triple(named, _sd("name"), NamedNode(iri))
            yield Triple(named, _sd("graph"), graph)
            yield from _graph(graph, len(triples))
            if iri in dataset.replaces:
                replaced = dataset.replaces[iri]
                yield _comment(graph, f"An alternative reading of <{replaced}>.")
        for made in dataset.made if isinstance(dataset, PackedDataset) else ():
            named, graph = BlankNode("namedQueries"), BlankNode("graphQueries")
            yield Triple(_DATASET, _sd("namedGraph"), named)
            yield Triple(named, _TYPE, _sd("NamedGraph"))
            yield Triple(named, _sd("name"), NamedNode(made.iri))
            yield Triple(named, _sd("graph"), graph)
            yield from _graph(graph, made.size)
            yield _comment(graph, "The canned queries; not of the data, nor of their version.")


_TYPE = NamedNode(f"{RDF}type")


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)


def _graph(node: BlankNode, size: int) -> Iterable[Triple]:
    """A graph, which is a dataset as VoID understands it, and its number of triples."""
    yield Triple(node, _TYPE, _sd("Graph"))
    yield Triple(node, _TYPE, NamedNode(f"{VOID}Dataset"))
    yield Triple(node, NamedNode(f"{VOID}triples"), Literal(size))


def _comment(node: BlankNode, text: str) -> Triple:
    return Triple(node, NamedNode(f"{RDFS}comment"), Literal(text, language="en"))


def address_of(scope: Scope) -> NamedNode:
    """The address that the client asked, without the query string."""
    try:
        return NamedNode(str(URL(scope=scope).replace(query="")))
    except ValueError as error:
        raise bad_request("The Host header makes no address.", "Send the server's name.") from error
