# SPDX-License-Identifier: Apache-2.0
"""The canned queries: what they promise, that they mean it, and that any engine agrees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib

from cosigraph import Project, open_project
from cosigraph.canned import CannedQuery, canned_queries
from cosigraph.check.expected import check_answers
from cosigraph.running import bound_text

ROOT = Path(__file__).parent.parent.parent
QUERIES = canned_queries(ROOT)
STRENGTHS = ("arguable", "similar", "explicit")
LETTERS = tuple("ABCDEFGH")

# The parameters and the first columns that users rely on.
PROMISED = {
    "priorities": ("", "priority letter title driver coDrivers agencies goals"),
    "goals": ("priority", "goal code priority number text"),
    "goals-shared-across-priorities": (
        "minimum",
        "sharedGoal number text priorities priorityCount goalCount",
    ),
    "shared-goal-evidence": (
        "shared-goal priority strength",
        "number priority goal strength quotation",
    ),
    "shared-goal-matrix": ("strength", "number priority stated strongest goals"),
    "compare-priorities": ("priority", "aspect value priorities"),
    "comparison": (
        "priority strength",
        "priority name aspect value sentence place quotation statement",
    ),
    "claims-without-evidence": ("strength", "number priority"),
    "evidence-beyond-claims": ("strength", "number priority goal strength quotation"),
    "roles": ("actor priority role", "actor role priority quotation"),
    "actors": ("kind", "actor label kind roles mentions"),
    "mentions": ("kind thing", "thing kind goal quotation start end"),
    "themes-across-priorities": ("minimum", "theme label priorities priorityCount goalCount"),
    "goals-by-theme": ("theme", "theme goal quotation"),
    "priorities-alike": ("", "priorityA priorityB sharedThemes similarity"),
    "named-on-the-same-priority": ("minimum", "actorA actorB priorities priorityCount"),
    "documents-cited": ("", "document number relation subjectCodes"),
    "timeline": ("", "start end event participants"),
    "footnotes": ("", "number text anchor"),
    "find-text": ("words", "block code text"),
    "evidence-for": ("thing", "statement quotation block start end"),
    "provenance-of": ("thing", "graph property value basis"),
    "vocabulary-in-use": ("", "term label kind uses"),
    "highlights": ("", "block start end kind label remark thing statement"),
}
# What the queries that need a parameter are given where every query is run.
GIVEN = {"find-text": {"words": "pro-active"}, "provenance-of": {"thing": "Frontex"}}


def ask(project: Project, name: str, **parameters: object) -> list[Any]:
    """The rows of a canned query's answer."""
    return list(project.run(name, **parameters))


def pairs(rows: list[Any]) -> list[tuple[object, object]]:
    """The pairs of a shared goal and a priority, in the order of the rows."""
    return [(row.number, row.priority) for row in rows]


# What the files promise


def test_the_queries_are_all_here() -> None:
    assert set(QUERIES) >= set(PROMISED)


@pytest.mark.parametrize("name", PROMISED)
def test_a_query_has_the_parameters_and_first_columns_that_users_rely_on(name: str) -> None:
    parameters, columns = (text.split() for text in PROMISED[name])
    query = QUERIES[name]
    assert set(query.parameters) >= set(parameters)
    assert [column.name for column in query.columns][: len(columns)] == columns


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_explains_itself_its_parameters_and_its_columns(query: CannedQuery) -> None:
    assert query.description
    assert query.tags
    assert all(parameter.description for parameter in query.parameters.values())
    assert all(column.description for column in query.columns)
    assert all(column.datatype for column in query.columns)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_with_parameters_has_an_example_of_each(query: CannedQuery) -> None:
    shown = {name for example in query.examples.values() for name in example}
    assert shown >= {name for name in query.parameters if name not in ("strength", "minimum")}
    assert bool(query.parameters) == bool(query.examples)


def test_every_answer_is_the_expected_one(shipped: Project) -> None:
    number, findings = check_answers(shipped)
    assert number > len(QUERIES)
    assert [finding.message for finding in findings] == []


# Any SPARQL tool


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_file_is_a_query_that_declares_its_own_prefixes(query: CannedQuery) -> None:
    rows = pyoxigraph.Store().query(query.text)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    assert [variable.value for variable in rows.variables] == [
        column.name for column in query.columns
    ]


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_asks_the_default_graph_and_leaves_joining_to_the_library(
    query: CannedQuery,
) -> None:
    words = query.text.partition("PREFIX")[2].upper().split()
    assert ("GRAPH" in words) == (query.name == "provenance-of")
    assert "GROUP_CONCAT" not in query.text.upper()
    assert "SERVICE" not in words


@pytest.fixture(scope="module")
def rdflib_dataset(shipped: Project) -> rdflib.Dataset:
    """The same data in rdflib's own store, asked by rdflib's own engine."""
    dataset = rdflib.Dataset(default_union=False)
    fill(dataset.default_graph, shipped.dataset.default_triples())
    for iri, triples in shipped.dataset.graphs.items():
        fill(dataset.graph(rdflib.URIRef(iri)), triples)
    return dataset


def fill(graph: rdflib.Graph, triples: Iterable[pyoxigraph.Triple]) -> None:
    content = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    graph.parse(data=content, format="nt")


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own
@pytest.mark.parametrize("name", QUERIES)
def test_another_engine_gives_the_same_rows_in_the_same_order(
    shipped: Project, rdflib_dataset: rdflib.Dataset, name: str
) -> None:
    text = bound_text(QUERIES[name], GIVEN.get(name, {}), shipped.resolver)
    here = shipped.query(text)
    there: Any = rdflib_dataset.query(text)
    variables = [str(variable) for variable in there.vars]
    assert list(here.columns) == variables
    assert [[written(term) for term in row] for row in here.rows()] == [
        [written(binding.get(variable)) for variable in variables] for binding in there.bindings
    ]


def written(term: Any) -> str | None:
    """A term of either engine as plain text."""
    if term is None:
        return None
    return str(term) if isinstance(term, str) else str(term.value)


@pytest.mark.parametrize("reading", sorted(open_project(ROOT).dataset.readings))
def test_every_query_can_be_asked_of_every_reading(shipped: Project, reading: str) -> None:
    other = open_project(ROOT, reading=reading)
    for name in QUERIES:
        assert other.run(name, **GIVEN.get(name, {})).columns == QUERIES[name].columns
    assert ask(other, "roles") == ask(shipped, "roles")
    stated = [
        pairs([row for row in ask(p, "shared-goal-matrix") if row.stated]) for p in (shipped, other)
    ]
    assert stated[0] == stated[1]


# Parameters


@pytest.mark.parametrize(
    "value",
    [
        "B",
        "b",
        "Western Balkans",
        "Priority B: Western Balkans",
        "priority:B",
        "https://w3id.org/cosigraph/id/15850-11/priority/B",
    ],
)
def test_a_priority_is_named_by_letter_name_curie_or_identifier(
    shipped: Project, value: str
) -> None:
    codes = [row.code for row in ask(shipped, "goals", priority=value)]
    assert codes == [f"B-{number}" for number in range(1, 8)]


@pytest.mark.parametrize(
    ("name", "parameter", "choices"),
    [
        ("goals", "priority", LETTERS),
        ("shared-goal-evidence", "priority", LETTERS),
        ("shared-goal-evidence", "shared_goal", tuple("123456")),
        ("roles", "priority", LETTERS),
        ("roles", "role", ("driver", "co-driver", "supporting agency")),
        ("mentions", "kind", ("actor", "country", "document", "instrument", "place", "role")),
    ],
)
def test_a_parameter_that_is_left_out_means_all(
    shipped: Project, name: str, parameter: str, choices: tuple[str, ...]
) -> None:
    parts = [row for choice in choices for row in ask(shipped, name, **{parameter: choice})]
    everything = ask(shipped, name)
    assert len(parts) == len(everything)
    assert set(parts) == set(everything)


def test_every_choice_of_every_parameter_can_be_asked(shipped: Project) -> None:
    for name, query in QUERIES.items():
        for parameter in query.parameters.values():
            for choice in shipped.resolver.choices(parameter):
                if name not in GIVEN:
                    shipped.run(name, **{parameter.name: choice.iri or choice.value})


def test_a_broad_theme_stands_for_its_narrower_ones(shipped: Project) -> None:
    broad = ask(shipped, "goals-by-theme", theme="criminal finances")
    narrow = [
        row
        for theme in ("asset recovery", "criminal money flows", "financial investigation")
        for row in ask(shipped, "goals-by-theme", theme=theme)
    ]
    assert broad == narrow


def test_an_example_of_several_values_compares_just_those(shipped: Project) -> None:
    everything = {
        (row.aspect, row.value): row.priorities for row in ask(shipped, "compare-priorities")
    }
    chosen = {
        (row.aspect, row.value): row.priorities
        for row in ask(shipped, "compare-priorities", priority=["C", "F"])
    }
    assert chosen == {
        key: kept
        for key, letters in everything.items()
        if (kept := tuple(letter for letter in letters if letter in "CF"))
    }
    assert chosen["supporting agency", "Frontex"] == ("C", "F")


def test_a_comparison_in_words_tells_the_same_as_one_by_letters(shipped: Project) -> None:
    aspects = {
        "Driver": "driver",
        "Co-driver": "co-driver",
        "Supporting agency": "supporting agency",
        "Shared goal, as the note lists it": "shared goal (stated)",
        "Shared goal, as goals show it": "shared goal (shown by goals)",
        "Theme of goals": "theme",
    }
    told: dict[tuple[str, str], set[str]] = {}
    for row in ask(shipped, "comparison"):
        told.setdefault((aspects[row.aspect], row.value), set()).add(row.name[0])
        assert row.quotation
        assert row.sentence.endswith(".")
    assert told == {
        (row.aspect, row.value): set(row.priorities)
        for row in ask(shipped, "compare-priorities")
        if row.aspect in aspects.values()
    }


@pytest.mark.parametrize(
    "name",
    ["goals-shared-across-priorities", "themes-across-priorities", "named-on-the-same-priority"],
)
def test_a_minimum_leaves_out_what_fewer_priorities_have(shipped: Project, name: str) -> None:
    everything = ask(shipped, name, minimum=1)
    for minimum in range(1, 10):
        assert ask(shipped, name, minimum=minimum) == [
            row for row in everything if row.priorityCount >= minimum
        ]
    assert all(row.priorityCount == len(row.priorities) for row in everything)


# Shared goals: what is stated, and what the goals show


@pytest.mark.parametrize("name", ["shared-goal-evidence", "evidence-beyond-claims"])
def test_a_strength_means_at_least_this_strong(shipped: Project, name: str) -> None:
    weak, middle, strong = (ask(shipped, name, strength=strength) for strength in STRENGTHS)
    assert middle == [row for row in weak if row.strength != "arguable"]
    assert strong == [row for row in weak if row.strength == "explicit"]
    assert ask(shipped, name) == middle


@pytest.mark.parametrize("strength", STRENGTHS)
def test_claims_and_evidence_part_the_matrix_between_them(shipped: Project, strength: str) -> None:
    matrix = ask(shipped, "shared-goal-matrix", strength=strength)
    claims = pairs(ask(shipped, "claims-without-evidence", strength=strength))
    beyond = set(pairs(ask(shipped, "evidence-beyond-claims", strength=strength)))
    shown = set(pairs(ask(shipped, "shared-goal-evidence", strength=strength)))
    assert claims == pairs([row for row in matrix if row.stated and not row.strongest])
    assert beyond == set(pairs([row for row in matrix if not row.stated and row.strongest]))
    assert shown == set(pairs([row for row in matrix if row.strongest]))
    assert shown.isdisjoint(claims)
    assert shown - beyond | set(claims) == set(pairs([row for row in matrix if row.stated]))


@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_matrix_names_the_goals_and_the_strongest_of_them(
    shipped: Project, strength: str
) -> None:
    evidence = ask(shipped, "shared-goal-evidence", strength=strength)
    for row in ask(shipped, "shared-goal-matrix", strength=strength):
        here = [each for each in evidence if pairs([each]) == pairs([row])]
        assert set(row.goals) == {each.goal for each in here}
        assert row.strongest == max(
            (each.strength for each in here), key=STRENGTHS.index, default=None
        )
        assert all(each.stated == row.stated for each in here)


@pytest.mark.parametrize("strength", STRENGTHS)
def test_goals_are_counted_wherever_they_stand(shipped: Project, strength: str) -> None:
    evidence = ask(shipped, "shared-goal-evidence", strength=strength)
    for row in ask(shipped, "goals-shared-across-priorities", strength=strength):
        goals = {each.goal for each in evidence if each.number == row.number}
        assert row.goalCount == len(goals)


def test_the_gap_that_a_close_reader_finds_is_shown(shipped: Project) -> None:
    assert pairs(ask(shipped, "claims-without-evidence")) == [(5, "B")]


# Evidence


@pytest.fixture(scope="module")
def texts(shipped: Project) -> dict[str, str]:
    rows = shipped.query("SELECT ?block ?text { ?block a cosi:TextBlock ; cosi:text ?text }")
    return {str(block)[1:-1]: str(getattr(text, "value", "")) for block, text in rows.rows()}


@pytest.mark.parametrize("name", ["evidence-for", "shared-goal-evidence"])
def test_a_quotation_stands_where_it_is_said_to(
    shipped: Project, texts: dict[str, str], name: str
) -> None:
    rows = ask(shipped, name)
    assert rows
    assert [row for row in rows if texts[row.block][row.start : row.end] != row.quotation] == []


@pytest.mark.parametrize("name", ["mentions", "goals-by-theme", "evidence-beyond-claims"])
def test_a_quotation_stands_in_the_text_of_the_goal_or_title(shipped: Project, name: str) -> None:
    said = {row.code: row.text for row in ask(shipped, "goals")}
    said |= {row.letter: row.title for row in ask(shipped, "priorities")}
    for row in ask(shipped, name, **({"strength": "arguable"} if "beyond" in name else {})):
        assert said[row.goal][row.start : row.end] == row.quotation


def test_every_statement_that_involves_a_thing_is_evidence_for_it(shipped: Project) -> None:
    statements = {
        str(row.statement).rpartition("/")[2]: row
        for row in ask(shipped, "evidence-for", thing="Frontex")
    }
    assert {"co-driver_C_frontex", "supporting-agency_B_frontex", "tasking"} <= set(statements)
    assert statements["co-driver_C_frontex"].kind == "role assignment"
    itself = ask(shipped, "evidence-for", thing=statements["co-driver_C_frontex"].statement)
    assert [row.quotation for row in itself] == ["with Frontex as co-driver"]


def test_what_is_stated_and_what_is_read_are_told_apart(shipped: Project) -> None:
    rows = ask(shipped, "provenance-of", thing="A-1")
    basis = {(str(row.property).rpartition("#")[2], row.basis) for row in rows}
    assert {("goalOf", "stated"), ("text", "stated"), ("realises", "editorial")} <= basis
    assert not {("realises", "stated"), ("goalOf", "editorial")} & basis
    realises = [row for row in rows if row.basis == "editorial" and "realises" in row.property]
    assert realises[0].quotations == (
        "contribute to strategic and operational analyses",
        "deliver the most comprehensive and accurate picture of drug trafficking",
    )


def test_a_role_is_proved_by_the_words_that_give_that_role(shipped: Project) -> None:
    rows = ask(shipped, "provenance-of", thing="Frontex")
    quoted = [
        (str(row.property).rpartition("#")[2], row.label, row.quotations)
        for row in rows
        if row.quotations
    ]
    assert quoted == [
        ("coLeads", "Priority C: Illegal immigration", ("with Frontex as co-driver",)),
        (
            "supports",
            "Priority B: Western Balkans",
            ("Frontex on illegal immigration, THB and Western Balkans",),
        ),
        ("supports", "Priority C: Illegal immigration", ("Frontex on illegal immigration",)),
        (
            "supports",
            "Priority F: Trafficking in human beings",
            ("Frontex on illegal immigration, THB",),
        ),
    ]


# Mentions, themes, likeness


def test_a_thing_of_two_kinds_is_mentioned_under_the_narrower_one(shipped: Project) -> None:
    kinds: dict[object, set[object]] = {}
    for row in ask(shipped, "mentions"):
        kinds.setdefault(row.thing, set()).add(row.kind)
    assert {len(found) for found in kinds.values()} == {1}
    by_label = {row.label: row.kind for row in ask(shipped, "mentions")}
    assert by_label["Council Decision 2005/387/JHA"] == "document"
    assert by_label["Turkey"] == "country"
    assert by_label["Europol"] == "actor"


def test_actors_have_as_many_mentions_as_are_listed(shipped: Project) -> None:
    mentions = [row.thing for row in ask(shipped, "mentions")]
    actors = ask(shipped, "actors")
    assert {row.actor: row.mentions for row in actors} == {
        row.actor: mentions.count(row.actor) for row in actors
    }


def test_the_roles_of_actors_are_those_on_priorities_and_in_the_preparation(
    shipped: Project,
) -> None:
    roles = {row.actor: set(row.roles) for row in ask(shipped, "actors")}
    for row in ask(shipped, "roles"):
        assert row.role in roles[row.actor]
    assert {row.label: row.roles for row in ask(shipped, "actors")}["European Commission"] == (
        "organiser",
    )


def themes_of(project: Project) -> dict[str, set[str]]:
    themes: dict[str, set[str]] = {}
    for row in ask(project, "goals-by-theme"):
        themes.setdefault(str(row.goal)[0], set()).add(row.label)
    return themes


def test_likeness_is_the_jaccard_index_of_the_themes(shipped: Project) -> None:
    themes = themes_of(shipped)
    alike = {(row.priorityA, row.priorityB): row for row in ask(shipped, "priorities-alike")}
    assert set(alike) == set(combinations(LETTERS, 2))
    for (a, b), row in alike.items():
        common, either = themes[a] & themes[b], themes[a] | themes[b]
        index = (Decimal(len(common)) / len(either)).quantize(Decimal("0.001"), ROUND_HALF_UP)
        assert (set(row.sharedThemes), row.similarity) == (common, index)


def test_themes_are_counted_in_priorities_and_goals(shipped: Project) -> None:
    rows = ask(shipped, "goals-by-theme")
    for row in ask(shipped, "themes-across-priorities"):
        goals = {each.goal for each in rows if each.theme == row.theme}
        assert row.goalCount == len(goals)
        assert row.priorities == tuple(sorted({goal[0] for goal in goals}))


def test_actors_are_named_together_where_both_hold_a_role(shipped: Project) -> None:
    held: dict[str, set[str]] = {}
    for row in ask(shipped, "roles"):
        held.setdefault(row.actor, set()).add(row.priority)
    expected = {
        (a, b): tuple(sorted(both))
        for a, b in combinations(sorted(held), 2)
        if (both := held[a] & held[b])
    }
    together = ask(shipped, "named-on-the-same-priority")
    assert {(row.actorA, row.actorB): row.priorities for row in together} == expected


# The text


def found(project: Project, words: str) -> list[str]:
    """Codes of goals and priorities, names of other blocks, that say the words."""
    rows = ask(project, "find-text", words=words)
    return [row.code or str(row.block).rpartition("/")[2] for row in rows]


@pytest.mark.parametrize(
    ("spellings", "blocks"),
    [
        (
            ("asset recovery", "ASSET RECOVERY", " Asset  recovery. "),
            ["shared-goal-6", "A-5", "F-6"],
        ),
        (("database", "databases", "data base", "data-bases"), ["C-7", "E-4"]),
        (("centre", "Center"), ["B", "H-4"]),
        (("European Cybercrime Centre", "european cybercrime center (ECC)"), ["H-4"]),
        (
            ("multidisciplinary", "multi-disciplinary", "Multi disciplinary"),
            ["shared-goal-5", "A-5", "F-6", "G-4"],
        ),
        (("proactive approaches", "pro-active approaches"), ["A-5", "F-6", "G-4"]),
        (("public private partnership", "public-private partnerships"), ["shared-goal-5", "H-6"]),
        (("risk-assessment", "risk assessment"), ["D-6"]),
        (("south-eastern criminal", "South Eastern criminal"), ["F", "F-3"]),
        (("West African", "Western African"), ["A-2", "A-6"]),
        (("Western Balkan countries", "Western Balkans countries"), ["B-6", "B-7"]),
        (("International Organizations", "international organisations"), ["E-6"]),
        (
            ("cooperation with third countries", "co-operation with third countries"),
            ["shared-goal-4", "C-3", "D-4", "E-6"],
        ),
        (("EU capacities", "Union capacities", "European Union capacities"), ["H-3"]),
    ],
)
def test_words_are_found_in_any_spelling(
    shipped: Project, spellings: tuple[str, ...], blocks: list[str]
) -> None:
    assert {words: found(shipped, words) for words in spellings} == dict.fromkeys(spellings, blocks)


def test_what_is_found_is_returned_verbatim(shipped: Project) -> None:
    rows = ask(shipped, "find-text", words="cybercrime centre")
    assert "European Cybercrime Center (ECC)" in rows[0].text


@pytest.mark.parametrize("words", ["raffick", "ng", "disciplinary", "in form", "area states"])
def test_words_are_found_from_the_beginning_of_a_word_only(shipped: Project, words: str) -> None:
    assert found(shipped, words) == []


@pytest.mark.parametrize("words", ["", "   ", "…", "|", ".*", "(", "'\"\\", "$"])
def test_signs_are_no_words_and_no_patterns(shipped: Project, words: str) -> None:
    assert found(shipped, words) == []


def test_the_vocabulary_in_use_has_the_counts_of_the_data(shipped: Project) -> None:
    uses = {str(row.term).rpartition("#")[2]: row.uses for row in ask(shipped, "vocabulary-in-use")}
    assert (uses["Priority"], uses["Goal"], uses["SharedGoal"]) == (8, 55, 6)
    assert (uses["sharedBy"], uses["RoleAssignment"], uses["TextBlock"]) == (39, 44, 172)
    assert uses["Mention"] == len(ask(shipped, "mentions"))


def vocabulary(shipped: Project) -> Iterator[str]:
    """The classes and properties that the project's own ontology defines."""
    for kind in ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty"):
        answer = shipped.query(
            "SELECT ?term { ?ontology a owl:Ontology ; owl:versionInfo ?version . "
            f"?term a {kind} ; rdfs:isDefinedBy ?ontology }}"
        )
        yield from (str(row[0])[1:-1] for row in answer.rows())


def test_the_data_uses_every_term_of_the_ontology(shipped: Project) -> None:
    used = {row.term for row in ask(shipped, "vocabulary-in-use")}
    assert [term for term in vocabulary(shipped) if term not in used] == []
