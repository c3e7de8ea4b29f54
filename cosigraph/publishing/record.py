# SPDX-License-Identifier: Apache-2.0
"""The catalogue record: DCAT-AP 3.0.1, made from what the data state of themselves.

What the catalogue in the data says is kept; what it leaves out, and what nobody can know before
the data are served, is added: distributions with their digests, the endpoint, who publishes, on
which terms. Nothing is assumed of whoever publishes, and no address in it is one of this machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.configuration import Configuration
from cosigraph.publication import is_public_address
from cosigraph.publishing.dumps import EXTENSION, Dump
from cosigraph.publishing.statements import Object, Statements, english, natural, term
from cosigraph.terms import Term
from cosigraph.vocabulary import DCAT, DCTERMS, RDF

STATED: Final = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
SELECT ?subject ?property ?value WHERE {
  VALUES ?kind { dcat:Catalog dcat:Dataset }
  ?subject a ?kind ; ?property ?value FILTER(isIRI(?subject))
}"""
"""What the data state of catalogues and datasets."""

_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_GZIP: Final = NamedNode(f"{_TYPES}application/gzip")
_NTRIPLES: Final = NamedNode(f"{_TYPES}application/n-triples")
_SHA256: Final = "spdx:checksumAlgorithm_sha256"
_PROTOCOL: Final = NamedNode("https://www.w3.org/TR/sparql11-protocol/")
# What DCAT-AP has as a thing of a class, and data may name without a word on it.
_CLASSES: Final = {
    DCTERMS + "license": "dcterms:LicenseDocument",
    DCTERMS + "language": "dcterms:LinguisticSystem",
    DCTERMS + "temporal": "dcterms:PeriodOfTime",
}

Row = tuple[Term | None, ...]


def public_address(configuration: Configuration) -> str | None:
    """Return what addresses in records begin with, or None if no public one is known.

    It is the one that is configured, else the project's base.
    """
    if configuration.publication.address is not None:
        return configuration.publication.address
    return configuration.base if is_public_address(configuration.base) else None


def dump_path(version: str, name: str) -> str:
    """Return where the dump of that name is, relative to the first page."""
    return f"dumps/{quote(version, safe='+')}/{quote(name)}{EXTENSION}"


def main_dataset(configuration: Configuration, stated: Iterable[Row]) -> NamedNode:
    """Return the dataset that the data are as a whole: the stated one that is part of no other."""
    rows = list(stated)
    parts = {subject for subject, property_, _ in rows if property_ == term("dcterms:isPartOf")}
    whole = [each for each in _of_type(rows, DCAT + "Dataset") if each not in parts]
    return whole[0] if whole else NamedNode(f"{configuration.base}catalogue#dataset")


def record(
    configuration: Configuration, version: str, stated: Iterable[Row], dumps: Sequence[Dump]
) -> list[Triple]:
    """Return the record.

    Args:
        configuration: what ``cosigraph.toml`` says
        version: the version of the data, with the beginning of its digest
        stated: the rows of ``STATED``
        dumps: the graphs as files
    """
    return _Record(configuration, version, list(stated)).triples(dumps)


def _of_type(rows: Iterable[Row], type_: str) -> list[NamedNode]:
    found = {
        subject
        for subject, property_, value in rows
        if property_ == NamedNode(RDF + "type") and value == NamedNode(type_)
    }
    named = [subject for subject in found if isinstance(subject, NamedNode)]
    return sorted(named, key=lambda subject: (len(subject.value), subject.value))


class _Record:
    def __init__(self, configuration: Configuration, version: str, stated: list[Row]) -> None:
        self._configuration = configuration
        self._publication = configuration.publication
        self._version = version
        self._address = public_address(configuration)
        self._statements = Statements()
        self._document = f"{configuration.base}catalogue#"
        catalogues = _of_type(stated, DCAT + "Catalog")
        self._catalogue = catalogues[0] if catalogues else self._own("catalogue")
        self._dataset = main_dataset(configuration, stated)
        self._publisher = self._written_publisher()
        self._rights = self._written_rights()
        self._contact = self._written_contact()
        self._licence = _iri(self._publication.data_licence)
        self._keep(stated)

    def _own(self, name: str) -> NamedNode:
        return NamedNode(self._document + quote(name, safe=""))

    def _keep(self, stated: Iterable[Row]) -> None:
        """Take over what the data state, in the form that DCAT-AP has for it."""
        for subject, property_, value in stated:
            assert isinstance(subject, NamedNode)  # noqa: S101 - the query has it so
            assert isinstance(property_, NamedNode)  # noqa: S101 - every property is
            assert value is not None  # noqa: S101 - it is bound
            if property_.value == DCTERMS + "source":
                # DCAT-AP keeps dcterms:source for datasets; what is encoded is none.
                self._statements.add(subject, "prov:wasDerivedFrom", value)
            elif property_.value == DCTERMS + "rights" and isinstance(value, Literal):
                name = subject.value.removeprefix(self._configuration.base)
                rights = self._own(f"rights-{name}")
                self._statements.say(rights, "dcterms:RightsStatement", rdfs__label=value)
                self._statements.add(subject, "dcterms:rights", rights)
            else:
                self._statements.include(Triple(subject, property_, value))
            if property_.value in _CLASSES and isinstance(value, NamedNode):
                self._statements.say(value, _CLASSES[property_.value])

    def triples(self, dumps: Sequence[Dump]) -> list[Triple]:
        """Everything."""
        self._describe_catalogue()
        self._describe_dataset()
        for dump in dumps:
            self._describe_graph(dump)
        if self._address is not None:
            self._describe_service(self._address)
            for dump in dumps:
                self._describe_distribution(self._address, dump)
        self._describe_software()
        return self._statements.triples

    def _written_publisher(self) -> NamedNode | None:
        if self._publication.publisher is None:
            return None
        publisher = _iri(self._publication.publisher_iri) or self._own("publisher")
        name = Literal(self._publication.publisher)
        self._statements.say(publisher, "foaf:Agent", foaf__name=name)
        return publisher

    def _written_contact(self) -> NamedNode | None:
        if self._publication.contact is None:
            return None
        contact, way = self._own("contact"), NamedNode(self._publication.contact)
        name = self._publication.publisher or self._configuration.title
        self._statements.say(contact, "vcard:Kind", vcard__fn=Literal(name))
        is_mail = way.value.startswith("mailto:")
        self._statements.add(contact, "vcard:hasEmail" if is_mail else "vcard:hasURL", way)
        return contact

    def _written_rights(self) -> NamedNode | None:
        """What is to be known of the rights in the source."""
        if self._publication.source_rights is None:
            return None
        rights = self._own("source-rights")
        label = english(self._publication.source_rights)
        self._statements.say(rights, "dcterms:RightsStatement", rdfs__label=label)
        return rights

    def _unless_stated(self, subject: NamedNode, **values: Object | None) -> None:
        for name, value in values.items():
            property_ = name.replace("__", ":", 1)
            if value is not None and not self._statements.values(subject, property_):
                self._statements.add(subject, property_, value)

    def _notice(self, subject: NamedNode) -> None:
        for sentence in self._configuration.notice:
            self._statements.add(subject, "rdfs:comment", english(sentence))

    def _describe_catalogue(self) -> None:
        title = self._configuration.title
        self._statements.say(
            self._catalogue,
            "dcat:Catalog",
            dcat__dataset=self._dataset,
            foaf__homepage=_iri(self._address),
        )
        self._unless_stated(
            self._catalogue,
            dcterms__title=english(f"Catalogue: {title}"),
            dcterms__description=english(f"The catalogue of: {title}."),
            dcterms__publisher=self._publisher,
            dcterms__license=self._licence,
        )
        if self._address is not None:
            self._statements.say(NamedNode(self._address), "foaf:Document")
        self._notice(self._catalogue)

    def _describe_dataset(self) -> None:
        dataset, title = self._dataset, english(self._configuration.title)
        self._statements.say(dataset, "dcat:Dataset", dcterms__identifier=Literal(self._version))
        self._statements.say(dataset, "void:Dataset")
        self._unless_stated(
            dataset,
            dcterms__title=title,
            dcterms__description=title,
            dcat__version=Literal(self._configuration.version),
            dcat__landingPage=_iri(self._address),
            dcterms__license=self._licence,
        )
        self._statements.say(
            dataset,
            dcterms__publisher=self._publisher,
            dcat__contactPoint=self._contact,
            prov__wasDerivedFrom=_iri(self._publication.source),
        )
        if self._publication.source is not None:
            source = NamedNode(self._publication.source)
            self._statements.say(source, dcterms__rights=self._rights)
        if self._address is None:
            told = "No public address of these data is configured, so none is given."
            self._statements.add(self._catalogue, "rdfs:comment", english(told))
        elif self._publication.address is None:
            told = (
                "No public address of these data is configured: those below the project's base "
                "answer once the base is registered."
            )
            self._statements.add(self._catalogue, "rdfs:comment", english(told))
        self._notice(dataset)

    def _describe_graph(self, dump: Dump) -> None:
        graph = NamedNode(dump.graph)
        self._statements.say(
            graph,
            "dcat:Dataset",
            dcterms__isPartOf=self._dataset,
            dcterms__publisher=self._publisher,
        )
        self._statements.add(self._dataset, "dcterms:hasPart", graph)
        self._unless_stated(
            graph,
            dcterms__title=english(f"Graph {dump.name}"),
            dcterms__description=english(f"The named graph {dump.name}."),
        )
        if not self._statements.values(graph, "dcterms:rights"):
            self._unless_stated(graph, dcterms__license=self._licence)

    def _describe_distribution(self, address: str, dump: Dump) -> None:
        graph = NamedNode(dump.graph)
        distribution = self._own(f"distribution-{dump.name}")
        checksum = self._own(f"checksum-{dump.name}")
        file = NamedNode(address + dump_path(self._version, dump.name))
        self._statements.say(
            distribution,
            "dcat:Distribution",
            dcterms__title=english(f"Graph {dump.name} as compressed N-Triples"),
            dcat__accessURL=file,
            dcat__downloadURL=file,
            dcat__mediaType=_NTRIPLES,
            dcat__compressFormat=_GZIP,
            dcat__byteSize=natural(dump.size),
            spdx__checksum=checksum,
        )
        for value in self._statements.values(graph, "dcterms:license"):
            self._statements.add(distribution, "dcterms:license", value)
        for value in self._statements.values(graph, "dcterms:rights"):
            self._statements.add(distribution, "dcterms:rights", value)
        self._statements.say(
            checksum,
            "spdx:Checksum",
            spdx__algorithm=term(_SHA256),
            spdx__checksumValue=_hexadecimal(dump.sha256),
        )
        self._statements.say(term(_SHA256), "spdx:ChecksumAlgorithm")
        for media_type in (_NTRIPLES, _GZIP):
            self._statements.say(media_type, "dcterms:MediaType")
        # The whole has all files; a graph that is described by itself has its own.
        for dataset in (self._dataset, graph):
            self._statements.add(dataset, "dcat:distribution", distribution)

    def _describe_service(self, address: str) -> None:
        service, endpoint = self._own("service"), NamedNode(f"{address}sparql")
        self._statements.say(
            service,
            "dcat:DataService",
            dcterms__title=english(f"SPARQL endpoint: {self._configuration.title}"),
            dcterms__publisher=self._publisher,
            dcterms__license=self._licence,
            dcterms__conformsTo=_PROTOCOL,
            dcat__contactPoint=self._contact,
            dcat__endpointURL=endpoint,
            dcat__endpointDescription=NamedNode(f"{address}openapi.json"),
            dcat__servesDataset=self._dataset,
        )
        self._statements.say(_PROTOCOL, "dcterms:Standard")
        self._statements.add(self._catalogue, "dcat:service", service)
        self._statements.add(self._dataset, "void:sparqlEndpoint", endpoint)
        self._notice(service)

    def _describe_software(self) -> None:
        licence = _iri(self._publication.software_licence)
        if licence is not None:
            software = self._own("software")
            self._statements.say(
                software,
                "schema:SoftwareSourceCode",
                schema__name=Literal(f"The code of {self._configuration.name}"),
                schema__license=licence,
            )
            self._statements.add(self._dataset, "dcterms:relation", software)
        if self._licence is not None:
            self._statements.say(self._licence, "dcterms:LicenseDocument")


def _iri(value: str | None) -> NamedNode | None:
    return None if value is None else NamedNode(value)


def _hexadecimal(digits: str) -> Literal:
    return Literal(digits, datatype=term("xsd:hexBinary"))
