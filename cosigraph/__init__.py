# SPDX-License-Identifier: Apache-2.0
"""cosigraph: a folder of ontology, data, shapes and queries as a knowledge graph.

>>> from cosigraph import open_project
>>> project = open_project()          # the folder that ships
>>> project.run("goals", priority="A")  # doctest: +SKIP

The names are loaded when they are first used, so that importing one module of the package, as
the processes that run queries do, does not import the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosigraph.errors import CosigraphError
    from cosigraph.project import Project, open_project

    __version__: str

__all__ = ["CosigraphError", "Project", "__version__", "open_project"]


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version("cosigraph")
    except PackageNotFoundError:  # run from a checkout without installing it
        return "0.0.0+uninstalled"


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = _version()
    elif name == "CosigraphError":
        from cosigraph import errors  # noqa: PLC0415

        value = errors.CosigraphError
    elif name in {"Project", "open_project"}:
        from cosigraph import project  # noqa: PLC0415

        value = getattr(project, name)
    else:
        raise AttributeError(f"module 'cosigraph' has no attribute {name!r}")
    globals()[name] = value
    return value
