# SPDX-License-Identifier: Apache-2.0
"""An orchard of one's own, and what a neighbour says of the same varieties."""

from __future__ import annotations

import shutil
from pathlib import Path

from cosigraph import open_project
from cosigraph.declared_dataset import DeclaredDataset, file_for

ORCHARD = Path(__file__).parents[2] / "projects" / "orchard"
GRAPH = "https://neighbour.example/graph/prices"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PRICES = """@prefix price: <https://neighbour.example/price/> .
@prefix p: <https://neighbour.example/terms#> .
price:1 p:of <https://orchard.example/id/variety/russet> ; p:euro "1.50" .
price:2 p:of <https://orchard.example/id/variety/boskoop> ; p:euro "0.90" .
"""
MAPPING = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX p: <https://neighbour.example/terms#>
CONSTRUCT { ?price p:of ?variety ; p:euro ?euro }
WHERE {
  VALUES (?code ?euro) { (UNDEF UNDEF) }
  ?variety skos:notation ?code .
  BIND(IRI(CONCAT("https://neighbour.example/price/", ?code)) AS ?price)
}
"""
TABLE = "code,euro\nR,1.50\nB,0.90\nZ,9.99\n"
BAD_TREE = "<https://neighbour.example/t> a <https://orchard.example/ontology#Tree> ."
ASKED = "SELECT ?euro { GRAPH <%s> { ?p <https://neighbour.example/terms#euro> ?euro } } ORDER BY 1"


def orchard(folder: Path) -> Path:
    return Path(shutil.copytree(ORCHARD, folder / "orchard"))


def contents(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder, so that it can be seen to be as it was."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def declared(source: str, **more: object) -> DeclaredDataset:
    fields = {"graph": GRAPH, "source": source, "title": "Prices", "licence": LICENCE}
    return DeclaredDataset(**{**fields, "file": file_for(GRAPH), **more})  # type: ignore[arg-type]


def euros(folder: Path) -> list[str]:
    text = ASKED.replace("%s", GRAPH).replace("ORDER BY 1", "ORDER BY ?euro")
    return [str(getattr(row[0], "value", "")) for row in open_project(folder).query(text).rows()]
