# SPDX-License-Identifier: Apache-2.0
"""The process that finds what names mean, for a server, which it would keep busy for seconds.

It talks over its standard input and output in frames (``cosigraph.worker``) that hold JSON. The
first frame brings what the graph names and is answered by how many things that are; from then on
each is a job and is answered. It ends when its input does. It opens no file and no socket.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Any

from cosigraph import worker
from cosigraph.job_process import command_of, limit
from cosigraph.reconciliation.collecting import Collected
from cosigraph.reconciliation.matching import Candidate, Matcher, Strictness
from cosigraph.reconciliation.suggesting import Kind, Suggester
from cosigraph.reconciliation.things import Thing
from cosigraph.terms import Prefixes


def command() -> list[str]:
    """The command that starts the process."""
    return command_of("cosigraph.reconciliation_process")


def setup_of(collected: Collected, prefixes: Prefixes, memory: int | None) -> dict[str, Any]:
    """The first frame: what is named, and how many bytes it may need beyond that."""
    return {
        "things": [thing.encode() for thing in collected.things],
        "properties": list(collected.properties),
        "prefixes": dict(prefixes.namespaces),
        "memory": memory,
    }


def send(stream: IO[bytes], content: object) -> None:
    """Write one frame."""
    stream.write(worker.frame(worker.DATA, json.dumps(content).encode()))
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read one frame; None when there is no other."""
    received = worker.receive(stream)
    return None if received is None else json.loads(received[1])


class Answerer:
    """What is named, and the answers about it; each job is an object with one member."""

    def __init__(self, setup: Mapping[str, Any]) -> None:
        prefixes = Prefixes(setup["prefixes"])
        things = tuple(Thing.decode(fields) for fields in setup["things"])
        collected = Collected(things, tuple(setup["properties"]))
        self._expand = prefixes.expand
        self._matcher = Matcher(things, prefixes.expand)
        self._suggester = Suggester(collected, prefixes.shorten)
        self._labels = {thing.iri: thing.label for thing in things}
        self.size = len(things)

    def answer(self, job: Mapping[str, Any]) -> Any:
        """The answer to one job."""
        ((deed, wanted),) = job.items()
        if deed == "match":
            return [self._matched(*each) for each in wanted]
        if deed == "labels":
            return {iri: self._labels[iri] for iri in wanted if iri in self._labels}
        if deed == "common-types":
            return [self._brief(type_) for type_ in self._suggester.common_types(wanted)]
        kind = Kind(wanted["kind"])
        if deed == "suggest":
            found = self._suggester.suggest(
                kind, wanted["prefix"], wanted["cursor"], wanted["limit"]
            )
            return [self._described(thing) for thing in found]
        named = [self._suggester.named(kind, self._iri(iri)) for iri in wanted["ids"]]
        return [None if thing is None else self._described(thing) for thing in named]

    def _matched(
        self, name: str, types: Sequence[str], strictness: str, most: int
    ) -> list[dict[str, Any]]:
        iris = [self._iri(type_) for type_ in types]
        found = self._matcher.match(name, iris, strictness=Strictness(strictness), limit=most)
        return [self._candidate(candidate, is_typed=bool(types)) for candidate in found]

    def _candidate(self, candidate: Candidate, *, is_typed: bool) -> dict[str, Any]:
        name = candidate.name
        return {
            **self._described(candidate.thing),
            "score": round(candidate.score, 1),
            "match": candidate.is_match,
            "found": {
                "name": name.text,
                "property": name.property,
                "language": name.language,
                "how": candidate.how.value,
            },
            "namesakes": candidate.namesakes,
            "of_type": candidate.is_of_type if is_typed else None,
        }

    def _described(self, thing: Thing) -> dict[str, Any]:
        return {
            "id": thing.iri,
            "name": thing.label,
            "description": thing.description,
            "types": [self._brief(type_) for type_ in thing.types],
        }

    def _brief(self, type_: str) -> dict[str, str]:
        named = self._suggester.named(Kind.TYPE, type_)
        return {"id": type_, "name": named.label if named else type_}

    def _iri(self, text: str) -> str:
        return self._expand(text) or text


def main() -> int:
    """Answer until the input ends; return the process's exit code."""
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    setup = receive(incoming)
    if setup is None:
        return 0
    answerer = Answerer(setup)
    memory = setup["memory"]
    del setup
    limit(None, memory)
    send(outgoing, answerer.size)
    while (job := receive(incoming)) is not None:
        send(outgoing, answerer.answer(job))
    return 0
