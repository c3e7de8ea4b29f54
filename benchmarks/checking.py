# SPDX-License-Identifier: Apache-2.0
"""Measure ``cosigraph check`` beside pySHACL, and write the page: ``make bench-check``.

Everything is a ratio within one run, on one machine: seconds alone say little. Each command runs in
a process of its own, cold; what it needs of memory is what the kernel says.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeAlias

import pyoxigraph
from pyoxigraph import RdfFormat

from benchmarks import orchard
from cosigraph.check.sources import SHAPES, Sources, triples_of
from cosigraph.check.syntax import parse_sources
from cosigraph.project import open_project, shipped_folder

Command: TypeAlias = list[str | Path]

_ENGINE = """
import sys
from pathlib import Path
import pyoxigraph
from cosigraph.check.engines import EngineChoice, choose
from cosigraph.loading import parse_file
data = tuple(dict.fromkeys(parse_file(Path(sys.argv[2]), "http://example.org/", "d")))
shapes = tuple(parse_file(Path(sys.argv[3]), "http://example.org/", "s"))
results = choose(EngineChoice(sys.argv[1]), len(data)).validate(data, shapes)
for line in sorted(f"{r.focus} {r.value} {r.component} {r.shape} {r.severity}" for r in results):
    print(line)
"""
_ALONE = """
import sys
from pathlib import Path
from shifty._shifty import PreparedValidator
validator = PreparedValidator(Path(sys.argv[2]).read_bytes())
answer = validator.validate_w3c(Path(sys.argv[1]).read_bytes(), data_format="nt",
    graph_mode="data", run_infer=False, minimum_severity="Info", sort_results=False)
print(len(answer._report_ntriples))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took: seconds, mebibytes at most, and what it wrote."""

    seconds: float
    mebibytes: float
    output: bytes


def run(command: Command, cache: Path) -> Run:
    """Run a command; 0 and 1 are its answers, anything else is an error."""
    with tempfile.TemporaryFile() as output:
        begin = perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            stdout=output,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            raise RuntimeError(f"{command[0]} ended with {process.returncode}")
        output.seek(0)
        return Run(seconds, usage.ru_maxrss / 1024, output.read())


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the page."""

    what: str
    ours: str
    theirs: str
    ratio: float
    bar: str
    holds: bool


def main() -> None:
    """Measure and report."""
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [
            *_shipped(folder, options.repeat),
            *_beside_reference(folder, options.middle),
            *_large(folder, options.large),
        ]
    page = _page(rows, options)
    sys.stdout.write(page)
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    sys.exit(not all(row.holds for row in rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3, help="how often each small command runs")
    parser.add_argument("--middle", type=int, default=100_000, help="triples for both engines")
    parser.add_argument("--large", type=int, default=1_000_000, help="triples for the fast one")
    parser.add_argument("--write", type=Path, help="the page to write")
    return parser.parse_args()


def _shipped(folder: Path, repeat: int) -> list[Row]:
    """The shipped project, cold: all rules beside the bare pyshacl command; and a second run."""
    project = open_project()
    files, _ = parse_sources(project.folder, project.configuration)
    sources = Sources(project.folder, project.configuration, tuple(files))
    shapes = sources.of(SHAPES)
    data = [file for file in sources.settled if file not in shapes]
    for target, part in ((folder / "data.ttl", data), (folder / "shapes.ttl", shapes)):
        triples = list(dict.fromkeys(triples_of(part)))
        namespaces = dict(project.prefixes.namespaces)
        pyoxigraph.serialize(triples, target, format=RdfFormat.TURTLE, prefixes=namespaces)
    binaries = Path(sys.executable).parent
    check: Command = [binaries / "cosigraph", "check", "--project", shipped_folder()]
    bare: Command = [
        binaries / "pyshacl",
        "-s",
        folder / "shapes.ttl",
        folder / "data.ttl",
    ]
    first, second, reference = [], [], []
    for number in range(repeat):
        cache = folder / f"cache{number}"
        reference.append(run(bare, cache).seconds)
        first.append(run(check, cache).seconds)
        second.append(run(check, cache).seconds)
    cold, warm, alone = median(first), median(second), median(reference)
    return [
        Row(
            "the shipped project, cold: `cosigraph check`, all rules, every reading, beside the "
            "bare `pyshacl` command on the settled one",
            f"{cold:.1f} s",
            f"{alone:.1f} s",
            cold / alone,
            "≤ 1",
            cold <= alone,
        ),
        Row(
            "a second `cosigraph check` of the unchanged folder beside the first",
            f"{warm:.2f} s",
            f"{cold:.1f} s",
            warm / cold,
            "≤ 0.3",
            warm <= 0.3 * cold,
        ),
    ]


def _beside_reference(folder: Path, number: int) -> list[Row]:
    """Both engines on the same made-up data."""
    data = _orchard(folder, number)
    fast, reference = (
        run([sys.executable, "-c", _ENGINE, name, data, orchard.SHAPES], folder / "cache")
        for name in ("pyshifty", "pyshacl")
    )
    same = fast.output == reference.output and bool(fast.output)
    ratio = reference.seconds / fast.seconds
    results = fast.output.count(b"\n")
    agreement = f"the same {results:,} results" if same else "NOT the same results"
    return [
        Row(
            f"{number:,} made-up triples, SHACL alone: pyshifty beside pySHACL, {agreement}",
            f"{fast.seconds:.1f} s",
            f"{reference.seconds:.1f} s",
            ratio,
            "≥ 10",
            same and ratio >= 10,
        )
    ]


def _large(folder: Path, number: int) -> list[Row]:
    """Much made-up data: SHACL with positions beside the engine's own call."""
    data = _orchard(folder, number)
    project = folder / f"project{number}"
    (project / "data").mkdir(parents=True)
    (project / "shapes").mkdir()
    data.rename(project / "data" / "orchard.nt")
    data = project / "data" / "orchard.nt"
    (project / "shapes" / "orchard.ttl").write_bytes(orchard.SHAPES.read_bytes())
    cosigraph = Path(sys.executable).parent / "cosigraph"
    alone = run([sys.executable, "-c", _ALONE, data, orchard.SHAPES], folder / "cache")
    command: Command = [
        cosigraph,
        "check",
        "--no-cache",
        "--format",
        "json",
        "--project",
        project,
    ]
    ours = run(command, folder / "cache")
    ratio = ours.seconds / alone.seconds
    return [
        Row(
            f"{number:,} made-up triples: `cosigraph check` with positions, beside pyshifty's call",
            f"{ours.seconds:.1f} s, {ours.mebibytes / 1024:.1f} GiB",
            f"{alone.seconds:.1f} s, {alone.mebibytes / 1024:.1f} GiB",
            ratio,
            "≤ 2.5, ≤ 4 GB",
            ratio <= 2.5 and ours.mebibytes * 1024 * 1024 <= 4e9,
        )
    ]


def _orchard(folder: Path, number: int) -> Path:
    path = folder / f"orchard{number}.nt"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in orchard.lines(number, seed=number, faulty=0.03))
    return path


def _page(rows: Sequence[Row], options: argparse.Namespace) -> str:
    lines = [
        "# Benchmarks of checking",
        "",
        "Made by `make bench-check`: ratios within one run on one machine, each command cold, in a",
        f"process of its own. Of small commands the median of {options.repeat} counts. The",
        "data are made up by `benchmarks/orchard.py`: three trees in a hundred may have faults;",
        "the shapes are in `benchmarks/orchard-shapes.ttl`.",
        "",
        "| what | this | beside | ratio | bar | holds |",
        "|---|--:|--:|--:|--:|---|",
    ]
    lines += [
        f"| {row.what} | {row.ours} | {row.theirs} | {row.ratio:.2f} | {row.bar} | "
        f"{'yes' if row.holds else '**no**'} |"
        for row in rows
    ]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
