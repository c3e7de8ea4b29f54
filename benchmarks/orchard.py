# SPDX-License-Identifier: Apache-2.0
"""A made-up orchard of any size, with a fault here and there, and shapes that ask for everything.

The same seed gives the same triples. Faults are of every kind that the shapes know; values are of
wrong datatypes and kinds too, as an engine is easily wrong about those.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ORCHARD: Final = "https://orchard.example/ontology#"
TREE: Final = "https://orchard.example/id/tree/"
GROWER: Final = "https://orchard.example/id/grower/"
VARIETY: Final = "https://orchard.example/id/variety/"
SHAPES: Final = Path(__file__).parent / "orchard-shapes.ttl"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_FAULTS: Final = 0.05
"""How often a value is wrong in a tree that is not as it should be."""

# For each property values that are right, and values that are wrong or odd.
_LITERALS: Final = {
    "height": (
        ['"5.5"^^decimal', '"7"^^integer', '"2.50"^^decimal', '"007"^^integer', '"1e0"^^double'],
        ['"0"^^integer', '"130"^^integer', '"tall"', '"5"@en', '"x"^^integer', '"5.5"^^string'],
    ),
    "planted": (
        ['"1968-11-02"^^date', '"2001-02-28"^^date'],
        ['"1968-11-02"', '"soon"^^date', '"1968-11-02T00:00:00Z"^^dateTime', '"2022-01-01"^^date'],
    ),
    "felled": (['"2021-03-01"^^date', '"2020-12-31"^^date'], ['"1950-01-01"^^date', '"2021"']),
    "state": (
        ['"young"', '"grown"'],
        ['"big"', '"grown"@en', '"young"^^token', f"<{ORCHARD}grown>"],
    ),
    "note": (['"a fine tree"', '"ok, it grows"@en'], ['"ok"', '""', f'"{"long " * 30}"', "_:note"]),
    "year": (
        ['"2019"^^integer', '"2020"^^gYear', '"2018"'],
        ['"2023"^^integer', '"2023"', '"later"'],
    ),
    "picked": (['"5"^^integer'], ['"6"^^integer', '"5.0"^^decimal']),
    "weighed": (['"5"^^integer'], ['"5"^^decimal', '"7"^^integer']),
}
_LABELS: Final = ('"tree"@en', '"Baum"@de', '"arbre"@fr', '"árbol"@es', '"tree"', '"Tree"@en-GB')


def lines(number: int, seed: int = 1, faulty: float = 1.0) -> Iterator[str]:
    """Yield at least that many triples as lines of N-Triples.

    ``faulty`` is the share of trees that are not as they should be.
    """
    rng = random.Random(seed)
    written = 0
    for line in _fixed():
        yield line
        written += 1
    tree = 0
    while written < number:
        tree += 1
        for line in _tree(tree, rng) if rng.random() < faulty else _good_tree(tree, rng):
            yield line
            written += 1


def _fixed() -> Iterator[str]:
    yield f"<{ORCHARD}Apple> <{_RDFS}subClassOf> <{ORCHARD}Variety> ."
    for name, kind in (("boskop", "Apple"), ("cox", "Apple"), ("plum", "Variety"), ("x", "Other")):
        yield f"<{VARIETY}{name}> <{_RDF}type> <{ORCHARD}{kind}> ."
    for number in range(20):
        yield f"<{GROWER}{number}> <{_RDF}type> <{ORCHARD}Grower> ."
        if number:
            yield f'<{GROWER}{number}> <{ORCHARD}name> "Grower {number}" .'
        yield f"<{GROWER}{number}> <{ORCHARD}knows> <{GROWER}{number * 7 % 20}> ."


def _good_tree(number: int, rng: random.Random) -> Iterator[str]:
    subject = f"<{TREE}{number}>"
    values = {
        f"{_RDF}type": [f"<{ORCHARD}Tree>"],
        f"{_SKOS}notation": [f'"T-{number}"'],
        f"{_SKOS}prefLabel": ['"tree"@en', rng.choice(['"Baum"@de', '"arbre"@fr'])],
        f"{ORCHARD}variety": [f"<{VARIETY}{rng.choice(['boskop', 'cox', 'plum'])}>"],
        f"{ORCHARD}grownBy": [f"<{GROWER}{rng.randrange(1, 20)}>"],
        f"{ORCHARD}height": [rng.choice(['"5.5"^^decimal', '"7"^^integer', '"2.50"^^decimal'])],
        f"{ORCHARD}planted": [f'"19{rng.randrange(10, 99)}-11-02"^^date'],
        f"{ORCHARD}state": [rng.choice(['"young"', '"grown"'])],
        f"{ORCHARD}year": ['"2019"^^integer'],
        f"{ORCHARD}picked": ['"5"^^integer'],
        f"{ORCHARD}weighed": ['"5"^^integer'],
    }
    for predicate, each in values.items():
        for value in each:
            yield f"{subject} <{predicate}> {_expanded(value)} ."


def _tree(number: int, rng: random.Random) -> Iterator[str]:
    subject = f"_:tree{number}" if rng.random() < 0.02 else f"<{TREE}{number}>"

    def say(name: str, value: str) -> str:
        predicate = name if name.startswith("http") else f"{ORCHARD}{name}"
        return f"{subject} <{predicate}> {_expanded(value)} ."

    yield say(f"{_RDF}type", f"<{ORCHARD}Tree>")
    code = f"T-{number}" if rng.random() > _FAULTS else rng.choice(["T-01", "t-1", "T-1\\n", "🌳"])
    if rng.random() > _FAULTS / 2:
        yield say(f"{_SKOS}notation", f'"{code}"')
    if rng.random() < _FAULTS / 2:
        yield say(f"{_SKOS}notation", f'"T-{number}0"')
    variety = rng.choice(["boskop", "cox", "plum"]) if rng.random() > _FAULTS else "x"
    yield say("variety", f"<{VARIETY}{variety}>")
    yield say("grownBy", f"<{GROWER}{rng.randrange(20)}>" if rng.random() > _FAULTS else '"Anna"')
    for name, (right, wrong) in _LITERALS.items():
        if rng.random() < 0.6:
            yield say(name, rng.choice(right if rng.random() > _FAULTS else wrong))
    for label in rng.sample(_LABELS, rng.randrange(1, 4)):
        yield say(f"{_SKOS}prefLabel", label)
    if rng.random() < _FAULTS:
        yield say(f"{_SKOS}altLabel", rng.choice(_LABELS))
        yield say(f"{_SKOS}prefLabel", rng.choice(['"second"@en', '"zweiter"@de']))
    if rng.random() < _FAULTS / 3:
        yield say("heigt", '"5"^^integer')
    if number > 1 and rng.random() < 0.3:
        yield say("beside", f"<{TREE}{rng.randrange(1, number)}>")


def _expanded(value: str) -> str:
    words, found, datatype = value.rpartition("^^")
    return f"{words}^^<{_XSD}{datatype}>" if found else value
