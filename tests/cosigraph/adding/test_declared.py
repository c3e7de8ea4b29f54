# SPDX-License-Identifier: Apache-2.0
"""A dataset that ``cosigraph.toml`` declares is made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph import open_project
from cosigraph.adding import Origin, add_dataset, missing_datasets, renew_dataset
from cosigraph.configuration import parse_configuration
from cosigraph.errors import ConfigurationError, DatasetError, ProjectError
from tests.cosigraph.adding.beside import (
    BAD_TREE,
    MAPPING,
    PRICES,
    TABLE,
    contents,
    declared,
    euros,
)


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
