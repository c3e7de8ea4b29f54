# SPDX-License-Identifier: Apache-2.0
"""What cannot be added is refused, and the folder is as it was."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cosigraph.adding as adding_module
from cosigraph import open_project
from cosigraph.adding import Origin, add_dataset
from cosigraph.adding.source import bring
from cosigraph.errors import (
    CosigraphError,
    DatasetError,
    DataSyntaxError,
    FileTooLargeError,
    ProjectError,
)
from tests.cosigraph.adding.beside import BAD_TREE, MAPPING, PRICES, TABLE, contents, declared
from tests.cosigraph.adding.packing import PACKERS

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
    ("a.ttl.zst", PACKERS[".zst"](PRICES.encode())[:-5], {}, "cannot be unpacked"),
    ("a.ttl", PRICES, {"licence": "free"}, "'licence' must be an absolute IRI"),
    ("a.ttl", PRICES, {"graph": "https://orchard.example/graph/trees"}, "has a graph"),
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
