# SPDX-License-Identifier: Apache-2.0
"""What mapping sets state as RDF.

Each mapping is a node of class ``sssom:Mapping``, with the properties that the SSSOM schema gives
its slots, and yields the plain statement besides. No node is blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Dictionary
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.mappings.mapping import Mapping, MappingSet
from cosigraph.turtle import write_turtle
from cosigraph.vocabulary import DCTERMS, OWL, RDF, RDFS, SKOS, XSD

SSSOM: Final = "https://w3id.org/sssom/"
PAV: Final = "http://purl.org/pav/"

_PREFIXES: Final = {
    "dcterms": DCTERMS,
    "owl": OWL,
    "pav": PAV,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "sssom": SSSOM,
    "xsd": XSD,
}
_TEXTS: Final = {
    "subject_label": SSSOM + "subject_label",
    "object_label": SSSOM + "object_label",
    "mapping_tool": SSSOM + "mapping_tool",
    "comment": RDFS + "comment",
}
_REFERENCES: Final = {
    "mapping_justification": SSSOM + "mapping_justification",
    "author_id": PAV + "authoredBy",
}
_TYPED: Final = {
    "mapping_date": (DCTERMS + "created", XSD + "date"),
    "confidence": (SSSOM + "confidence", XSD + "double"),
}


def statements(sets: Iterable[MappingSet]) -> Iterator[Triple]:
    """Yield what mapping sets state."""
    for mapping_set in sets:
        yield from _of_the_set(mapping_set)
        for mapping in mapping_set.mappings:
            yield from _of_the_mapping(mapping, mapping_set)


def mappings_as_turtle(
    sets: Iterable[MappingSet], prefixes: Dictionary[str, str], comment: str = ""
) -> str:
    """Return what mapping sets state as Turtle in the house's form.

    ``prefixes`` are the project's; those of the files are added. ``comment`` stands first.
    """
    sets = list(sets)
    known = dict(_PREFIXES)
    for mapping_set in sets:
        known |= mapping_set.prefixes.namespaces
    text = write_turtle(statements(sets), known | dict(prefixes))
    lines = "".join(f"# {line}\n" for line in comment.splitlines())
    return f"{lines}\n{text}" if lines else text


def _of_the_set(mapping_set: MappingSet) -> Iterator[Triple]:
    node = NamedNode(mapping_set.identifier)
    yield _is(node, RDF + "type", SSSOM + "MappingSet")
    header = mapping_set.header
    if "mapping_set_title" in header:
        for name in (SKOS + "prefLabel", DCTERMS + "title"):
            yield _says(node, name, Literal(str(header["mapping_set_title"]), language="en"))
    if "mapping_set_description" in header:
        text = Literal(str(header["mapping_set_description"]), language="en")
        yield _says(node, DCTERMS + "description", text)
    if "mapping_set_version" in header:
        yield _says(node, OWL + "versionInfo", Literal(str(header["mapping_set_version"])))
    yield _is(node, DCTERMS + "license", str(header["license"]))
    for mapping in mapping_set.mappings:
        yield _is(node, SSSOM + "mappings", mapping.identifier)


def _of_the_mapping(mapping: Mapping, mapping_set: MappingSet) -> Iterator[Triple]:
    node = NamedNode(mapping.identifier)
    cells = mapping.cells
    if mapping.object is None:
        target: NamedNode | Literal = Literal(cells["object_label"])
    else:
        target = NamedNode(mapping.object)
    yield _is(node, RDF + "type", SSSOM + "Mapping")
    label = f"{cells['subject_id']} {cells['predicate_id']} {mapping.target}"
    yield _says(node, SKOS + "prefLabel", Literal(label, language="en"))
    yield _is(node, OWL + "annotatedSource", mapping.subject)
    yield _is(node, OWL + "annotatedProperty", mapping.predicate)
    yield Triple(node, NamedNode(OWL + "annotatedTarget"), target)
    for slot, name in _TEXTS.items():
        if slot in cells:
            yield _says(node, name, Literal(cells[slot]))
    for slot, name in _REFERENCES.items():
        for reference in cells.get(slot, "").split("|") if slot in cells else ():
            yield _is(node, name, mapping_set.prefixes.expand(reference) or reference)
    for slot, (name, datatype) in _TYPED.items():
        if slot in cells:
            yield _says(node, name, Literal(cells[slot], datatype=NamedNode(datatype)))
    for extension in mapping_set.extensions:
        if extension.slot in cells:
            value = Literal(cells[extension.slot], datatype=NamedNode(extension.datatype))
            yield _says(node, extension.property, value)
    yield Triple(NamedNode(mapping.subject), NamedNode(mapping.predicate), target)


def _is(subject: NamedNode, predicate: str, target: str) -> Triple:
    return Triple(subject, NamedNode(predicate), NamedNode(target))


def _says(subject: NamedNode, predicate: str, value: Literal) -> Triple:
    return Triple(subject, NamedNode(predicate), value)
