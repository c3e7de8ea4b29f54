# SPDX-License-Identifier: Apache-2.0
"""A dataset is added whole, and the folder says where it is from."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from cosigraph import open_project
from cosigraph.adding import FindingsError, Origin, add_dataset
from cosigraph.check import Severity, check_project
from cosigraph.loading import FORMATS
from tests.cosigraph.adding.beside import GRAPH, LICENCE, MAPPING, PRICES, TABLE, declared, euros
from tests.cosigraph.adding.packing import PACKERS


def serialised(suffix: str) -> bytes:
    quads = pyoxigraph.parse(PRICES, format=RdfFormat.TURTLE)
    return pyoxigraph.serialize(quads, format=FORMATS[suffix]) or b""


@pytest.mark.parametrize("suffix", FORMATS)
def test_rdf_in_every_format_that_a_project_reads_is_added(
    suffix: str, folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    source = outside(f"prices{suffix}", serialised(suffix))
    added = add_dataset(folder, declared(source.name), Origin(source))
    assert (added.number, euros(folder)) == (4, ["0.90", "1.50"])


@pytest.mark.parametrize("packing", PACKERS)
def test_a_packed_source_is_unpacked_and_known_by_the_digest_of_what_came(
    packing: str, folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    content = PACKERS[packing](PRICES.encode())
    source = outside(f"prices.ttl{packing}", content)
    digest = hashlib.sha256(content).hexdigest()
    added = add_dataset(folder, declared(source.name, sha256=digest), Origin(source))
    assert euros(folder) == ["0.90", "1.50"]
    assert added.dataset.sha256 == digest
    assert open_project(folder).configuration.datasets == (added.dataset,)


def test_the_catalogue_tells_title_licence_source_time_and_digest_without_blank_nodes(
    folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    source = outside("prices.ttl", PRICES)
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    added = add_dataset(folder, declared(source.name), Origin(source), now=now)
    catalogue = open_project(folder).dataset.graphs["https://orchard.example/graph/catalogue"]
    said = {
        (str(t.subject), t.predicate.value.rpartition("#")[2].rpartition("/")[2]): str(t.object)
        for t in catalogue
    }
    assert said[f"<{GRAPH}>", "license"] == f"<{LICENCE}>"
    assert said[f"<{GRAPH}>", "title"] == '"Prices"@en'
    assert "2026-11-24T12:00:00+00:00" in said[f"<{GRAPH}>", "generatedAtTime"]
    file = said[f"<{GRAPH}>", "wasDerivedFrom"]
    assert file.startswith("<ni:///sha-256;")
    assert said[file, "identifier"] == f'"sha256:{added.dataset.sha256}"'
    assert not any(term.startswith("_:") for pair in said for term in pair)


def test_what_was_added_is_checked_with_the_project_and_has_no_violation(
    folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    source = outside("prices.ttl", PRICES)
    add_dataset(folder, declared(source.name), Origin(source))
    findings = check_project(folder).findings
    assert {finding.severity for finding in findings} <= {Severity.INFO}


def test_a_table_is_added_by_its_mapping_and_rows_without_a_statement_are_told(
    folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    table, mapping = outside("prices.csv", TABLE), outside("prices.rq", MAPPING)
    dataset = declared(table.name, mapping=mapping.name)
    added = add_dataset(folder, dataset, Origin(table, mapping))
    assert (added.number, added.rows, added.unused) == (4, 3, (4,))
    assert euros(folder) == ["0.90", "1.50"]


def test_blank_nodes_are_refused_by_the_rules_and_named_if_that_is_wanted(
    folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    source = outside("prices.ttl", PRICES + "[] p:of price:1 .")
    with pytest.raises(FindingsError) as caught:
        add_dataset(folder, declared(source.name), Origin(source))
    assert [finding.rule for finding in caught.value.findings] == ["identifiers/blank-node"]
    add_dataset(folder, declared(source.name, name_blank_nodes=True), Origin(source))
    statements = (folder / declared("").file).read_text(encoding="utf-8")
    assert f"<{GRAPH}/.well-known/genid/b0>" in statements


def test_what_is_being_done_is_told_meanwhile(
    folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    told: list[str] = []
    table, mapping = (
        outside("prices.csv.gz", gzip.compress(TABLE.encode())),
        outside("m.rq", MAPPING),
    )
    dataset = declared(table.name, mapping=mapping.name)
    add_dataset(folder, dataset, Origin(table, mapping), progress=told.append)
    beginnings = ["Reading prices.csv.gz: 0.0 MiB", "Unpacking prices.csv.gz: 0.0 MiB"]
    assert told[:3] == [*beginnings, "Mapping prices.csv.gz: 3 rows, 4 statements"]


def test_a_violation_that_was_there_before_refuses_nothing(
    folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    trees = folder / "data" / "trees.ttl"
    trees.write_text(
        trees.read_text(encoding="utf-8") + "\ntree:99 a orch:Tree .\n", encoding="utf-8"
    )
    source = outside("a.ttl", PRICES)
    assert add_dataset(folder, declared(source.name), Origin(source)).number == 4


def test_added_files_belong_to_their_own_graphs_alone(
    folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    toml = folder / "cosigraph.toml"
    text = toml.read_text(encoding="utf-8").replace(
        '"data/trees.ttl"', '"data/trees.ttl", "data/**/*.nt", "data/added/*.ttl"'
    )
    source = outside("a.ttl", PRICES)
    add_dataset(folder, declared(source.name), Origin(source))
    toml.write_text(
        text + "\n" + open_project(folder).configuration.datasets[0].to_toml(), encoding="utf-8"
    )
    graphs = open_project(folder).dataset.graphs
    assert len(graphs[GRAPH]) == 4
    assert not any("neighbour" in str(t) for t in graphs["https://orchard.example/graph/trees"])
