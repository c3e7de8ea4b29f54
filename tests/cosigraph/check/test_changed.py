# SPDX-License-Identifier: Apache-2.0
"""Of the findings, those of a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosigraph.check import Report, check_project
from cosigraph.check.changed import of_the_change
from cosigraph.check.selection import Selection
from cosigraph.errors import ProjectError, UsageError
from cosigraph.project import open_project
from tests.repositories import Repository, repository_of_the_orchard

TREES = "data/trees.ttl"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """The orchard with a finding that has always been there, on a branch from main."""
    repository = repository_of_the_orchard(tmp_path / "a repository")
    repository.edit(TREES, "7.25", "72.5")
    repository.git("rm", "--quiet", "-r", "queries")
    repository.commit("An old finding")
    repository.git("switch", "--quiet", "--create", "topic")
    return repository


def of_change(repository: Repository, revision: str = "main", below: str = "") -> Report:
    project = open_project(repository.folder / below)
    report = check_project(project)
    return of_the_change(report, project, revision, Selection(), lambda _: None)


def nodes(report: Report) -> list[str | None]:
    return [finding.focus_node for finding in report.findings]


def test_what_was_there_before_is_left_out_and_counted(repository: Repository) -> None:
    repository.edit(TREES, "@prefix orch", "# moved\n\n@prefix orch")
    report = of_change(repository)
    assert report.findings == ()
    assert report.notes == (
        "1 finding was there before main, and this change does not touch them.",
    )


def test_what_is_new_is_told_committed_or_not(repository: Repository) -> None:
    repository.edit(TREES, "5.5", "55.5")
    assert nodes(of_change(repository)) == ["tree:2"]
    repository.commit()
    assert nodes(of_change(repository)) == ["tree:2"]


def test_what_breaks_in_another_file_is_told(repository: Repository) -> None:
    repository.edit("shapes/tree.ttl", "sh:maxInclusive 12", "sh:maxInclusive 6")
    report = of_change(repository)
    assert {finding.position.source for finding in report.findings} == {
        str(repository.folder / TREES)
    }
    assert "tree:5" in nodes(report)


def test_an_old_finding_in_a_line_that_is_written_anew_is_told(repository: Repository) -> None:
    repository.edit(TREES, "orch:height 72.5 .", "orch:height 72.5 . # still")
    assert nodes(of_change(repository)) == ["tree:1"]


def test_a_new_file_is_told_whole(repository: Repository) -> None:
    name = "data/new with\nline break.ttl"
    repository.write(name, "<a:a> <a:p> [] .\n")
    assert of_change(repository).findings[0].rule == "project/file-in-no-graph"
    toml = (repository.folder / "cosigraph.toml").read_text(encoding="utf-8")
    repository.write("cosigraph.toml", toml + '\n[[graph]]\nname = "new"\nfiles = ["data/new*"]\n')
    assert [finding.rule for finding in of_change(repository).findings] == [
        "terms/unknown-namespace",
        "identifiers/blank-node",
    ]


def test_what_happened_on_the_base_meanwhile_is_not_the_changes(repository: Repository) -> None:
    repository.edit(TREES, "5.5", "55.5")
    repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.edit(TREES, "72.5", "7.25")
    repository.commit()
    repository.git("switch", "--quiet", "topic")
    assert nodes(of_change(repository)) == ["tree:2"]


def test_a_project_in_a_folder_of_the_repository_is_compared_with_itself(tmp_path: Path) -> None:
    repository = repository_of_the_orchard(tmp_path / "r", "some where/orchard")
    repository.edit(f"some where/orchard/{TREES}", "5.5", "55.5")
    found = of_change(repository, "HEAD", "some where/orchard").findings
    assert {finding.rule for finding in found} == {"shacl/max-inclusive", "queries/answer-differs"}


def test_of_a_project_that_is_new_everything_is_told(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--orphan", "empty")
    repository.commit("Nothing")
    repository.git("switch", "--quiet", "topic")
    assert nodes(of_change(repository, "empty")) == ["tree:1"]


def test_files_that_releases_leave_out_are_compared_too(repository: Repository) -> None:
    repository.write(".gitattributes", "data export-ignore\n*.ttl export-subst\n")
    repository.commit()
    assert of_change(repository, "HEAD").findings == ()


def test_a_file_that_could_not_be_read_before_is_told_in_a_note(repository: Repository) -> None:
    repository.write("data/tasting.ttl", "tree:1")
    repository.commit("Broken")
    repository.git("checkout", "--quiet", "main", "--", "data/tasting.ttl")
    report = of_change(repository, "HEAD")
    assert nodes(report) == ["tree:1"]
    assert "could not be checked" in report.notes[0]


@pytest.mark.parametrize(
    "revision", ["nowhere", "--output=x", "-h", "main:data", "", "main^{/x}", "a b\nc"]
)
def test_a_revision_that_is_none_is_told_and_never_an_option(
    repository: Repository, revision: str
) -> None:
    with pytest.raises(UsageError, match="has no revision"):
        of_change(repository, revision)
    assert not (repository.folder / "x").exists()


def test_a_path_that_leaves_the_folder_is_refused(repository: Repository, tmp_path: Path) -> None:
    evil = tmp_path / "evil.ttl"
    blob = bytes.fromhex(repository.git("rev-parse", f"HEAD:{TREES}"))
    (tmp_path / "tree").write_bytes(f"100644 {evil}\0".encode() + blob)
    options = ("-t", "tree", "-w", "--literally")
    tree = repository.git("hash-object", *options, str(tmp_path / "tree"))
    commit = repository.git("commit-tree", tree, "-m", "evil")
    with pytest.raises(ProjectError, match="leaves the folder"):
        of_change(repository, commit)
    assert not evil.exists()


def test_links_of_the_past_are_left_out(repository: Repository) -> None:
    (repository.folder / "data" / "link.ttl").symlink_to("nowhere")
    repository.commit("A link")
    repository.git("rm", "--quiet", "data/link.ttl")
    assert of_change(repository, "HEAD").findings == ()


def test_a_folder_in_no_repository_is_told(folder: Path) -> None:
    with pytest.raises(ProjectError, match="lies in no git repository"):
        of_change(Repository(folder))


def test_without_git_it_is_told(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ProjectError, match="git is not installed"):
        of_change(repository)


def test_a_hooks_environment_leads_to_no_other_repository(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = repository_of_the_orchard(tmp_path / "other")
    repository.edit(TREES, "5.5", "55.5")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    assert nodes(of_change(repository)) == ["tree:2"]
