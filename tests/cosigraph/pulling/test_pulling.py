# SPDX-License-Identifier: Apache-2.0
"""What was written to a store is put into the files: all of it, where it belongs, and no more."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cosigraph import Project, open_project
from cosigraph.changes import Content, Update, apply, content_of
from cosigraph.errors import ProjectError
from cosigraph.pulling import Pull, pull

TREES = "https://orchard.example/graph/trees"


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    """A copy of the orchard."""
    shutil.copytree(root / "tests" / "projects" / "orchard", tmp_path / "orchard")
    return tmp_path / "orchard"


def content(project: Project, *updates: str) -> Content:
    """What a store made of a project would hold after these updates."""
    empty = tuple(iri for iri, triples in project.dataset.graphs.items() if not triples)
    snapshot = replace(project.dataset.snapshot(), empty_graphs=empty)
    made = content_of(snapshot)
    for text in updates:
        surroundings = project.surroundings
        update = Update(text, surroundings.prefixes, surroundings.base_iri)
        made = apply(update, replace(snapshot, nquads=made.nquads, empty_graphs=made.graphs))
    return made


def write(made: Pull) -> None:
    for change in made.changes:
        change.path.parent.mkdir(parents=True, exist_ok=True)
        change.path.write_text(change.after, encoding="utf-8")


def pulled(folder: Path, *updates: str) -> Pull:
    """Pull, and hold that nothing is left to pull then."""
    project = open_project(folder)
    wanted = content(project, *updates)
    made = pull(project, wanted)
    write(made)
    again = pull(open_project(folder), wanted)
    assert not again.changes
    assert (again.removed, again.added) == (0, 0)
    return made


def names(made: Pull, folder: Path) -> list[str]:
    return [change.path.relative_to(folder).as_posix() for change in made.changes]


def test_what_did_not_change_is_no_difference(folder: Path) -> None:
    made = pulled(folder)
    assert not made.differs
    assert made.changes == ()


def test_only_what_changed_is_another_line(folder: Path) -> None:
    pulled(folder, f"INSERT DATA {{ GRAPH <{TREES}> {{ tree:1 <urn:p> 1 }} }}")
    text = (folder / "data/trees.ttl").read_text()
    made = pulled(
        folder,
        f'INSERT DATA {{ GRAPH <{TREES}> {{ tree:1 orch:note "old", "tall" }} }}',
        f"DELETE DATA {{ GRAPH <{TREES}> {{ tree:1 <urn:p> 1 }} }}",
    )
    assert (made.removed, made.added) == (1, 2)
    assert names(made, folder) == ["data/trees.ttl"]
    before, after = set(text.splitlines()), set(made.changes[0].after.splitlines())
    assert [line.strip() for line in after - before] == ['orch:note "old", "tall" ;']


def test_comments_and_spellings_stay(folder: Path) -> None:
    path = folder / "data" / "trees.ttl"
    text = path.read_text().replace("orch:height 7.25", "orch:height 7.250")
    path.write_text(f"# The head.\n\n{text}\n# The foot.\n")
    pulled(folder, f'INSERT DATA {{ GRAPH <{TREES}> {{ tree:1 orch:note "x" }} }}')
    after = path.read_text()
    assert after.startswith("# The head.\n")
    assert after.endswith("# The foot.\n")
    assert "7.250" in after


def test_a_new_thing_stands_by_its_like(folder: Path) -> None:
    (folder / "data" / "more.ttl").write_text("<https://orchard.example/id/z/1> a <urn:C> .\n")
    path = folder / "cosigraph.toml"
    path.write_text(
        path.read_text().replace('"data/trees.ttl"', '"data/trees.ttl", "data/more.ttl"')
    )
    made = pulled(folder, f"INSERT DATA {{ GRAPH <{TREES}> {{ tree:77 a orch:Tree }} }}")
    assert names(made, folder) == ["data/trees.ttl"]
    like = "<https://orchard.example/id/z/2>"
    made = pulled(folder, f"INSERT DATA {{ GRAPH <{TREES}> {{ {like} a [ a <urn:D> ] }} }}")
    assert names(made, folder) == ["data/more.ttl"]


def test_a_new_graph_gets_a_file_and_a_line_in_the_configuration(folder: Path) -> None:
    made = pulled(folder, 'INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> "x" } }')
    assert names(made, folder) == ["data/written.trig", "cosigraph.toml"]
    assert "urn:g" in open_project(folder).dataset.graphs
    made = pulled(
        folder, 'INSERT DATA { GRAPH <urn:h> { <urn:s> <urn:p> "x" } }', "DROP GRAPH <urn:g>"
    )
    assert names(made, folder) == ["data/written.trig"]


def test_the_unnamed_graph_is_told_as_it_has_no_file(folder: Path) -> None:
    made = pull(p := open_project(folder), content(p, "INSERT DATA { <urn:s> <urn:p> 1 }"))
    assert (made.unnamed, made.changes, made.differs) == (1, (), True)


@pytest.mark.parametrize("suffix", [".nt", ".nq", ".trig"])
def test_other_formats_are_written_too(folder: Path, suffix: str) -> None:
    path = folder / "data" / f"other{suffix}"
    path.write_text('# a comment\n<urn:a> <urn:p> "1" .\n<urn:b> <urn:p> "2" .\n')
    configuration = folder / "cosigraph.toml"
    added = f'\n[[graph]]\nname = "other"\nfiles = ["data/other{suffix}"]\n'
    configuration.write_text(configuration.read_text() + added)
    graph = "https://orchard.example/graph/other"
    made = pulled(
        folder,
        f'INSERT DATA {{ GRAPH <{graph}> {{ <urn:c> <urn:p> "3" }} }}',
        f'DELETE DATA {{ GRAPH <{graph}> {{ <urn:a> <urn:p> "1" }} }}',
    )
    assert names(made, folder) == [f"data/other{suffix}"]
    assert "# a comment" in path.read_text()


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_a_literal_keeps_what_ends_a_line_elsewhere(folder: Path, end: str) -> None:
    path = folder / "data" / "other.nt"
    path.write_text(f'<urn:a> <urn:p> "1{end}2" .\r\n<urn:b> <urn:p> "2" .\n', encoding="utf-8")
    configuration = folder / "cosigraph.toml"
    added = '\n[[graph]]\nname = "other"\nfiles = ["data/other.nt"]\n'
    configuration.write_text(configuration.read_text() + added)
    graph = "https://orchard.example/graph/other"
    pulled(folder, f'DELETE DATA {{ GRAPH <{graph}> {{ <urn:b> <urn:p> "2" }} }}')
    assert path.read_text(encoding="utf-8") == f'<urn:a> <urn:p> "1{end}2" .\n'


def test_a_format_that_is_not_written_is_told(folder: Path) -> None:
    path = folder / "data" / "other.jsonld"
    path.write_text('{"@id": "urn:a", "urn:p": "1"}')
    configuration = folder / "cosigraph.toml"
    added = '\n[[graph]]\nname = "other"\nfiles = ["data/other.jsonld"]\n'
    configuration.write_text(configuration.read_text() + added)
    project = open_project(folder)
    graph = "https://orchard.example/graph/other"
    for update in (
        f"DROP GRAPH <{graph}>",
        f"INSERT DATA {{ GRAPH <{graph}> {{ <urn:b> <urn:p> 1 }} }}",
    ):
        with pytest.raises(ProjectError, match=r"other\.jsonld.*Convert the file"):
            pull(project, content(project, update))


NODE = st.sampled_from(["_:a", "_:b", "_:c", "tree:1", "tree:9", "<urn:s>"])
VALUE = st.one_of(
    NODE, st.sampled_from(['"x"', '"x\\ny"@en', "1", "1.50", "007", '"P1Y0M"^^xsd:duration'])
)
STATEMENT = st.tuples(NODE, st.sampled_from(["<urn:p>", "orch:note", "a"]), VALUE)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(STATEMENT, max_size=8), st.sampled_from([TREES, "urn:g"]), st.booleans())
def test_whatever_is_written_can_be_pulled(
    root: Path,
    tmp_path_factory: pytest.TempPathFactory,
    statements: list[tuple[str, str, str]],
    graph: str,
    clears: bool,
) -> None:
    folder = tmp_path_factory.mktemp("any") / "orchard"
    shutil.copytree(root / "tests" / "projects" / "orchard", folder)
    said = " . ".join(
        f"{s} <urn:p> {o}" if p == "a" and o[0] in '"0123456789' else f"{s} {p} {o}"
        for s, p, o in statements
    )
    updates = [f"INSERT DATA {{ GRAPH <{graph}> {{ {said} }} }}"]
    if clears:
        updates.append(f"DELETE WHERE {{ GRAPH <{TREES}> {{ tree:2 ?p ?o }} }}")
    pulled(folder, *updates)
