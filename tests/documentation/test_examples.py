# SPDX-License-Identifier: Apache-2.0
"""The examples that the documentation shows run, and lead somewhere."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from cosigraph import Project
from cosigraph.terms import to_python
from tests.documentation.documents import DOCUMENTS, blocks, run, shell_lines
from tests.programs import needed

LOCAL = "http://127.0.0.1:8000"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_that_a_document_shows_run(document: str, root: Path, tmp_path: Path) -> None:
    for line in shell_lines(root, document, "cosigraph"):
        if not line.startswith("cosigraph serve"):
            run(line, tmp_path)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_requests_that_a_document_shows_are_answered(
    document: str, root: Path, tmp_path: Path, address: str
) -> None:
    needed("curl", "curl")
    for line in shell_lines(root, document, "curl"):
        assert run(line.replace(LOCAL, address).replace("curl", "curl -sSf", 1), tmp_path)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_python_that_a_document_shows_runs(document: str, root: Path) -> None:
    for block in blocks(root, document, "python"):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(block, document, "exec"), {})
        assert printed.getvalue()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_sparql_that_a_document_shows_has_an_answer(
    document: str, root: Path, shipped: Project
) -> None:
    for block in blocks(root, document, "sparql"):
        if not block.startswith("#+"):
            assert shipped.query(block).rows(), block


def test_the_five_ways_to_ask_give_the_same_answer(
    root: Path, tmp_path: Path, address: str, shipped: Project
) -> None:
    needed("curl", "curl")
    expected = shipped.run("goals-shared-across-priorities", minimum=7).to_csv()
    (command,) = (
        line for line in shell_lines(root, "README.md", "cosigraph") if "--minimum" in line
    )
    assert run(f"{command} --format csv", tmp_path).splitlines() == expected.splitlines()
    (request,) = shell_lines(root, "README.md", "curl")
    assert run(request.replace(LOCAL, address), tmp_path).splitlines() == expected.splitlines()
    sheet = next(iter(blocks(root, "README.md", "text"))).strip().replace(LOCAL, address)
    assert set(expected.splitlines()) < set(run(f"curl -sSf {sheet}", tmp_path).splitlines())
    (sparql,) = blocks(root, "README.md", "sparql")
    counts = {
        tuple(to_python(term) for term in row if term is not None)
        for row in shipped.query(sparql).rows()
    }
    told = {
        (row["sharedGoal"], row["priorityCount"])
        for row in shipped.run("goals-shared-across-priorities", minimum=7)
    }
    assert told == {pair for pair in counts if pair[1] in {7, 8}}


def test_make_targets_that_the_readme_names_exist(root: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(), re.MULTILINE)
    named = [line.split()[1] for line in shell_lines(root, "README.md", "make")]
    assert named
    assert set(named) <= set(targets)


def test_links_between_documents_lead_somewhere(root: Path) -> None:
    for document in DOCUMENTS:
        text = (root / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            if not target.startswith("http"):
                assert (root / document).parent.joinpath(target).exists(), f"{document}: {target}"
