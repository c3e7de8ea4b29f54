# SPDX-License-Identifier: Apache-2.0
"""What the note says, counted through the canned queries, as any user would ask."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from pyoxigraph import Literal

from cosigraph import Project

LETTERS = tuple("ABCDEFGH")
SHARED_BY = {
    1: "A B C D E F G H",
    2: "A B C E F G H",
    3: "A B C D F H",
    4: "A B C D E F",
    5: "A B C D E F G H",
    6: "A B F G",
}


def ask(project: Project, name: str, **parameters: object) -> list[Any]:
    """The rows of a canned query's answer."""
    return list(project.run(name, **parameters))


def values(project: Project, thing: str, property_name: str) -> list[str]:
    """The values of a property of a thing, by their names where they have one."""
    rows = ask(project, "provenance-of", thing=thing)
    return [
        str(row.label or row.value)
        for row in rows
        if str(row.property) == f"https://w3id.org/cosigraph/ontology#{property_name}"
    ]


def test_there_are_eight_priorities_with_their_short_names(shipped: Project) -> None:
    rows = ask(shipped, "priorities")
    assert [(row.letter, row.name) for row in rows] == [
        ("A", "West Africa"),
        ("B", "Western Balkans"),
        ("C", "Illegal immigration"),
        ("D", "Synthetic drugs"),
        ("E", "Container shipments"),
        ("F", "Trafficking in human beings"),
        ("G", "Mobile (itinerant) organised crime groups"),
        ("H", "Cybercrime"),
    ]


def test_titles_are_verbatim(shipped: Project) -> None:
    titles = {row.letter: row.title for row in ask(shipped, "priorities")}
    assert titles["A"] == (
        "Weaken the capacity of organised crime groups active or based in West Africa to traffic "
        "cocaine and heroin to and within the EU"
    )
    assert titles["H"] == (
        "Step up the fight against cybercrime and the criminal misuse of the internet by "
        "organised crime groups"
    )


def test_the_emphasised_words_of_each_title_are_kept(shipped: Project) -> None:
    assert {letter: values(shipped, letter, "emphasisedWords") for letter in LETTERS} == {
        "A": ["West Africa"],
        "B": ["Western Balkans"],
        "C": ["illegal immigration"],
        "D": ["synthetic drugs"],
        "E": ["in container form", "trafficking"],
        "F": ["trafficking in human beings"],
        "G": ["mobile (itinerant) organised crime groups"],
        "H": ["cybercrime"],
    }


def test_there_are_fifty_five_goals(shipped: Project) -> None:
    goals = ask(shipped, "goals")
    counts = Counter(row.priority for row in goals)
    assert [counts[letter] for letter in LETTERS] == [6, 7, 7, 7, 6, 8, 7, 7]
    assert len(goals) == 55
    assert [row.goalCount for row in ask(shipped, "priorities")] == [6, 7, 7, 7, 6, 8, 7, 7]


def test_goals_are_numbered_from_one_under_each_priority(shipped: Project) -> None:
    for letter in LETTERS:
        goals = ask(shipped, "goals", priority=letter)
        assert [row.number for row in goals] == list(range(1, len(goals) + 1))
        assert [row.code for row in goals] == [f"{letter}-{row.number}" for row in goals]


def test_two_goals_stand_under_a_sub_heading(shipped: Project) -> None:
    headed = {row.code: row.subHeading for row in ask(shipped, "goals") if row.subHeading}
    assert headed == dict.fromkeys(("D-6", "D-7"), "New psychoactive substances")


def test_the_note_shares_six_goals_between_the_priorities_that_it_lists(shipped: Project) -> None:
    rows = ask(shipped, "goals-shared-across-priorities", minimum=1)
    assert {row.number: " ".join(row.priorities) for row in rows} == SHARED_BY
    assert sum(len(row.priorities) for row in rows) == 39
    assert all(row.priorityCount == len(row.priorities) for row in rows)


def test_the_matrix_states_the_same_thirty_nine_pairs(shipped: Project) -> None:
    matrix = ask(shipped, "shared-goal-matrix")
    assert len(matrix) == 48
    stated = [(row.number, row.priority) for row in matrix if row.stated]
    assert stated == [
        (number, letter) for number, letters in SHARED_BY.items() for letter in letters.split()
    ]
    assert len(stated) == 39


def test_the_qualifications_of_shared_goals_are_kept(shipped: Project) -> None:
    in_some_form = [
        row.statement
        for row in ask(shipped, "evidence-for", thing="Shared goal 5")
        if row.quotation == "in some form"
    ]
    assert len(in_some_form) == 8
    footnote = [
        str(row.statement).rpartition("/")[2]
        for row in ask(shipped, "evidence-for", thing="Shared goal 1")
        if str(row.block).endswith("/footnote-2")
    ]
    assert footnote == ["1-H"]


def test_six_member_states_hold_eight_driver_assignments(shipped: Project) -> None:
    drivers = ask(shipped, "roles", role="driver")
    assert {row.priority: row.actorLabel for row in drivers} == {
        "A": "UK",
        "B": "IT",
        "C": "IT",
        "D": "PL",
        "E": "FR",
        "F": "UK",
        "G": "BE",
        "H": "RO",
    }
    assert len(drivers) == 8
    member_states = {row.actor for row in ask(shipped, "actors", kind="Member State")}
    assert len({row.actor for row in drivers}) == 6
    assert {row.actor for row in drivers} <= member_states


def test_five_actors_hold_six_co_driver_assignments(shipped: Project) -> None:
    co_drivers = ask(shipped, "roles", role="co-driver")
    assert [(row.priority, row.actorLabel) for row in co_drivers] == [
        ("B", "AT"),
        ("B", "HU"),
        ("C", "Frontex"),
        ("D", "NL"),
        ("F", "NL"),
        ("G", "FR"),
    ]
    agencies = {row.actor for row in ask(shipped, "actors", kind="agency")}
    assert [row.actorLabel for row in co_drivers if row.actor in agencies] == ["Frontex"]


def test_seven_agencies_hold_thirty_assignments(shipped: Project) -> None:
    supporting = ask(shipped, "roles", role="supporting-agency")
    by_agency: dict[object, list[object]] = {}
    for row in supporting:
        by_agency.setdefault(row.actorLabel, []).append(row.priority)
    assert by_agency == {
        "CEPOL": list(LETTERS),
        "Eurojust": list(LETTERS),
        "Europol": list(LETTERS),
        "Frontex": ["B", "C", "F"],
        "OLAF": ["E"],
        "EMSA": ["E"],
        "EMCDDA": ["D"],
    }
    assert len(supporting) == 30


def test_the_priorities_name_the_same_actors_as_the_roles(shipped: Project) -> None:
    roles = ask(shipped, "roles")
    for priority in ask(shipped, "priorities"):
        held = [(row.role, row.actorLabel) for row in roles if row.priority == priority.letter]
        assert priority.driver == dict(held)["driver"]
        assert set(priority.coDrivers) == {name for role, name in held if role == "co-driver"}
        assert set(priority.agencies) == {
            name for role, name in held if role == "supporting agency"
        }


def test_there_are_five_footnotes_where_they_stand(shipped: Project) -> None:
    footnotes = ask(shipped, "footnotes")
    assert [(row.number, row.anchor) for row in footnotes] == [
        (1, "document"),
        (2, "all 8 priorities"),
        (3, "action 12 of the EU policy cycle"),
        (4, "Western Balkans organised crime"),
        (5, "joint law enforcement activity"),
    ]
    assert footnotes[2].text == "15358/10 COSI 69 ENFOPOL 298 CRIMORG 185 ENFOCUSTOM 94"


def test_the_note_is_registered_under_fourteen_subject_codes(shipped: Project) -> None:
    assert values(shipped, "15850/11", "hasRegisterEntry") == [
        "COAFR 296",
        "CORDROGUE 67",
        "COSI 84",
        "COWEB 236",
        "CRIMORG 191",
        "ENFOCUSTOM 128",
        "ENFOPOL 371",
        "FRONT 138",
        "GENVAL 111",
        "JAI 758",
        "PESC 1321",
        "RELEX 1081",
        "TRANS 283",
        "UD 275",
    ]


@pytest.mark.parametrize(
    ("property_name", "value"),
    [
        ("documentNumber", "15850"),
        ("documentKind", "NOTE"),
        ("placeAsPrinted", "Brussels"),
        ("distributionMarking", "LIMITE"),
        ("senderAsPrinted", "Presidency"),
        ("sender", "Presidency of the Council"),
        (
            "addresseeAsPrinted",
            "Standing Committee on operation cooperation on internal security (COSI)",
        ),
    ],
)
def test_the_header_is_in_the_graph(shipped: Project, property_name: str, value: str) -> None:
    assert values(shipped, "15850/11", property_name) == [value]


def test_each_workshop_produced_a_document_and_there_are_eight(shipped: Project) -> None:
    results = [row for row in ask(shipped, "documents-cited") if row.relation == "workshop result"]
    assert [row.number for row in results] == [
        "14429/2/11",
        "14430/2/11",
        "14431/1/11 + CORR 1",
        "14452/1/11",
        "14812/1/11",
        "14867/1/11",
        "15129/1/11",
        "15164/1/11",
    ]
    workshops = ask(shipped, "timeline")[0]
    assert len(workshops.documents) == 8


def test_the_other_documents_are_cited_with_their_own_codes(shipped: Project) -> None:
    cited = {(row.relation, row.number): row for row in ask(shipped, "documents-cited")}
    assert len(cited) == 14
    assert len(cited["previous document", "15292/1/11 REV 1"].subjectCodes) == 13
    assert "JAI 720" in cited["submitted text", "15292/1/11 REV 1"].subjectCodes
    assert len(cited["previous document", "11050/11"].subjectCodes) == 7
    assert cited["priorities", "11050/11"].quotations == ("doc. 11050/11",)
    assert cited["policy cycle", "15358/10"].subjectCodes == (
        "COSI 69",
        "CRIMORG 185",
        "ENFOCUSTOM 94",
        "ENFOPOL 298",
    )
    assert ("legal act", "2005/387/JHA") in cited


def test_the_timeline_runs_from_the_workshops_to_the_issue_of_the_note(shipped: Project) -> None:
    timeline = ask(shipped, "timeline")
    assert [(row.start, row.end) for row in timeline] == [
        (date(2011, 7, 11), date(2011, 10, 4)),
        (date(2011, 9, 26), date(2011, 9, 26)),
        (date(2011, 10, 13), date(2011, 10, 13)),
        (date(2011, 10, 20), date(2011, 10, 20)),
        (date(2011, 10, 21), date(2011, 10, 21)),
    ]
    assert set(timeline[0].participants) == {
        "European Commission",
        "Europol",
        "Presidency of the Council",
    }


def test_who_was_invited_is_an_act_and_no_participation(shipped: Project) -> None:
    invited = shipped.query(
        "SELECT ?name { ?act cosi:actKind <https://w3id.org/cosigraph/id/act-kind/invitation> ;"
        " cosi:addressee/skos:prefLabel ?name }"
    )
    assert [name.value for (name,) in invited.rows() if isinstance(name, Literal)] == [
        "interested Member States and agencies"
    ]


def test_cosi_approved_urged_confirmed_and_tasked_and_announced_without_a_date(
    shipped: Project,
) -> None:
    meeting = ask(shipped, "timeline")[3]
    assert [str(act).partition(" ")[0] for act in meeting.acts] == [
        "Approval",
        "Confirmation",
        "Tasking",
        "Urging",
    ]
    announced = ask(
        shipped, "evidence-for", thing="https://w3id.org/cosigraph/id/15850-11/act/announcement"
    )
    assert "specific discussions" in announced[0].quotation
    urged = ask(shipped, "evidence-for", thing="https://w3id.org/cosigraph/id/15850-11/act/urging")
    assert "Operational Action Plans" in urged[0].relates
    assert "experts" in urged[0].relates


def test_the_text_of_every_block_can_be_found(shipped: Project) -> None:
    found = {
        row.block
        for letter in "abcdefghijklmnopqrstuvwxyz0123456789"
        for row in ask(shipped, "find-text", words=letter)
    }
    assert len(found) == 172


def test_there_are_at_least_twenty_themes_on_two_levels(shipped: Project) -> None:
    themes = ask(shipped, "themes-across-priorities")
    assert len(themes) >= 20
    assert all(row.broader for row in themes)
    assert {row.broader for row in themes}.isdisjoint(row.label for row in themes)


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("place", "southern, south-western and south-eastern criminal hubs"),
        ("place", "Greek-Turkish border"),
        ("place", "crisis areas of the Mediterranean close to North Africa"),
        ("instrument", "Early Warning System"),
        ("instrument", "National Referral Mechanism"),
        ("instrument", "Organised Crime Threat Assessment"),
        ("instrument", "Integrated Border Management strategies"),
        ("instrument", "European Cybercrime Centre"),
        ("document", "Council Decision 2005/387/JHA"),
        ("country", "Greece"),
        ("role", "focal point"),
    ],
)
def test_the_notes_own_places_and_instruments_are_mentioned(
    shipped: Project, kind: str, label: str
) -> None:
    assert label in {row.label for row in ask(shipped, "mentions", kind=kind)}
