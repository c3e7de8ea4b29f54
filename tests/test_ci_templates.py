# SPDX-License-Identifier: Apache-2.0
"""The action, the template and the hooks, run as their platforms run them as far as can be."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cosigraph.report_formats import MEDIA_TYPES
from tests.comments import Comments, comments
from tests.repositories import Repository, repository_of_the_orchard

BINARIES = Path(sys.executable).parent
Done = subprocess.CompletedProcess[str]
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """The orchard on a branch with a finding and an answer that changes."""
    repository = repository_of_the_orchard(tmp_path / "work tree")
    repository.git("switch", "--quiet", "--create", "topic")
    repository.edit("data/trees.ttl", "5.5", "55.5")
    repository.commit("A tree grows")
    return repository


@pytest.fixture
def kept() -> Iterator[Comments]:
    with comments() as kept:
        yield kept


def bash(script: str, folder: Path, environment: dict[str, str]) -> Done:
    """Run a step as the platforms do, with nothing in the environment but what they give."""
    path = f"{BINARIES}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


class Job:
    """A job of GitHub that uses the action, on a pull request or not."""

    def __init__(self, action: dict[str, Any], repository: Repository, kept: Comments) -> None:
        self.action = action
        self.repository = repository
        self.temporary = repository.folder.parent / "runner"
        self.temporary.mkdir()
        event = self.temporary / "event.json"
        event.write_text(json.dumps({"pull_request": {"number": 7}}), encoding="utf-8")
        self.environment = {
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_OUTPUT": str(self.temporary / "output"),
            "GITHUB_STEP_SUMMARY": str(self.temporary / "summary"),
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_API_URL": kept.address,
            "GITHUB_REPOSITORY": "owner/name",
        }
        self.values = {
            f"inputs.{name}": str(each["default"]) for name, each in action["inputs"].items()
        }
        self.values["inputs.base"] = repository.git("rev-parse", "main")

    def run(self, number: int) -> Done:
        step = self.action["runs"]["steps"][number]
        output = self.temporary / "output"
        if output.exists():
            for line in output.read_text(encoding="utf-8").splitlines():
                name, _, value = line.partition("=")
                self.values[f"steps.check.outputs.{name}"] = value
        own = {
            name: EXPRESSION.sub(lambda found: self.values[found[1]], value)
            for name, value in step["env"].items()
        }
        return bash(step["run"], self.repository.folder, {**self.environment, **own})

    def written(self, name: str) -> str:
        return (self.temporary / name).read_text(encoding="utf-8")


@pytest.fixture
def action(root: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def job(action: dict[str, Any], repository: Repository, kept: Comments) -> Job:
    return Job(action, repository, kept)


INSTALL, CHECK, COMMENT, OUTCOME = range(4)


def test_the_action_is_a_composite_one_whose_steps_take_nothing_into_their_scripts(
    action: dict[str, Any],
) -> None:
    assert action["runs"]["using"] == "composite"
    assert {"name", "description", "inputs", "outputs"} <= set(action)
    for step in action["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]  # else a branch's name could be a command
    for each in action["inputs"].values():
        assert set(each) == {"description", "default"}


def test_the_action_reports_in_annotations_sarif_and_the_summary(job: Job) -> None:
    done = job.run(CHECK)
    assert done.returncode == 0, done.stderr
    place = "file=data/trees.ttl,line=39,col=17,endLine=39,endColumn=21"
    assert f"::warning {place},title=shacl/max-inclusive::" in done.stdout
    assert json.loads(job.written("cosigraph.sarif"))["runs"][0]["results"]
    assert "shacl/max-inclusive" in job.written("summary")
    assert job.run(OUTCOME).returncode == 1


def test_the_action_passes_where_nothing_is_found(job: Job) -> None:
    job.repository.git("switch", "--quiet", "main")
    assert job.run(CHECK).returncode == 0
    assert job.run(OUTCOME).returncode == 0


def test_the_action_takes_threshold_baseline_and_what_changed(job: Job) -> None:
    job.values["inputs.fail-on"] = "never"
    job.run(CHECK)
    assert job.run(OUTCOME).returncode == 0
    job.values["inputs.fail-on"] = "info"
    job.values["inputs.changed-only"] = "true"
    job.values["inputs.base"] = "HEAD"
    done = job.run(CHECK)
    assert "::warning" not in done.stdout
    assert job.run(OUTCOME).returncode == 0


def test_the_action_fails_with_the_code_where_it_cannot_check(job: Job) -> None:
    job.values["inputs.project"] = "no where"
    done = job.run(CHECK)
    assert done.returncode == 0
    assert "does not exist" in done.stderr
    assert job.run(OUTCOME).returncode == 3


def test_the_action_keeps_one_comment_up_to_date(job: Job, kept: Comments) -> None:
    job.values["inputs.token"] = "secret"
    done = job.run(COMMENT)
    assert done.returncode == 0, done.stderr
    (first,) = kept.bodies.values()
    assert "shacl/max-inclusive" in first
    assert "#### Answers that change" in first
    job.repository.edit("data/trees.ttl", "55.5", "5.5")
    assert job.run(COMMENT).returncode == 0
    (second,) = kept.bodies.values()
    assert "No findings" in second
    assert "secret" not in done.stdout + done.stderr + first


def test_a_token_that_may_not_write_changes_no_outcome(
    job: Job, action: dict[str, Any], gitlab: dict[str, Any], kept: Comments
) -> None:
    kept.status = 403
    assert action["runs"]["steps"][COMMENT]["continue-on-error"] is True
    job.repository.git("switch", "--quiet", "main")
    environment = gitlab_job(gitlab, job.repository, kept)
    done = bash(gitlab["script"][0], job.repository.folder, environment)
    assert done.returncode == 0
    assert "answered with 403" in done.stderr
    assert "The note is not up to date." in done.stdout


@pytest.fixture
def differing(tmp_path: Path) -> str:
    """A PATH on which ``cosigraph diff`` finds a difference, and all else is as it is."""
    folder = tmp_path / "differing"
    folder.mkdir()
    program = folder / "cosigraph"
    program.write_text(
        "#!/usr/bin/env bash\n"
        f'if [ "$1" != diff ]; then exec {BINARIES}/cosigraph "$@"; fi\n'
        'while [ "$1" != --output ]; do shift; done\n'
        'echo "A *tree* more" > "$2"\n'
        "exit 1\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def test_the_comment_has_the_readable_difference(
    job: Job, kept: Comments, gitlab: dict[str, Any], differing: str
) -> None:
    job.values["inputs.token"] = "secret"
    job.environment["PATH"] = differing
    assert job.run(COMMENT).returncode == 0
    assert "#### Difference\n\nA *tree* more" in kept.bodies[1]
    kept.bodies.clear()
    environment = {**gitlab_job(gitlab, job.repository, kept), "PATH": differing}
    bash(gitlab["script"][0], job.repository.folder, environment)
    assert "#### Difference\n\nA *tree* more" in kept.bodies[1]


def test_nothing_that_an_input_says_is_a_command(job: Job) -> None:
    job.values["inputs.project"] = "$(touch written); `touch written`"
    job.values["inputs.base"] = "--output=written"
    job.values["inputs.changed-only"] = "true"
    job.run(CHECK)
    job.run(COMMENT)
    assert not (job.repository.folder / "written").exists()


@pytest.fixture
def gitlab(root: Path) -> dict[str, Any]:
    text = (root / "ci-templates" / "gitlab.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)["cosigraph-check"]
    return loaded


def gitlab_job(gitlab: dict[str, Any], repository: Repository, kept: Comments) -> dict[str, str]:
    """The environment of a job on a merge request."""
    return {
        **{name: str(value) for name, value in gitlab["variables"].items()},
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": repository.git("rev-parse", "main"),
        "CI_API_V4_URL": kept.address,
        "CI_PROJECT_ID": "12",
        "COSIGRAPH_GITLAB_TOKEN": "secret",
    }


def test_the_gitlab_job_leaves_its_reports_and_one_note(
    gitlab: dict[str, Any], repository: Repository, kept: Comments
) -> None:
    (script,) = gitlab["script"]
    done = bash(script, repository.folder, gitlab_job(gitlab, repository, kept))
    assert done.returncode == 1, done.stderr
    assert "[shacl/max-inclusive]" in done.stdout
    reports = gitlab["artifacts"]["reports"]
    quality = json.loads((repository.folder / reports["codequality"]).read_text(encoding="utf-8"))
    assert quality[0]["location"] == {"path": "data/trees.ttl", "lines": {"begin": 39}}
    assert ET.parse(repository.folder / reports["junit"]).getroot().tag == "testsuites"
    (note,) = kept.bodies.values()
    assert "shacl/max-inclusive" in note


def test_the_gitlab_job_needs_neither_a_merge_request_nor_a_token(
    gitlab: dict[str, Any], repository: Repository, kept: Comments
) -> None:
    variables = {name: str(value) for name, value in gitlab["variables"].items()}
    repository.git("switch", "--quiet", "main")
    done = bash(gitlab["script"][0], repository.folder, variables)
    assert (done.returncode, kept.asked) == (0, [])


def hooks(root: Path) -> dict[str, dict[str, Any]]:
    loaded = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return {hook["id"]: hook for hook in loaded}


def test_the_hook_checks_the_project(root: Path, repository: Repository) -> None:
    hook = hooks(root)["cosigraph-check"]
    line = " ".join([hook["entry"], *hook["args"]])
    done = bash(line, repository.folder, {})
    assert done.returncode == 1
    assert "data/trees.ttl:39:17: warning" in done.stdout


def test_the_hook_runs_for_the_files_of_a_project(root: Path) -> None:
    files = re.compile(hooks(root)["cosigraph-check"]["files"])
    for end in ("ttl", "trig", "nt", "nq", "rdf", "jsonld", "rq", "csv"):
        assert files.search(f"data/a.{end}"), end
    for name in ("cosigraph.toml", "x/cosigraph.toml", "queries/a.b.csv"):
        assert files.search(name), name
    for name in ("README.md", "a.ttl.txt", "notcosigraph.toml"):
        assert not files.search(name), name


@pytest.mark.long
def test_pre_commit_itself_runs_the_hook(
    root: Path, repository: Repository, tmp_path: Path
) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "pre-commit"], check=True)
    environment = {
        **os.environ,
        "PRE_COMMIT_HOME": str(tmp_path / "cache"),
        "PATH": f"{python.parent}:{os.environ['PATH']}",
    }
    tried = [
        str(python),
        "-m",
        "pre_commit",
        "try-repo",
        str(root),
        "cosigraph-check",
        "--all-files",
    ]
    done = subprocess.run(
        tried, cwd=repository.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "data/trees.ttl:39:17: warning" in done.stdout


@pytest.mark.long
def test_the_action_installs_itself(job: Job, root: Path) -> None:
    job.values["github.action_path"] = str(root)
    path = job.temporary / "path"
    job.environment["GITHUB_PATH"] = str(path)
    job.environment.update(
        {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    )
    done = job.run(INSTALL)
    assert done.returncode == 0, done.stderr
    folder = Path(path.read_text(encoding="utf-8").strip())
    assert subprocess.run([folder / "cosigraph", "--version"], check=False).returncode == 0


def test_the_templates_name_formats_that_exist(root: Path) -> None:
    for name in ("action.yml", "ci-templates/gitlab.yml"):
        named = set(re.findall(r"check .*?\n|--format (\w+)", (root / name).read_text()))
        assert named - {""} <= set(MEDIA_TYPES), name
