# SPDX-License-Identifier: Apache-2.0
"""Random kills of everything that works on a store, while it is written, published, pruned, copied.

``COSIGRAPH_KILLS`` says how many there are, 300 unless it does; ``COSIGRAPH_SEED`` which.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from cosigraph import Project
from cosigraph.dataset import canonical_digest
from cosigraph.store_copy import check_store
from cosigraph.stored_project import create_store
from cosigraph.tokens import hash_of, new_token
from cosigraph.versioned_store import VersionedStore
from tests.serving import Running, serving

pytestmark = pytest.mark.long

COUNT = int(os.environ.get("COSIGRAPH_KILLS", "300"))
SEED = int(os.environ.get("COSIGRAPH_SEED", "0")) or random.SystemRandom().randrange(1, 2**31)
HALVES = ("a", "b")
# Prunes and copies a store again and again; a backup that is there must be whole.
KEEPER = """
import shutil, sys
from pathlib import Path
from cosigraph.pruning import Rule, outdated
from cosigraph.store_copy import copy_store
from cosigraph.versioned_store import VersionedStore
store, target = VersionedStore(Path(sys.argv[1])), Path(sys.argv[2])
print("ready", flush=True)
while True:
    for version in outdated(store, Rule(newest=3)):
        store.prune(version)
    if target.exists():  # at once, as half of it would be no backup
        gone = target.with_name("gone")
        shutil.rmtree(gone, ignore_errors=True)
        target.rename(gone)
    copy_store(store, target)
    for version in outdated(store, Rule(newest=3)):
        store.prune(version)
"""


class Journal:
    """What was sent, and what of it was acknowledged, with the version that each answer named."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self.sent: set[int] = set()
        self.acknowledged: dict[int, str] = {}
        self.statuses = Counter[int]()

    def write(self, server: Running, token: str, done: threading.Event) -> None:
        """Write until the server has ended."""
        fields = {"Authorization": f"Bearer {token}"}
        with httpx.Client(headers=fields, timeout=60) as client:
            while not done.is_set():
                number = next(self._numbers)
                said = " . ".join(f'<urn:{half}> <urn:p> "{number}"' for half in HALVES)
                update = f"INSERT DATA {{ GRAPH <urn:g> {{ {said} }} }}"
                self.sent.add(number)
                try:
                    answer = client.post(f"{server.address}sparql", data={"update": update})
                except httpx.TransportError:
                    continue
                self.statuses[answer.status_code] += 1
                if answer.status_code == 204:
                    self.acknowledged[number] = answer.headers["Cosigraph-Version"]


@contextlib.contextmanager
def keeping(store: Path, target: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that prunes and copies the store."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", KEEPER, str(store), str(target)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            assert process.poll() in {None, -signal.SIGKILL}
            process.kill()


def kill(process: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
        return True
    return False


def victims(server: Running) -> dict[str, list[int]]:
    """The processes of a server by what they are: loaders, which hold the data, and workers."""
    return {"loader": sorted(server.templates), "worker": sorted(server.workers)}


def check(folder: Path, journal: Journal) -> None:
    """Hold the store to what was acknowledged."""
    store = VersionedStore(folder)
    current = store.current()
    content = store.read(current)
    assert canonical_digest(content.nquads) == current.dataset_digest
    there = {
        half: {
            int(number)
            for number in re.findall(rf'<urn:{half}> <urn:p> "(\d+)"', content.nquads.decode())
        }
        for half in HALVES
    }
    assert there["a"] == there["b"], "a write is half there"
    assert set(journal.acknowledged) <= there["a"] <= journal.sent
    published = {version.dataset_digest[7:19] for version in store.published()}
    assert {told.rpartition(".")[2] for told in journal.acknowledged.values()} <= published


def test_whoever_is_killed_what_was_acknowledged_is_there(
    tmp_path: Path, orchard: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(SEED)
    folder, target = tmp_path / "store", tmp_path / "backup"
    create_store(folder, orchard)
    journal, kills, token = Journal(), Counter[str](), new_token()
    pause = threading.Event()
    while kills.total() < COUNT:
        # A new server each time: what a killed one left behind is opened, and written on.
        options: dict[str, Any] = {"allow_update": True, "token_hash": hash_of(token), "gate": None}
        with contextlib.ExitStack() as stack:
            server = stack.enter_context(
                serving(orchard.folder, timeout=30, store=str(folder), **options)
            )
            stack.callback(server.process.kill)  # also when something is found
            done = threading.Event()
            writers = [
                threading.Thread(target=journal.write, args=(server, token, done)) for _ in range(2)
            ]
            for writer in writers:
                writer.start()
            for _ in range(chance.randint(1, 4)):
                with keeping(folder, target) as keeper:
                    for _ in range(chance.randint(0, 4)):
                        pause.wait(chance.uniform(0, 0.5))
                        name, found = chance.choice(list(victims(server).items()))
                        if found and kill(chance.choice(found)):
                            kills[name] += 1
                    pause.wait(chance.uniform(0, 0.3))
                    kills["keeper"] += kill(keeper.pid)
                if target.exists():
                    check_store(VersionedStore(target))
            pause.wait(chance.uniform(0, 0.3))
            kills["server"] += kill(server.process.pid)
            done.set()
            for writer in writers:
                writer.join()
            _, errors = server.process.communicate()
        assert set(journal.statuses) <= {204, 503, 504}, errors
        check(folder, journal)
    check_store(VersionedStore(folder))
    shutil.rmtree(target, ignore_errors=True)
    with capsys.disabled():
        told = f"{len(journal.acknowledged)} of {len(journal.sent)} writes acknowledged"
        sys.stdout.write(f"\nseed {SEED}: {dict(kills)}; {told}\n")
    assert len(journal.acknowledged) > kills.total() / 10
    assert all(kills[name] for name in ("server", "worker", "loader", "keeper")) or COUNT < 40
