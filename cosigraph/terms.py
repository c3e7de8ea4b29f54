# SPDX-License-Identifier: Apache-2.0
"""RDF terms, their Python values, and the prefixes that shorten them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"

WELL_KNOWN_PREFIXES: dict[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": RDFS,
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": SKOS,
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}


class IRI(str):
    """An IRI as a Python value: a string that can be told from a literal's."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"IRI({str(self)!r})"


class LanguageString(str):
    """A string with a language tag (BCP 47, lower case as the parser gives it)."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> LanguageString:
        """Make the string ``text`` in ``language``."""
        value = super().__new__(cls, text)
        value.language = language
        return value

    def __reduce__(self) -> tuple[type[LanguageString], tuple[str, str]]:
        return LanguageString, (str(self), self.language)

    def __repr__(self) -> str:
        return f"LanguageString({str(self)!r}, {self.language!r})"


Value: TypeAlias = IRI | LanguageString | str | bool | int | float | Decimal | date | datetime

# The lexical forms of XML Schema 1.1, Part 2, as far as Python can hold their values exactly:
# Python's own readers also take "1_000", "2011-W42-5" or "infinity", which are no XSD.
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME_ZONE = r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?" + _TIME_ZONE
)
_YEAR = re.compile(r"-?[0-9]{4,}")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}

_INTEGER_TYPES = (
    "integer",
    "int",
    "long",
    "short",
    "byte",
    "nonNegativeInteger",
    "positiveInteger",
    "nonPositiveInteger",
    "negativeInteger",
    "unsignedLong",
    "unsignedInt",
    "unsignedShort",
    "unsignedByte",
)

_Reader: TypeAlias = tuple[re.Pattern[str], Callable[[str], Value]]
_READERS: dict[str, _Reader] = {XSD + name: (_INTEGER, int) for name in _INTEGER_TYPES} | {
    XSD + "decimal": (_DECIMAL, Decimal),
    XSD + "double": (_DOUBLE, float),
    XSD + "float": (_DOUBLE, float),
    XSD + "boolean": (re.compile("true|false|0|1"), _BOOLEANS.__getitem__),
    XSD + "date": (_DATE, date.fromisoformat),
    XSD + "dateTime": (_DATE_TIME, datetime.fromisoformat),
    XSD + "dateTimeStamp": (_DATE_TIME, datetime.fromisoformat),
    XSD + "gYear": (_YEAR, int),
}


def to_python(term: Term) -> Value:
    """Return the Python value of ``term``; never raises.

    What Python cannot hold exactly (an ill-formed literal, a date with a time zone, a duration,
    another datatype) stays the string it is written as; a blank node becomes ``_:label``.
    """
    if isinstance(term, NamedNode):
        return IRI(term.value)
    if not isinstance(term, Literal):
        return str(term)
    if term.language:
        return LanguageString(term.value, term.language)
    reader = _READERS.get(term.datatype.value)
    if reader is None or not reader[0].fullmatch(term.value):
        return term.value
    try:
        return reader[1](term.value)
    except ValueError:  # the form is right and the value is not: 2011-02-30
        return term.value


_LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")


class Prefixes:
    """Prefixes and the namespaces that they stand for."""

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        self.namespaces: dict[str, str] = dict(sorted(namespaces.items()))
        self._longest_first = sorted(
            ((iri, prefix) for prefix, iri in self.namespaces.items()),
            key=lambda pair: (-len(pair[0]), pair[1]),
        )

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.namespaces.items())

    def expand(self, curie: str) -> str | None:
        """Return the IRI that ``prefix:name`` stands for, or None when the prefix is unknown."""
        prefix, colon, name = curie.partition(":")
        namespace = self.namespaces.get(prefix) if colon else None
        return None if namespace is None else namespace + name

    def shorten(self, iri: str) -> str:
        """Return ``prefix:name`` for ``iri``, or the IRI itself when no prefix fits."""
        for namespace, prefix in self._longest_first:
            if iri.startswith(namespace) and _LOCAL_NAME.fullmatch(iri, len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def declarations(self) -> str:
        """Return the SPARQL ``PREFIX`` lines, sorted by prefix, each ended by a line feed."""
        return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in self)
