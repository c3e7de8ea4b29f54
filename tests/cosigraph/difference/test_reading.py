# SPDX-License-Identifier: Apache-2.0
"""What is compared is read from folders, files, stores and revisions, or refused with its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.difference import difference, read_version, revision
from cosigraph.difference.blank_nodes import labelled
from cosigraph.errors import CosigraphError, DataSyntaxError, ProjectError, UsageError
from cosigraph.export import ExportFormat, export
from cosigraph.loading import FORMATS
from cosigraph.project import Project, open_project
from cosigraph.stored_project import create_store
from tests.cosigraph.difference.conftest import ORCHARD, Change, Git

HOUSE = "https://example.org/"


def refused(spelling: Path | str, home: Path, kind: type[CosigraphError] = ProjectError) -> str:
    with pytest.raises(kind) as caught, read_version(str(spelling), home):
        pass
    return str(caught.value)


def test_a_project_is_the_same_as_a_folder_a_dump_and_a_store(
    orchard: Project, tmp_path: Path
) -> None:
    quads = labelled(orchard.dataset.named_quads()).quads
    create_store(tmp_path / "store", orchard)
    for name in ("nquads", "trig", "jsonld"):
        ending = {"nquads": "nq"}.get(name, name)
        (tmp_path / f"dump.{ending}").write_bytes(
            export(orchard.dataset, orchard.prefixes, ExportFormat(name))
        )
    for spelling in (
        ORCHARD,
        *(tmp_path / f"dump.{ending}" for ending in ("nq", "trig", "jsonld")),
    ):
        with read_version(str(spelling), ORCHARD) as version:
            assert version.quads == quads, spelling
    with read_version(str(tmp_path / "store"), ORCHARD) as version:
        assert len(version.quads) == len(quads)  # a store keeps the values of numbers
        assert version.base == orchard.configuration.base


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.ttl", f"\ufeff<{HOUSE}a> <b> 1 ."),
        ("x.nt", f"<{HOUSE}a> <{HOUSE}b> <{HOUSE}c> .\n"),
        ("x.rdf", '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Seq/></r:RDF>'),
    ],
)
def test_files_of_every_format_are_read(name: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with read_version(str(path), tmp_path) as version:
        assert len(version.quads) == 1
        place = version.places.of(f"{HOUSE}a")
        assert (place is not None and place.line == 1) == (name != "x.rdf")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.ttl", b"<a:s> <a:p> .\n", "x.ttl:1:13: "),
        ("x.nq", b"<a:s> <a:p> 'x' .\n", "x.nq:1:"),
        ("x.nt", b"\x89PNG\r\n\x1a\n\0\0", "x.nt:1:1: "),
        ("x.rdf", b"<a><b></a>", "x.rdf:1:"),
        ("x.jsonld", b"{", "x.jsonld:1:"),
        ("x.jsonld", b'{"@context": "https://example.org/c", "a": 1}', "another address"),
        ("x.txt", b"", "is no RDF file by its name"),
        ("x", b"", "end in .ttl, .nt"),
    ],
)
def test_what_cannot_be_read_is_told_with_the_parsers_place(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    assert said in refused(tmp_path / name, tmp_path)


@given(content=st.binary(max_size=200), ending=st.sampled_from(sorted(FORMATS)))
def test_no_bytes_are_told_but_in_one_clear_line(
    content: bytes, ending: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"x{ending}"
    path.write_bytes(content)
    message = ""
    try:
        with read_version(str(path), path):
            pass
    except DataSyntaxError as error:
        message = str(error)
    assert "\n" not in message


def test_what_is_not_there_or_no_file_is_told(tmp_path: Path) -> None:
    assert "does not exist" in refused(tmp_path / "none.ttl", tmp_path)
    assert "no project folder" in refused(tmp_path, tmp_path)
    os.mkfifo(tmp_path / "pipe.ttl")
    assert "no regular file" in refused(tmp_path / "pipe.ttl", tmp_path)
    (tmp_path / "store.json").write_text("{}")
    assert "is of the format None" in refused(tmp_path, tmp_path)


def test_a_revision_is_the_folder_as_it_was(folder: Path, change: Change, git: Git) -> None:
    change("data/trees.ttl", "orch:height 7.25", "orch:height 7.5")
    with read_version("git:HEAD", folder) as old, read_version(str(folder), folder) as new:
        report = difference(old, new)
        (thing,) = report.things
        places = [str(place) for place in thing.changes[0].places]
        assert places == ["git:HEAD:data/trees.ttl:33:17", f"{folder}/data/trees.ttl:33:17"]
        assert len(report.answers) == 2
        temporary = old.temporary
        assert temporary is not None
    assert not temporary.exists()


def test_a_folder_within_a_repository_and_other_names_of_revisions(
    folder: Path, change: Change, git: Git
) -> None:
    (folder / "inner").mkdir()
    git("mv", "cosigraph.toml", "data", "ontology", "queries", "shapes", "inner")
    git("commit", "--quiet", "--message", "second")
    git("tag", "v2")
    for spelling in ("git:v2", "git:main", f"git:{git('rev-parse', 'HEAD')}", "git:v2~0"):
        with read_version(spelling, folder / "inner") as version:
            assert len(version.quads) == len(
                labelled(open_project(ORCHARD).dataset.named_quads()).quads
            )
    with read_version("git:v2~1", folder) as version:
        assert version.project is not None
    assert "holds nothing of a project in the revision 'v2~1'" in refused(
        "git:v2~1", folder / "inner"
    )


def test_a_broken_file_of_a_revision_is_told_by_the_revisions_name(
    folder: Path, change: Change, git: Git
) -> None:
    change("data/trees.ttl", "orch:height 7.25 .", "orch:height")
    git("commit", "--quiet", "--all", "--message", "broken")
    said = refused("git:HEAD", folder)
    assert said.startswith("git:HEAD:data/trees.ttl:3")
    assert "/tmp" not in said


def test_a_broken_query_of_a_revision_is_told_by_the_revisions_name(
    folder: Path, change: Change, git: Git
) -> None:
    change("queries/trees.rq", "#+ summary: ", "#+ summery: ")
    git("commit", "--quiet", "--all", "--message", "broken")
    with (
        pytest.raises(ProjectError) as caught,
        read_version(str(ORCHARD), folder) as old,
        read_version("git:HEAD", folder) as new,
    ):
        difference(old, new)
    assert str(caught.value).startswith("git:HEAD:queries/trees.rq:1:")
    with read_version(str(ORCHARD), folder) as old, read_version("git:HEAD", folder) as new:
        assert not difference(old, new, with_answers=False).differs


@pytest.mark.parametrize(
    "name", ["", "none", "--help", "-x", "HEAD:data", "$(touch x)", "a\nb", "@{u}"]
)
def test_what_is_no_revision_is_told(name: str, folder: Path, git: Git) -> None:
    assert "has no revision" in refused(f"git:{name}", folder, UsageError)
    assert git("status", "--porcelain") == ""


def test_a_folder_in_no_repository_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    assert "lies in no git repository" in refused("git:HEAD", folder)
    assert "does not exist" in refused("git:HEAD", folder / "none")


def test_links_are_refused(folder: Path, git: Git) -> None:
    (folder / "data" / "link.ttl").symlink_to("/etc/passwd")
    git("add", ".")
    git("commit", "--quiet", "--message", "link")
    assert "'data/link.ttl' is a link" in refused("git:HEAD", folder)


def test_paths_that_leave_the_folder_are_refused(folder: Path, git: Git) -> None:
    blob = git("hash-object", "-w", "--stdin", written="<a:s> <a:p> 1 .")
    inner = git("mktree", written=f"100644 blob {blob}\tevil.ttl\n")
    tree = git("mktree", written=f"040000 tree {inner}\t..\n")
    commit = git("commit-tree", tree, "-m", "evil")
    refused(f"git:{commit}", folder)
    assert not (folder.parent / "evil.ttl").exists()


def test_a_file_that_a_clone_does_not_have_is_told(folder: Path, git: Git) -> None:
    blob = git("rev-parse", "HEAD:data/trees.ttl")
    (folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert "'data/trees.ttl' is missing" in refused("git:HEAD", folder)


def test_no_hook_and_no_filter_is_run(folder: Path, git: Git) -> None:
    hook = folder / ".git" / "hooks" / "post-checkout"
    hook.write_text("#!/bin/sh\ntouch ran\n")
    hook.chmod(0o755)
    git("config", "core.fsmonitor", "touch ran; false")
    git("config", "filter.evil.smudge", "touch ran")
    (folder / ".git" / "info" / "attributes").write_text("*.ttl filter=evil\n")
    with read_version("git:HEAD", folder) as version:
        assert version.quads
    assert not list(folder.rglob("ran"))


def test_git_is_found_from_within_a_hook(
    folder: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere")
    with read_version("git:HEAD", folder) as version:
        assert version.quads


def test_too_much_in_a_revision_is_refused(
    folder: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revision, "LARGEST", 1000)
    assert "1000 may be compared" in refused("git:HEAD", folder)


def test_without_git_there_are_no_revisions(
    folder: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))
    assert "git is not installed" in refused("git:HEAD", folder)
