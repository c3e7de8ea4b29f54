# SPDX-License-Identifier: Apache-2.0
"""A dataset is added whole or not at all, and the folder says where it is from."""

from __future__ import annotations

import gzip
import hashlib
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

import cosigraph.adding as adding_module
from cosigraph import open_project
from cosigraph.adding import (
    FindingsError,
    Origin,
    add_dataset,
    missing_datasets,
    renew_dataset,
)
from cosigraph.adding.gate import pass_constraints
from cosigraph.adding.source import bring
from cosigraph.check import Severity, check_project
from cosigraph.configuration import parse_configuration
from cosigraph.errors import (
    ConfigurationError,
    CosigraphError,
    DatasetError,
    DataSyntaxError,
    FileTooLargeError,
    ProjectError,
)
from cosigraph.loading import FORMATS
from tests.cosigraph.adding.beside import (
    GRAPH,
    LICENCE,
    MAPPING,
    PRICES,
    TABLE,
    contents,
    declared,
    orchard,
)

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".zst": zstd.compress,
}
ASKED = "SELECT ?euro { GRAPH <%s> { ?p <https://neighbour.example/terms#euro> ?euro } } ORDER BY 1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return orchard(tmp_path)


@pytest.fixture
def outside(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def euros(folder: Path) -> list[str]:
    text = ASKED.replace("%s", GRAPH).replace("ORDER BY 1", "ORDER BY ?euro")
    return [str(getattr(row[0], "value", "")) for row in open_project(folder).query(text).rows()]


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


CLAIM = "<https://orchard.example/id/variety/russet> <https://neighbour.example/terms#euro> 1 ."


def test_claims_of_the_projects_own_identifiers_are_refused_unless_they_are_allowed(
    folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    source, before = outside("claim.ttl", CLAIM), contents(folder)
    with pytest.raises(DatasetError, match="variety/russet>"):
        add_dataset(folder, declared(source.name), Origin(source))
    assert contents(folder) == before
    add_dataset(folder, declared(source.name, own_identifiers=True), Origin(source))
    assert open_project(folder).configuration.datasets[0].own_identifiers


def test_claims_that_a_mapping_makes_are_refused_too(
    folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    mapping = outside("prices.rq", MAPPING.replace("{ ?price p:of", "{ ?variety p:of"))
    table, before = outside("prices.csv", TABLE), contents(folder)
    with pytest.raises(DatasetError, match="states things about"):
        add_dataset(folder, declared(table.name, mapping=mapping.name), Origin(table, mapping))
    assert contents(folder) == before


BAD_TREE = "<https://neighbour.example/t> a <https://orchard.example/ontology#Tree> ."
REFUSED: list[tuple[str, str | bytes, dict[str, object], str]] = [
    ("a.ttl", BAD_TREE, {}, "A tree has one"),
    ("a.ttl", "<a:b> <a:c", {}, "a.ttl:1:7: Unexpected end"),
    ("a.ttl", b"<a:b> <a:c> '\xff' .", {}, "UTF-8"),
    ("a.ttl", PRICES, {"sha256": "0" * 64}, "has the SHA-256 [0-9a-f]{64}, not 0"),
    ("a.ttl", "", {}, "holds no statement"),
    ("a.trig", "<a:g> { <a:b> <a:c> 1 }", {}, "holds a named graph"),
    ("a.xyz", PRICES, {}, "in no known format: its name ends in '.xyz'"),
    ("a", PRICES, {}, "in no known format"),
    ("a.ttl", PRICES, {"format": "turtel"}, "no format 'turtel'.* Did you mean 'turtle'"),
    ("a.csv", TABLE, {}, "no mapping says what its rows mean"),
    ("a.ttl", PRICES, {"mapping": "m.rq"}, "no mapping is needed"),
    ("a.ttl.gz", gzip.compress(PRICES.encode())[:-12], {}, "cannot be unpacked"),
    ("a.ttl.zst", zstd.compress(PRICES.encode())[:-5], {}, "cannot be unpacked"),
    ("a.ttl", PRICES, {"licence": "free"}, "'licence' must be an absolute IRI"),
    ("a.ttl", PRICES, {"graph": "https://orchard.example/graph/trees"}, "has a graph"),
    ("a.ttl", PRICES, {"graph": "https://orchard.example/id/variety/russet"}, "project's own"),
    (
        "a.ttl",
        PRICES.replace("price:1", "<https://orchard.example/id/x>"),
        {"graph": "https://orchard.example/id/x"},
        "project's own",
    ),
    ("a.ttl", PRICES, {"file": "../outside.nt"}, "within the project folder"),
]


@pytest.mark.parametrize(("name", "content", "more", "told"), REFUSED)
def test_what_is_refused_is_told_and_the_folder_is_as_it_was(
    name: str,
    content: str | bytes,
    more: dict[str, object],
    told: str,
    folder: Path,
    outside: Callable[[str, str | bytes], Path],
) -> None:
    source, before = outside(name, content), contents(folder)
    mapping = outside("m.rq", MAPPING) if "mapping" in more else None
    with pytest.raises(ProjectError, match=told):
        add_dataset(folder, declared(name, **more), Origin(source, mapping))
    assert contents(folder) == before


def test_a_syntax_error_is_told_with_its_place_in_the_source(
    folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    source = outside("a.ttl", PRICES + "\nprice:3 p:of .")
    with pytest.raises(DataSyntaxError) as caught:
        add_dataset(folder, declared(source.name), Origin(source))
    assert caught.value.position is not None
    assert (caught.value.position.source, caught.value.position.line) == ("a.ttl", 6)


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_what_unpacks_to_more_than_a_file_may_have_is_refused_before_it_fills_the_disk(
    packing: str,
    folder: Path,
    outside: Callable[[str, str | bytes], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COSIGRAPH_LARGEST_FILE", "1")
    bomb = PACKERS[packing](b" " * (64 * 1024 * 1024))
    source, before = outside(f"a.ttl{packing}", bomb), contents(folder)
    assert len(bomb) < 100_000
    with pytest.raises(FileTooLargeError, match="1 MiB"):
        add_dataset(folder, declared(source.name), Origin(source))
    assert contents(folder) == before
    staging = folder / "staging"
    staging.mkdir()
    with pytest.raises(FileTooLargeError):
        bring(declared(source.name), source, staging, lambda _: None)
    assert sum(path.stat().st_size for path in staging.iterdir()) < 2 * 1024 * 1024


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


@pytest.mark.parametrize("step", ["_replace_text", "pass_check", "pass_constraints"])
def test_whatever_fails_at_whichever_step_the_folder_is_as_it_was(
    step: str,
    folder: Path,
    outside: Callable[[str, str | bytes], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    source, before = outside("a.ttl", PRICES), contents(folder)
    monkeypatch.setattr(adding_module, step, fail)
    with pytest.raises(KeyboardInterrupt):
        add_dataset(folder, declared(source.name), Origin(source))
    assert contents(folder) == before


def test_a_violation_that_was_there_before_refuses_nothing(
    folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    trees = folder / "data" / "trees.ttl"
    trees.write_text(
        trees.read_text(encoding="utf-8") + "\ntree:99 a orch:Tree .\n", encoding="utf-8"
    )
    source = outside("a.ttl", PRICES)
    assert add_dataset(folder, declared(source.name), Origin(source)).number == 4


def test_a_constraint_that_is_true_refuses(
    folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    source, before = outside("a.ttl", PRICES), contents(folder)
    words = "#+ summary: a price is below a euro\n"
    cheap = 'ASK { ?p <https://neighbour.example/terms#euro> ?e FILTER(?e < "%s") }'
    too_cheap = outside("cheap.rq", words + cheap % "1")
    with pytest.raises(DatasetError, match="refused: a price is below a euro"):
        add_dataset(folder, declared(source.name), Origin(source, None, (too_cheap,)))
    assert contents(folder) == before
    free = outside("free.rq", words + cheap % "0")
    added = declared(source.name, constraints=("free.rq",))
    assert add_dataset(folder, added, Origin(source, None, (free,))).number == 4


def test_a_constraint_that_never_ends_is_ended_and_refuses(
    folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    source = outside("a.ttl", PRICES)
    names = range(9)
    everything = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in names)
    joined = ", ".join(f"STR(?o{n})" for n in names)
    endless = outside("endless.rq", f"ASK {{ {everything} FILTER(CONCAT({joined}) = 'x') }}")
    project = open_project(folder)
    dataset = declared(source.name)
    with pytest.raises(DatasetError, match=r"0\.5 s") as caught:
        pass_constraints(
            folder, dataset, project.configuration, [endless], lambda _: None, timeout=0.5
        )
    assert caught.value.position is not None
    assert caught.value.position.source == str(endless)


def test_a_declared_dataset_is_made_when_it_is_asked_for_and_not_before(folder: Path) -> None:
    (folder / "prices.csv").write_text(TABLE, encoding="utf-8")
    (folder / "prices.rq").write_text(MAPPING, encoding="utf-8")
    dataset = declared("prices.csv", mapping="prices.rq")
    toml = folder / "cosigraph.toml"
    text = toml.read_text(encoding="utf-8") + "\n" + dataset.to_toml()
    toml.write_text(text, encoding="utf-8")
    with pytest.raises(ProjectError, match="Load it with 'cosigraph add'"):
        _ = open_project(folder).dataset
    (missing,) = missing_datasets(folder, open_project(folder).configuration)
    renew_dataset(folder, missing)
    assert euros(folder) == ["0.90", "1.50"]
    assert toml.read_text(encoding="utf-8") == text
    (folder / "prices.csv").write_text(TABLE.replace("1.50", "2.50"), encoding="utf-8")
    renew_dataset(folder, missing)
    assert euros(folder) == ["0.90", "2.50"]


@pytest.mark.parametrize("key", ["source", "mapping", "constraints"])
def test_what_a_folder_declares_is_not_read_through_a_link_that_leads_out(
    key: str, folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    contents_of = {"source": TABLE, "mapping": MAPPING, "constraints": "ASK { <a:b> <a:c> 1 }"}
    names = {"source": "a.csv", "mapping": "m.rq", "constraints": "c.rq"}
    for each, name in names.items():
        if each == key:
            (folder / name).symlink_to(outside(name, contents_of[each]))
        else:
            (folder / name).write_text(contents_of[each], encoding="utf-8")
    dataset = declared("a.csv", mapping="m.rq", constraints=("c.rq",))
    toml = folder / "cosigraph.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + dataset.to_toml(), encoding="utf-8")
    before = contents(folder)
    with pytest.raises(ProjectError, match="a link that leads out"):
        renew_dataset(folder, dataset)
    assert contents(folder) == before


def test_a_renewal_that_fails_keeps_what_was_there(
    folder: Path, outside: Callable[[str, str | bytes], Path]
) -> None:
    (folder / "prices.ttl").write_text(PRICES, encoding="utf-8")
    added = add_dataset(folder, declared("prices.ttl"), Origin(folder / "prices.ttl"))
    (folder / "prices.ttl").write_text(PRICES + BAD_TREE, encoding="utf-8")
    before = contents(folder)
    with pytest.raises(DatasetError, match="has the SHA-256"):
        renew_dataset(folder, added.dataset)
    assert contents(folder) == before


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


ENTRY = declared("a.ttl").to_toml()
MISTAKES = [
    (ENTRY.replace("title", "titel"), "There is no entry 'titel'. Did you mean 'title'"),
    (ENTRY.replace('licence = "https', 'x = "https'), "There is no entry 'x'"),
    (ENTRY.replace('title = "Prices"\n', ""), "A [[dataset]] has no 'title'"),
    (ENTRY + 'allow-remote = "yes"\n', "'allow-remote' must be true or false"),
    (ENTRY + 'sha256 = "abc"\n', "'sha256' must be 64 hexadecimal digits"),
    (ENTRY.replace("a.ttl", "../a.ttl"), "within the project folder"),
    (ENTRY + 'mapping = "/etc/passwd"\n', "within the project folder"),
    (ENTRY.replace(".nt", ".ttl"), "must be named .nt"),
    (ENTRY.replace("[[dataset]]", "[dataset]"), "two brackets"),
    (ENTRY + ENTRY, "Two datasets have the graph"),
    (ENTRY.replace("a.ttl", "http://127.0.0.1/a.ttl") + "allow-remote = true\n", "open network"),
]


@pytest.mark.parametrize(("text", "told"), MISTAKES)
def test_a_mistake_in_a_declaration_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_configuration(Path("folder"), text)
    assert told in str(caught.value)
    assert caught.value.position is not None


TEXTS = st.text(min_size=1).filter(lambda text: max(text) < "\ud800" or max(text) > "\udfff")


@given(TEXTS)
def test_any_title_is_kept_by_cosigraph_toml(title: str) -> None:
    text = declared("a.ttl", title=title).to_toml()
    (read,) = parse_configuration(Path("folder"), text).datasets
    assert read.title == title


@given(st.binary(max_size=200), st.sampled_from([".ttl", ".csv", ".tsv", ".nt.gz", ".rdf.zst"]))
def test_no_bytes_raise_anything_but_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    where = tmp_path_factory.mktemp("any")
    source, mapping = where / f"a{suffix}", where / "m.rq"
    source.write_bytes(content)
    mapping.write_text(MAPPING, encoding="utf-8")
    (where / "data").mkdir()
    is_table = suffix in (".csv", ".tsv")
    dataset = declared(source.name, mapping="m.rq" if is_table else None)
    with pytest.raises(CosigraphError) as caught:
        add_dataset(where, dataset, Origin(source, mapping if is_table else None))
    assert caught.value.detail
    assert not (where / dataset.file).exists()
