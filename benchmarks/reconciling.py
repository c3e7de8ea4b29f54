# SPDX-License-Identifier: Apache-2.0
"""Measure how fast names are matched beside a plain loop over rapidfuzz: ``make bench-reconcile``.

Everything is a ratio within one run, on one machine, in one process and one thread: names a second
alone say little. The plain loop compares each name with every name of the graph, as a script would.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

from rapidfuzz import fuzz, process, utils

from cosigraph.project import open_project
from cosigraph.reconciliation import Matcher, collect

GOLD = Path(__file__).parent.parent / "tests" / "content" / "gold-names.csv"
TIMES = 3
SEED = 20111021


@dataclass(frozen=True, slots=True)
class Measured:
    """What one way of matching did: the processor's seconds for all names, and its share right."""

    way: str
    seconds: float
    right: float


def spelt(names: Sequence[str], count: int) -> list[str]:
    """``count`` distinct names: those given, then with a slip, a word more or another case."""
    chance = random.Random(SEED)
    found = dict.fromkeys(names)
    while len(found) < count:
        name = chance.choice(names)
        place = chance.randrange(len(name))
        letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
        found[
            chance.choice(
                [
                    name[:place] + letter + name[place:],
                    name[:place] + name[place + 1 :],
                    f"{name} {letter}{chance.randrange(1000)}",
                    f"{chance.randrange(1000)} {name.upper()}",
                ]
            )
        ] = None
    return list(found)[:count]


def timed(way: str, match: Callable[[str], str], names: Sequence[str], gold: Gold) -> Measured:
    """Match all names, several times; the median counts."""
    seconds = []
    for _ in range(TIMES):
        start = process_time()
        for name in names:
            match(name)
        seconds.append(process_time() - start)
    right = sum(match(name) in expected for name, expected in gold) / len(gold)
    return Measured(way, median(seconds), right)


Gold = list[tuple[str, tuple[str, ...]]]


def gold_names(expand: Callable[[str], str | None]) -> Gold:
    """The names of the gold file that mean something and need no type."""
    with GOLD.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["expected"] and not row["type"]]
    return [
        (row["name"], tuple(expand(each) or "" for each in row["expected"].split())) for row in rows
    ]


def measure(count: int) -> tuple[list[Measured], int]:
    """Measure both ways on the same names; also how many names the graph has."""
    project = open_project()
    things = [thing for thing in collect(project).things if not thing.is_term]
    gold = gold_names(project.prefixes.expand)
    names = spelt([name for name, _ in gold], count)
    known = [(name.text, thing.iri) for thing in things for name in thing.names]
    texts = [utils.default_process(text) for text, _ in known]

    def loop(name: str) -> str:
        best = process.extractOne(utils.default_process(name), texts, scorer=fuzz.WRatio)
        return known[best[2]][1] if best else ""

    def matched(name: str) -> str:
        # A matcher remembers names; each is asked anew.
        matcher.forget()
        found = matcher.match(name)
        return found[0].thing.iri if found else ""

    matcher = Matcher(things, project.prefixes.expand)
    plain = timed("a plain loop over rapidfuzz (`process.extractOne`, `WRatio`)", loop, names, gold)
    ours = timed("`cosigraph.reconciliation`", matched, names, gold)
    return [ours, plain], len(known)


def page(measured: Sequence[Measured], names: int, known: int) -> str:
    """The page for people."""
    slowest = max(each.seconds for each in measured)
    rows = "\n".join(
        f"| {each.way} | {names / each.seconds:,.0f} | {slowest / each.seconds:.1f} | "
        f"{each.right:.1%} |"
        for each in measured
    )
    return f"""# How fast names are matched

Written by `make bench-reconcile`. {names:,} distinct names (those of the gold file, and with
slips, words and cases made up) against the {known:,} names of the shipped graph, in one thread, in
the same run; the median of {TIMES}, in seconds of the processor's time. The ratio counts: names a
second are this machine's.

| | names a second | times the slowest | first right, of the gold names without a type |
|---|---|---|---|
{rows}

The plain loop compares each name with every name of the graph; it knows no namesakes, makes no
decision and explains nothing.
"""


def main() -> int:
    """Measure, and write the page or print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=3_000)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    measured, known = measure(arguments.names)
    text = page(measured, arguments.names, known)
    if arguments.write is None:
        print(text)
    else:
        arguments.write.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
