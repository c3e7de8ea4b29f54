# SPDX-License-Identifier: Apache-2.0
"""No update makes the engine dial out: a server on the loopback interface counts who calls."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pyoxigraph
import pytest

from cosigraph import changes
from cosigraph.changes import Update, apply
from cosigraph.errors import CosigraphError, QueryError, QueryRefused, QuerySyntaxError
from cosigraph.store import Snapshot
from cosigraph.workers import WorkerPool
from tests.canary import Canary

SECONDS = 4
DATA = Snapshot(b"<a:s> <a:p> <a:o> .\n<a:s> <a:p> <a:o> <a:g> .\n", {None: ()})

# "<U>" stands for the canary's address, "ex:" is a prefix for it.
HIDDEN = [
    "LOAD <U>",
    "LOAD SILENT <U>",
    "load silent <U> into graph <a:g>",
    "CLEAR DEFAULT;LOAD<U>",
    "CLEAR DEFAULT ; # LOAD\r LOAD <U>",
    "PREFIX a:<a:>LOAD<U>",
    "PREFIX load: <U> LOAD load:x",
    "PREFIX load: <U> CLEAR DEFAULT;LOADload:x",
    "LOADex:a",
    "LOAD ex:a",
    "LOAD SILENTex:a",
    "BASE <U> LOAD <x>",
    "LOAD\\u0020<U>",
    "L\\u004FAD <U>",
    "\\u004CO\\u0041D <U>",
    "INSERT DATA { <a:s> <a:p> '''a''' } ; LOAD <U>",
    "INSERT DATA { <a:s> <a:p> '''LOAD \\''' } ; LOAD <U> #'''",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <U> { ?s ?p ?o } }",
    "INSERT { ?s ?p ?o } WHERE { SERVICE SILENT <U> { ?s ?p ?o } }",
    "DELETE { ?s ?p ?o } WHERE { { { SERVICE <U> { ?s ?p ?o } } } }",
    "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER EXISTS { SERVICE <U> { ?s ?p ?o } } }",
    "INSERT { ?s ?p ?o } WHERE { { SELECT * { SERVICE <U> { ?s ?p ?o } } } }",
    "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(1=1||NOT EXISTS{}<?o)SERVICE#>\n<U>{?s ?p ?o} }",
    "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?o<?x||1=1)SERVICEex:a{?s ?p ?o} }",
    "INSERT { ?s ?p ?o } WHERE { VALUES ?x{'''a'}SERVICE<U>{?s ?p ?o}#\\z'''\n }",
    "INSERT { ?s ?p ?o } WHERE { ?s ?p trueSERVICE<U>{?s ?p ?o} }",
    "WITH <a:g> INSERT { ?s ?p ?o } USING <a:g> WHERE { GRAPH ?g { SERVICE <U> { ?s ?p ?o } } }",
]
PIECES = [
    *("LOAD", "load", "LO\\u0041D", "SILENT", "INTO GRAPH", "SERVICE", "service", "SERV\\u0049CE"),
    *(
        "<U>",
        "ex:a",
        "load:x",
        "<a:g>",
        "DEFAULT",
        "ALL",
        "CLEAR",
        "INSERT DATA",
        "INSERT",
        "DELETE",
    ),
    *(
        "WHERE",
        "{",
        "}",
        "{ ?s ?p ?o }",
        "(",
        ")",
        "FILTER",
        "?o<?x",
        "||",
        ">",
        "<",
        ";",
        ";",
        "#",
    ),
    *("\n", "'''", "'", '"""', "\\", "\\z", "true", "EXISTS{}", "PREFIX load: <U>", "BASE <U>"),
]


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


def written(text: str, canary: Canary) -> str:
    return text.replace("<U>", f"<{canary.iri}>")


def update(text: str, canary: Canary, **options: tuple[str, ...]) -> Update:
    prefixes: Mapping[str, str] = {"ex": canary.iri, "load": canary.iri}
    return Update(written(text, canary), prefixes, "https://x.example/", **options)


def test_the_canary_hears_an_update_that_nobody_looked_at(canary: Canary) -> None:
    for text in ("LOAD <U>", "INSERT { ?s ?p ?o } WHERE { SERVICE <U> { ?s ?p ?o } }"):
        with suppress(OSError, RuntimeError):
            pyoxigraph.Store().update(written(text, canary))
    assert canary.count() == 2


@pytest.mark.parametrize("text", HIDDEN)
@pytest.mark.parametrize("using", [(), ("a:g",)])
def test_an_update_never_dials_out(text: str, using: tuple[str, ...], canary: Canary) -> None:
    with pytest.raises((QueryRefused, QuerySyntaxError)) as raised:
        apply(update(text, canary, default_graphs=using), DATA)
    assert raised.value.position is not None
    assert canary.count() == 0


@pytest.mark.parametrize("text", HIDDEN)
def test_the_engines_own_reading_is_refused_though_nobody_looked_at_the_text(
    text: str, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cosigraph.sparql.refuse_egress", lambda *_, **__: None)
    with pytest.raises(QueryError):
        apply(update(text, canary), DATA)
    assert canary.count() == 0


@pytest.mark.parametrize("text", ["LOAD <U>", "INSERT {?s ?p ?o} WHERE {SERVICE <U> {?s ?p ?o}}"])
def test_the_process_that_makes_changes_can_reach_nothing_whatever_its_engine_reads(
    text: str, canary: Canary
) -> None:
    """With the words as the child itself would run them, were nothing refused."""
    program = (
        "import resource; from cosigraph import worker; import pyoxigraph; worker._limit(None)\n"
        "import sys; store = pyoxigraph.Store()\n"
        "try: store.update(sys.argv[1])\n"
        "except OSError as error: print('refused by the system')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, written(text, canary)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert result.stdout.strip() == "refused by the system"
    assert canary.count() == 0


def test_a_file_is_not_read_either(tmp_path: Path) -> None:
    secret = tmp_path / "secret.nt"
    secret.write_text("<a:s> <a:p> 'secret' .\n")
    for text in (f"LOAD <file://{secret}>", f"LOAD SILENT <{secret.as_uri()}> INTO GRAPH <a:g>"):
        with pytest.raises(QueryRefused):
            apply(Update(text), DATA)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:load> <a:service> 'LOAD <a:b> SERVICE <a:b> {}' } # LOAD",
        "PREFIX load: <a:> PREFIX service: <b:> INSERT DATA { load:x service:y load:z }",
        "INSERT { ?load ?service ?o } WHERE { ?load ?service ?o }",
        "INSERT DATA { <a:s> <a:p> 'x'@load }",
    ],
)
def test_the_words_alone_do_no_harm(text: str, canary: Canary) -> None:
    assert apply(update(text, canary), DATA).nquads


def test_no_generated_text_dials_out(canary: Canary) -> None:
    seed = random.SystemRandom().getrandbits(32)
    chance = random.Random(seed)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        texts = []
        for _ in range(100):
            parts = [chance.choice(PIECES) for _ in range(chance.randint(1, 8))]
            texts.append(chance.choice(["", " "]).join(parts))
        texts += [chance.choice(HIDDEN) + chance.choice(PIECES) for _ in range(10)]
        for text in texts:
            with suppress(CosigraphError):
                apply(update(text, canary), DATA)
        assert canary.count() == 0, (seed, texts)


def test_a_change_in_a_worker_gives_what_it_gives_here(canary: Canary) -> None:
    change = Update("INSERT DATA { GRAPH <a:new> { <a:s> <a:p> 1 } }")

    async def changed() -> bytes:
        pool = WorkerPool(DATA, size=1, timeout=30)
        try:
            return b"".join([piece async for piece in pool.execute(change)])
        finally:
            pool.close()

    assert changes.Content.decode(asyncio.run(changed())) == apply(change, DATA)
