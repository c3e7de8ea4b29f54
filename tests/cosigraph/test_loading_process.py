# SPDX-License-Identifier: Apache-2.0
"""Files that are read in another process give what they give in this one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cosigraph import Project, open_project
from cosigraph.errors import CosigraphError, DataSyntaxError, ProjectError, WorkerLost
from cosigraph.packed_dataset import PackedDataset

CONFIGURATION = """
[project]
name = "small"
title = "Small"
version = "1.0.0"
base = "https://small.example/"
[[graph]]
name = "things"
files = ["things.ttl"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cosigraph.toml").write_text(CONFIGURATION)
    (tmp_path / "things.ttl").write_text("<a> <b> 'c' .\n")
    return tmp_path


def test_the_dataset_is_the_same_without_its_triples(shipped: Project) -> None:
    project = open_project(shipped.folder)
    project.load_apart()
    packed = project.dataset
    assert isinstance(packed, PackedDataset)
    assert packed.snapshot() == shipped.dataset.snapshot()
    assert packed.default_size() == len(shipped.dataset.default_triples())
    assert {iri: len(triples) for iri, triples in packed.graphs.items()} == {
        iri: len(triples) for iri, triples in shipped.dataset.graphs.items()
    }
    assert packed.replaces == shipped.dataset.replaces
    assert project.version == shipped.version
    assert project.notices == shipped.notices != ()


@pytest.mark.parametrize(("text", "kind"), [("<a> <b> .\n", DataSyntaxError), (None, ProjectError)])
def test_what_is_wrong_is_told_as_if_it_were_read_here(
    folder: Path, text: str | None, kind: type[CosigraphError]
) -> None:
    if text is None:
        (folder / "things.ttl").unlink()
    else:
        (folder / "things.ttl").write_text(text)
    with pytest.raises(kind) as here:
        _ = open_project(folder).dataset
    project = open_project(folder)
    project.load_apart()
    with pytest.raises(kind) as apart:
        _ = project.dataset
    assert str(apart.value) == str(here.value)
    assert apart.value.position == here.value.position


def test_a_process_that_was_killed_is_one_clear_line(folder: Path) -> None:
    project = open_project(folder)
    project.load_apart()
    assert project._loading is not None
    os.kill(project._loading._process.pid, signal.SIGKILL)
    with pytest.raises(WorkerLost, match="read the project's files has ended"):
        _ = project.dataset


def test_a_process_whose_result_nobody_wants_is_ended(folder: Path) -> None:
    project = open_project(folder)
    project.load_apart()
    assert project._loading is not None
    process = project._loading._process
    project.load_apart()
    assert project._loading._process is process  # once is enough
    project.stop_loading()
    project.stop_loading()
    assert process.returncode is not None
    assert project.dataset.digest == open_project(folder).dataset.digest


def test_a_process_ends_with_the_one_that_asked(folder: Path) -> None:
    lines = (f"<a> <b> {number} .\n" for number in range(1_000_000))  # takes seconds
    (folder / "things.ttl").write_text("".join(lines))
    program = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from cosigraph.loading_process import Loading\n"
        "from pathlib import Path\n"
        "loading = Loading(Path(sys.argv[1]))\n"
        "print(loading._process.pid, flush=True)\n"
        "import os; os._exit(0)\n"
    )
    asked = subprocess.run(
        [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, check=True, timeout=60
    )
    process = int(asked.stdout)
    begun = time.monotonic()
    while is_running(process):
        assert time.monotonic() < begun + 2.5
        time.sleep(0.02)


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
