# SPDX-License-Identifier: Apache-2.0
"""What importing the package brings with it."""

from __future__ import annotations

import subprocess
import sys

import pytest

import cosigraph

HEAVY = ("rdflib", "pyshacl", "typer", "rich", "fastapi", "yaml", "asyncio", "cosigraph_api")


def imported_by(statement: str) -> set[str]:
    program = f"import sys; sys.path[:] = {sys.path!r}; {statement}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


@pytest.mark.parametrize("module", ["worker", "template", "loading_process"])
def test_a_process_that_is_started_imports_little(module: str) -> None:
    assert not imported_by(f"import cosigraph.{module}").intersection(HEAVY)


def test_a_server_imports_what_its_first_answer_has_no_need_of_later() -> None:
    modules = imported_by("import cosigraph_api.server")
    assert not modules.intersection({"fastapi", "pydantic", "xlsxwriter", "rdflib"})


def test_the_package_is_imported_without_its_modules() -> None:
    modules = imported_by("import cosigraph")
    assert [name for name in modules if name.startswith("cosigraph.")] == []


def test_the_library_never_imports_the_server() -> None:
    modules = imported_by("import cosigraph; cosigraph.open_project")
    assert not modules.intersection({"cosigraph_api", "fastapi", "typer", "rdflib"})


def test_the_promised_names_are_there() -> None:
    assert all(getattr(cosigraph, name) for name in cosigraph.__all__)
    assert cosigraph.__version__[0].isdigit()


def test_a_name_that_is_not_there_raises_as_usual() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        cosigraph.nonsense  # noqa: B018
