# SPDX-License-Identifier: Apache-2.0
"""The mappings that ship: confirmed, in step with the graph, true to their time."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import OWL, RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef

from cosigraph import Project
from cosigraph.mappings import (
    Mapping,
    MappingFiles,
    mappings_as_turtle,
    read_mappings,
    read_sssom,
    write_sssom,
)

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "data" / "15850-11" / "mappings"
ACTOR = Namespace("https://w3id.org/cosigraph/id/actor/")
COSI = Namespace("https://w3id.org/cosigraph/ontology#")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
SSSOM = Namespace("https://w3id.org/sssom/")
DECISION = URIRef("https://w3id.org/cosigraph/id/instrument/council-decision-2005-387-jha")
TODAY_SINCE = {"eurojust", "cepol", "frontex", "europol"}
"""The agencies of 2011 that bear another name, or have another legal basis, in later sources."""
OFFICIAL = {
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "es",
    "et",
    "fi",
    "fr",
    "ga",
    "hr",
    "hu",
    "it",
    "lt",
    "lv",
    "mt",
    "nl",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sv",
}  # without English


@pytest.fixture(scope="module")
def files() -> MappingFiles:
    return read_mappings(ROOT)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """What a query sees that names no graph."""
    configuration = tomllib.loads((ROOT / "cosigraph.toml").read_text(encoding="utf-8"))
    found = Graph()
    for source in configuration["graph"]:
        if "replaces" not in source:
            for pattern in source["files"]:
                for file in sorted(ROOT.glob(pattern)):
                    found.parse(file)
    return found


@pytest.fixture(scope="module")
def reference() -> list[dict[str, str]]:
    with (FOLDER / "reference.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def mappings(files: MappingFiles) -> Iterator[Mapping]:
    return (mapping for each in files.confirmed for mapping in each.mappings)


def test_the_graph_is_what_the_tables_say_byte_by_byte(
    files: MappingFiles, shipped: Project
) -> None:
    written = mappings_as_turtle(files.confirmed, shipped.configuration.prefixes.namespaces)
    assert (FOLDER / "mappings.ttl").read_bytes() == written.encode()


def test_each_table_is_as_it_would_be_written(files: MappingFiles) -> None:
    for each in (*files.confirmed, *files.candidates):
        text = each.path.read_text(encoding="utf-8")
        assert write_sssom(read_sssom(text, each.path)) == text, each.path


def test_there_are_three_hundred_mappings_and_candidates_apart(files: MappingFiles) -> None:
    assert sum(1 for _ in mappings(files)) == 314
    assert [each.path.name for each in files.candidates] == ["candidates.sssom.tsv"]
    assert sum(len(each.mappings) for each in files.candidates) == 36


def test_every_target_is_an_identifier_that_a_published_source_confirms(
    files: MappingFiles, reference: list[dict[str, str]]
) -> None:
    confirmed = {name for row in reference for name in row["identifier"].split()}
    targets = [name for one in mappings(files) for name in (one.object, one.target)]
    assert all(
        one.object in confirmed or one.cells["object_id"] in confirmed for one in mappings(files)
    )
    used = [row for row in reference if row["use"] == "used: target of a mapping"]
    assert all(set(row["identifier"].split()) <= set(targets) for row in used)


def test_every_row_of_the_reference_is_accounted_for(reference: list[dict[str, str]]) -> None:
    counted = Counter((row["list"], row["use"].partition(":")[0]) for row in reference)
    assert counted == {
        ("authorities", "used"): 162,
        ("authorities", "unused"): 52,
        ("concepts", "used"): 107,
        ("concepts", "unused"): 12,
        ("documents", "used"): 34,
        ("documents", "unused"): 12,
        ("unconfirmed", "candidate"): 35,
        ("unconfirmed", "unused"): 22,
        ("datasets", "used"): 2,
        ("datasets", "unused"): 26,
    }
    lines = Counter((row["list"], row["line"]) for row in reference)
    assert set(lines.values()) == {1}


def test_nothing_unused_is_a_target(files: MappingFiles, reference: list[dict[str, str]]) -> None:
    targets = {name for one in mappings(files) for name in (one.object, one.target)}
    unused = {row["identifier"] for row in reference if row["use"].startswith("unused")}
    used = {name for row in reference if row["use"][:4] == "used" for name in [row["identifier"]]}
    assert (unused - used - {""}) & targets == set()


def test_no_candidate_is_in_the_data(files: MappingFiles, graph: Graph) -> None:
    for candidate in files.candidates[0].mappings:
        if candidate.object is not None:
            assert (None, None, URIRef(candidate.object)) not in graph, candidate.target
    assert not any("candidates" in str(node) for node in graph.subjects(RDF.type, SSSOM.MappingSet))


def test_nothing_is_said_to_be_the_same_as_something_elsewhere(graph: Graph) -> None:
    assert list(graph.subject_objects(OWL.sameAs)) == []


def test_the_agency_of_2011_is_no_exact_match_of_what_it_became(files: MappingFiles) -> None:
    for mapping in mappings(files):
        name = mapping.subject.rpartition("/")[2]
        is_later = mapping.target.startswith(("wikidata:", "eurovoc:"))
        if name in TODAY_SINCE and is_later:
            assert mapping.cells["predicate_id"] == "skos:closeMatch", mapping
            assert mapping.cells["comment"]


def test_what_the_drugs_agency_was_ends_when_its_successor_begins(files: MappingFiles) -> None:
    said = {
        one.target: (one.cells["predicate_id"], one.cells.get("ext_valid_until"))
        for one in mappings(files)
        if one.subject == str(ACTOR.emcdda)
    }
    assert said == {
        "corporate-body:EMCDDA": ("skos:exactMatch", "2024-07-01"),
        "eurovoc:5757": ("skos:exactMatch", "2024-07-01"),
        "wikidata:Q1377256": ("skos:closeMatch", None),
        "eli:reg/2023/1322/oj": ("skos:relatedMatch", None),
    }


def test_the_repealed_act_has_its_dates(files: MappingFiles, graph: Graph) -> None:
    end = Literal("2018-11-22", datatype=XSD.date)
    assert graph.value(DECISION, ELI.date_no_longer_in_force) == end
    exact = [
        one
        for one in mappings(files)
        if one.subject == str(DECISION) and one.cells["predicate_id"] == "skos:exactMatch"
    ]
    assert {one.target for one in exact} == {"eli:dec/2005/387/oj", "celex-number:32005d0387"}
    for one in exact:
        assert one.cells["ext_valid_from"] == "2005-05-10"
        assert one.cells["ext_valid_until"] == str(end)


def test_the_state_outlives_its_membership(files: MappingFiles, graph: Graph) -> None:
    (row,) = [one for one in mappings(files) if one.target == "country:GBR"]
    assert row.cells["predicate_id"] == "skos:exactMatch"
    assert "31 January 2020" in row.cells["comment"]
    assert "ext_valid_until" not in row.cells


def test_each_mapping_has_a_maker_that_is_described_and_no_person(graph: Graph) -> None:
    makers = set(graph.objects(None, URIRef("http://purl.org/pav/authoredBy")))
    assert makers == {URIRef("https://w3id.org/cosigraph/id/agent/mapping-reader")}
    prov = Namespace("http://www.w3.org/ns/prov#")
    assert {kind for maker in makers for kind in graph.objects(maker, RDF.type)} == {
        prov.SoftwareAgent
    }


def test_codes_without_identifiers_are_notations_with_their_datatype(graph: Graph) -> None:
    code = URIRef("https://w3id.org/cosigraph/id/un-area-code/826")
    assert graph.value(code, SKOS.notation) == Literal("826", datatype=COSI.UnAreaCode)
    crime = URIRef("https://w3id.org/cosigraph/id/iccs-code/0703")
    assert graph.value(crime, SKOS.notation) == Literal("ICCS0703", datatype=COSI.IccsCode)


def test_derived_forms_follow_number_year_revision_and_corrigendum(graph: Graph) -> None:
    documents = set(graph.subjects(COSI.derivedCellarIdentifier))
    assert len(documents) == 13
    assert documents == set(graph.subjects(COSI.documentNumber))
    for document in documents:
        number, year = (graph.value(document, name) for name in (COSI.documentNumber, COSI.year))
        revision = graph.value(document, COSI.revision)
        corrigendum = graph.value(document, COSI.corrigendum)
        parts = ["INIT" if revision is None else f"REV_{revision}"]
        parts += [] if corrigendum is None else [f"COR_{corrigendum}"]
        name = f"ST_{number}_{year}_{'_'.join(parts)}"
        assert graph.value(document, COSI.derivedCellarIdentifier) == Literal(f"consil:{name}")
        address = f"https://data.consilium.europa.eu/doc/document/{name.replace('_', '-')}/en/pdf"
        literal = graph.value(document, COSI.derivedRegisterAddress)
        assert literal == Literal(address, datatype=XSD.anyURI)
    for name in (COSI.derivedCellarIdentifier, COSI.derivedRegisterAddress):
        assert "not verified" in str(graph.value(name, SKOS.scopeNote))


def test_states_have_names_in_the_official_languages_and_one_in_each(graph: Graph) -> None:
    for state in graph.subjects(RDF.type, COSI.Country):
        labels = list(graph.objects(state, SKOS.prefLabel))
        languages = Counter(label.language for label in labels if isinstance(label, Literal))
        assert languages == Counter(OFFICIAL | {"en"}), state


def test_a_foreign_name_is_there_for_exact_matches_only(files: MappingFiles, graph: Graph) -> None:
    exact = {
        one.subject for one in mappings(files) if one.cells["predicate_id"].endswith("exactMatch")
    }
    foreign = {
        str(thing)
        for thing, label in graph.subject_objects(SKOS.prefLabel)
        if isinstance(label, Literal) and label.language not in {"en", None}
    }
    assert foreign <= exact
    assert len(foreign) == 33
