# SPDX-License-Identifier: Apache-2.0
"""What people type finds what they mean, or an error that helps them on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode

from cosigraph.answers import Surroundings
from cosigraph.canned import CannedQuery
from cosigraph.errors import ParameterValueError
from cosigraph.names import NameResolver
from cosigraph.parameters import (
    Choices,
    ClassChoices,
    Parameter,
    ParameterType,
    QueryChoices,
    SchemeChoices,
    ValueChoices,
)
from cosigraph.store import EmbeddedStore, Query, Snapshot
from cosigraph.table import Column
from cosigraph.terms import IRI, RDFS, SKOS

EX = "https://example.org/"
DATA = f"""
@prefix : <{EX}> .
@prefix skos: <{SKOS}> .
@prefix rdfs: <{RDFS}> .
:Agency rdfs:subClassOf :Actor . :JudicialAgency rdfs:subClassOf :Agency .
:europol a :Agency ; skos:notation "EP" ; skos:prefLabel "Europol"@en ; skos:altLabel "Office européen de police"@fr .
:eurojust a :JudicialAgency ; skos:prefLabel "Eurojust"@en .
:france a :Actor ; skos:notation "F" ; skos:prefLabel "Frankreich"@de, "France"@en ; skos:altLabel "République française"@fr .
:fr-1 a :Actor ; skos:notation "F-10" ; skos:prefLabel "The first unit" .
:fr-2 a :Actor ; skos:notation "F-9" ; skos:prefLabel "The second unit" ; skos:altLabel "F" , "the unit" .
:fr-3 a :Actor ; skos:prefLabel "The third unit" ; skos:altLabel "The Unit" , "The unit" .
:nameless a :Actor .
:kinds a skos:ConceptScheme .
:state skos:inScheme :kinds ; skos:prefLabel "state" .
:agency skos:topConceptOf :kinds ; skos:prefLabel "agency" .
:kinds skos:hasTopConcept :body . :body rdfs:label "body" .
:elsewhere skos:prefLabel "Elsewhere" .
_:anonymous a :Actor ; skos:prefLabel "anonymous" .
"""  # noqa: E501
NAMES = [SKOS + "notation", SKOS + "prefLabel", SKOS + "altLabel", RDFS + "label"]
SURROUNDINGS = Surroundings(graphs=(), prefixes={"ex": EX})

KINDS = CannedQuery(
    name="kinds",
    text=f"SELECT ?kind ?word {{ VALUES (?kind ?word) {{ (<{EX}state> 'b') (<{EX}state> 'b') "
    f"(<{EX}body> 'a') (UNDEF 'c') }} }}",
    path=Path("kinds.rq"),
    summary="Kinds",
    columns=(Column("kind"), Column("word")),
)
ACTORS = ClassChoices(EX + "Actor")


class CountingStore(EmbeddedStore):
    """Counts what it is asked."""

    asked = 0

    def execute(self, query: Query) -> Iterator[bytes]:
        self.asked += 1
        return super().execute(query)


@pytest.fixture
def store() -> CountingStore:
    graph = NamedNode(EX + "graph")
    quads = [
        pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad in pyoxigraph.parse(DATA, format=pyoxigraph.RdfFormat.TURTLE)
    ]
    nquads = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS)
    return CountingStore(Snapshot(nquads or b"", {None: (graph.value,)}))


@pytest.fixture
def resolver(store: CountingStore) -> NameResolver:
    return NameResolver(store, SURROUNDINGS, names=NAMES, queries={"kinds": KINDS})


def actor(choices: Choices | None = ACTORS, *, many: bool = False) -> Parameter:
    return Parameter("actor", ParameterType.IRI, choices=choices, many=many)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (EX + "europol", "europol"),
        (f"<{EX}europol>", "europol"),
        (IRI(EX + "europol"), "europol"),
        (NamedNode(EX + "europol"), "europol"),
        ("ex:europol", "europol"),
        ("EP", "europol"),
        ("ep", "europol"),
        ("Europol", "europol"),
        (" euro-pol ", "europol"),
        ("office europeen de police", "europol"),
        ("Frankreich", "france"),
        ("republique-francaise", "france"),
        ("f9", "fr-2"),
        ("the third unit", "fr-3"),
        ("ex:nameless", "nameless"),
    ],
)
def test_a_thing_is_found_by_each_of_its_names(
    resolver: NameResolver, typed: object, name: str
) -> None:
    assert resolver.terms(actor(), typed) == (NamedNode(EX + name),)


def test_the_first_property_of_those_configured_wins(resolver: NameResolver) -> None:
    assert resolver.terms(actor(), "F") == (NamedNode(EX + "france"),)


def test_an_exact_name_wins_over_a_folded_one(resolver: NameResolver) -> None:
    assert resolver.terms(actor(), "the unit") == (NamedNode(EX + "fr-2"),)
    assert resolver.terms(actor(), "The unit") == (NamedNode(EX + "fr-3"),)


def test_an_ambiguous_name_is_refused_with_the_candidates(resolver: NameResolver) -> None:
    with pytest.raises(ParameterValueError) as caught:
        resolver.terms(actor(), "THE UNIT")
    assert str(caught.value) == (
        "'THE UNIT' names 2 things for the parameter 'actor'. "
        "Give the identifier of one: ex:fr-2 (The second unit), ex:fr-3 (The third unit)."
    )


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("Europoll", "Did you mean 'Europol'?"),
        ("ex:eurojst", "Did you mean 'ex:eurojust'?"),
        ("xyz", "Known: EP, F, F-9, F-10, Eurojust, The third unit."),
        ("", "Known: "),
        ("-", "Known: "),
        ("anonymous", "Known: "),
        ("Elsewhere", "Known: "),
        ("ex:elsewhere", "Known: "),
        (EX + "elsewhere", "Known: "),
        (IRI("Europol"), "Did you mean 'Europol'?"),
        ("ex:> } #", "Known: "),
    ],
)
def test_what_is_none_of_the_choices_is_refused_with_near_names(
    resolver: NameResolver, typed: str, advice: str
) -> None:
    with pytest.raises(ParameterValueError) as caught:
        resolver.terms(actor(), typed)
    assert "is none of the choices of the parameter 'actor'" in caught.value.detail
    assert advice in str(caught.value.advice)


def test_a_value_of_another_type_is_refused(resolver: NameResolver) -> None:
    with pytest.raises(ParameterValueError, match=r"'3.5' is no value .* an IRI, a CURIE"):
        resolver.terms(actor(), 3.5)


def test_several_values_are_found_each_and_named_once(resolver: NameResolver) -> None:
    europol, france = NamedNode(EX + "europol"), NamedNode(EX + "france")
    assert resolver.terms(actor(), ["EP", "France", "ex:europol"]) == (europol, france)
    assert resolver.terms(actor(), ("F", europol)) == (france, europol)
    assert set(resolver.terms(actor(), {"F", "EP"})) == {france, europol}


def test_the_choices_of_a_class_are_listed_with_code_and_label(resolver: NameResolver) -> None:
    listed = [
        ((choice.iri or "").removeprefix(EX), choice.code, choice.label)
        for choice in resolver.choices(actor())
    ]
    assert listed == [
        ("europol", "EP", "Europol"),
        ("france", "F", "France"),
        ("fr-2", "F-9", "The second unit"),
        ("fr-1", "F-10", "The first unit"),
        ("eurojust", None, "Eurojust"),
        ("nameless", None, None),
        ("fr-3", None, "The third unit"),
    ]


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (SchemeChoices(EX + "kinds"), ["agency", "body", "state"]),
        (QueryChoices("kinds", "kind"), ["state", "body"]),
        (ValueChoices((NamedNode(EX + "state"), NamedNode(EX + "agency"))), ["state", "agency"]),
    ],
)
def test_choices_of_other_kinds_have_names_too(
    resolver: NameResolver, choices: Choices, expected: list[str]
) -> None:
    assert [choice.label for choice in resolver.choices(actor(choices))] == expected
    assert resolver.terms(actor(choices), "STATE") == (NamedNode(EX + "state"),)


def test_without_choices_any_identifier_and_any_name_is_taken(resolver: NameResolver) -> None:
    anything = actor(None)
    assert resolver.choices(anything) == []
    for typed in ("Elsewhere", "ex:elsewhere", EX + "elsewhere"):
        assert resolver.terms(anything, typed) == (NamedNode(EX + "elsewhere"),)
    assert resolver.terms(anything, "https://other.example/x") == (
        NamedNode("https://other.example/x"),
    )
    with pytest.raises(ParameterValueError, match="Did you mean 'Elsewhere'"):
        resolver.terms(anything, "Elsewere")
    with pytest.raises(ParameterValueError, match="Give an IRI, a CURIE, a code or a label"):
        resolver.terms(anything, "https://other.example/> } #")


def test_literals_are_chosen_from_lists_and_columns(resolver: NameResolver) -> None:
    number = Parameter(
        "n",
        ParameterType.INTEGER,
        choices=ValueChoices(
            (Literal(1), Literal(2)),
        ),
    )
    assert resolver.terms(number, "02") == (Literal(2),)
    with pytest.raises(ParameterValueError, match=r"'-2' is none of the choices"):
        resolver.terms(number, "-2")
    with pytest.raises(ParameterValueError, match=r"'3' is none of the choices .* Known: 1, 2"):
        resolver.terms(number, 3)
    word = Parameter("word", ParameterType.STRING, choices=QueryChoices("kinds", "word"))
    assert [choice.value for choice in resolver.choices(word)] == ["b", "a", "c"]
    assert resolver.terms(word, "A") == (Literal("a"),)


def test_the_choices_are_asked_once(store: CountingStore, resolver: NameResolver) -> None:
    for typed in ("F", "EP", "Europol", "ex:nameless"):
        resolver.terms(actor(), typed)
        resolver.choices(actor())
    assert store.asked == 1


def test_a_literal_without_choices_asks_nothing(
    store: CountingStore, resolver: NameResolver
) -> None:
    assert resolver.terms(Parameter("w", ParameterType.STRING), "x") == (Literal("x"),)
    assert store.asked == 0
