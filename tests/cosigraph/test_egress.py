# SPDX-License-Identifier: Apache-2.0
"""No query makes the engine dial out: a server on the loopback interface counts who calls.

Oxigraph reads without tokens, so each way to hide a keyword from them was once found by chance.
The generator below puts such texts together by the thousand.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.answers import Surroundings, answer
from cosigraph.dataset import Dataset
from cosigraph.emptiness import explain, run_inquiry
from cosigraph.errors import CosigraphError, QueryRefused, QuerySyntaxError
from cosigraph.formats import ResultFormat
from cosigraph.sparql import Form, query_form, refuse_egress
from cosigraph.store import EmbeddedStore, Query
from tests.canary import Canary

SECONDS = 8
GRAPH = "https://x.example/graph/a"
S, P = NamedNode("a:a"), NamedNode("a:b")
TRIPLES = tuple(Triple(S, P, value) for value in (Literal(1), Literal("x"), NamedNode("a:c")))


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


@pytest.fixture
def store() -> EmbeddedStore:
    return EmbeddedStore(Dataset({GRAPH: TRIPLES}).snapshot())


def ask(store: EmbeddedStore, text: str, prefixes: Mapping[str, str]) -> None:
    """Ask as everyone asks; then as one who left the check of the text out."""
    surroundings = Surroundings((GRAPH,), prefixes, "https://x.example/")
    with suppress(CosigraphError):
        answer(store, text, surroundings).content()
    ask_below_the_check(store, text, prefixes)


def ask_below_the_check(store: EmbeddedStore, text: str, prefixes: Mapping[str, str]) -> None:
    with suppress(CosigraphError):
        is_table = query_form(text) in {Form.SELECT, Form.ASK}
        chosen = ResultFormat.JSON if is_table else ResultFormat.TURTLE
        list(store.execute(Query(text, chosen, prefixes=prefixes)))


# "<U>" stands for the canary's address.
HIDDEN = [
    "SELECT * { SERVICE <U> { ?s ?p ?o } }",
    "ASK { SERVICE SILENT <U> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <U> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER(1=1||NOT EXISTS{}<?o)SERVICE#>\n<U>{?s ?p ?o} }",
    "SELECT * { ?s ?p ?o FILTER(EXISTS{}<?o)SERVICE#>\n<U>{?s ?p ?o} }",
    "SELECT * { ?s ?p ?o FILTER(1=1||<<(?s ?p ?o)>><?o)SERVICE#>\n<U>{?s ?p ?o} }",
    "SELECT * { ?s ?p ?o FILTER(1=1||<<(?s ?p ?o)>><?o)SERVICE#>\nSILENT <U>{?s ?p ?o} }",
    "PREFIX ex:<U> SELECT * {?s ?p ?o FILTER(1=1||?o<?x)#>)GRAPH\nSERVICEex:a{?s ?p ?o} }",
    "PREFIX ex:<U> SELECT * {?s ?p ?o FILTER(?o<?x||1=1)SERVICEex:a{?s ?p ?o} }",
    "SELECT * { VALUES ?x{'''a'}SERVICE<U>{?s ?p ?o}#\\z'''\n }",
    'SELECT * { VALUES ?x{"""a"}SERVICE<U>{?s ?p ?o}#\\z"""\n }',
    "SELECT * { VALUES ?x{'''a'}SERVICE<U>{?s ?p ?o}#\\uD800'''\n }",
    "SELECT * { VALUES ?x{'''a'}SERVICE<U>{?s ?p ?o}#\\u12'''\n }",
    "SELECT * { VALUES ?x{'''a'}SERVICE<U>{?s ?p ?o}#\\U0000D800'''\n }",
    "SELECT * { ?s ?p ('''a')SERVICE<U>{?s ?p ?o}#\\z'''\n }",
    "SELECT * { ?s ?p trueSERVICE<U>{?s ?p ?o} }",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_a_service_never_dials_out(text: str, store: EmbeddedStore, canary: Canary) -> None:
    ask(store, text.replace("<U>", f"<{canary.iri}>"), {"ex": canary.iri})
    assert canary.count() == 0


@pytest.mark.parametrize("text", HIDDEN)
def test_an_explanation_never_dials_out(text: str, store: EmbeddedStore, canary: Canary) -> None:
    """Not even of a query that nobody looked at before."""
    surroundings = Surroundings((GRAPH,), {"ex": canary.iri}, "https://x.example/")
    chosen = ResultFormat.TURTLE if text.startswith("CONSTRUCT") else ResultFormat.JSON
    written = text.replace("<U>", f"<{canary.iri}>")
    query = Query(written, chosen, prefixes=surroundings.prefixes)
    with suppress(CosigraphError):
        run_inquiry(explain(query, surroundings), lambda probe, _: b"".join(store.execute(probe)))
    assert canary.count() == 0


def test_the_canary_hears_whoever_dials(canary: Canary) -> None:
    with suppress(OSError, RuntimeError):
        pyoxigraph.Store().query(f"ASK {{ SERVICE <{canary.iri}> {{}} }}")
    assert canary.count() == 1


@pytest.mark.parametrize("text", HIDDEN)
def test_a_service_is_refused_by_its_text_already(text: str) -> None:
    with pytest.raises(QueryRefused, match=r"^line \d+, column \d+: SERVICE is not allowed"):
        refuse_egress(text)


@pytest.mark.parametrize("text", HIDDEN)
def test_the_store_refuses_a_service_though_nobody_looked_at_its_text(
    text: str, store: EmbeddedStore, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cosigraph.sparql.refuse_egress", lambda *_: None)
    written = text.replace("<U>", f"<{canary.iri}>")
    chosen = ResultFormat.TURTLE if text.startswith("CONSTRUCT") else ResultFormat.JSON
    with pytest.raises((QueryRefused, QuerySyntaxError)):
        list(store.execute(Query(written, chosen, prefixes={"ex": canary.iri})))
    assert canary.count() == 0


@pytest.mark.parametrize(
    ("text", "prefixes"),
    [
        ("SELECT ?service { ?service ?p 'SERVICE <a:b> {}' } # SERVICE", {}),
        ("PREFIX service: <a:> SELECT * { GRAPH service:a { ?s service:b Service:c } }", {}),
        ("SELECT * { ?s <https://x.example/service> '''it's\nSERVICE''', 'x'@service }", {}),
        ("SELECT ?service ?SERVICE { VALUES (?service ?SERVICE) { (1 2) } }", {}),
        ("ASK { service:a ?p ?o }", {}),
    ],
)
def test_the_word_alone_is_answered(
    text: str, prefixes: dict[str, str], store: EmbeddedStore
) -> None:
    known = {"service": "a:", "Service": "b:", **prefixes}
    assert list(store.execute(Query(text, ResultFormat.JSON, prefixes=known)))


def test_two_prefixes_that_differ_in_case_stay_two(store: EmbeddedStore, canary: Canary) -> None:
    text = (
        f"PREFIX serviceex: <a:> PREFIX ex: <{canary.iri}> "
        "SELECT * { ?s ?p ?o ~ SERVICEex:a {?s ?p ?o} }"
    )
    ask_below_the_check(store, text, {})
    assert canary.count() == 0


def test_an_error_beside_the_word_is_told_as_an_error(store: EmbeddedStore) -> None:
    with pytest.raises(QuerySyntaxError, match="line 1, column 31: '}' stands where an object"):
        list(store.execute(Query("SELECT ?service { ?service ?p }", ResultFormat.JSON)))


def test_a_worker_can_open_no_connection_whatever_its_engine_reads(canary: Canary) -> None:
    program = (
        "import sys, pyoxigraph, cosigraph.worker as worker\n"
        "store = pyoxigraph.Store()\n"
        "worker._limit(None)\n"
        "try:\n    store.query(sys.argv[1])\n"
        "except (OSError, RuntimeError):\n    print('stopped')\n"
    )
    text = f"ASK {{ SERVICE <{canary.iri}> {{ ?s ?p ?o }} }}"
    command = [sys.executable, "-c", program, text]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, canary.count()) == ("stopped\n", 0)


FORMS = ["SELECT * {", "ASK {", "SELECT * { ?s ?p ?o ", "CONSTRUCT {} {", "SELECT (1 AS ?q) {"]
FORMS += ["SELECT(EXISTS{", "ASK{?s ?p ?o ", "PREFIX SERVICEex:<a:>ASK{"]
OPENINGS = ["FILTER(", "FILTER(1=1||", "FILTER(?o=1&&", "BIND(", "FILTER(!(", "FILTER(1 IN ("]
OPENINGS += ["OPTIONAL{FILTER(", "VALUES ?x{", "VALUES(?x ?y){(", "FILTER EXISTS{", "{SELECT("]
OPENINGS += ["?s ?p(", "?s ?p[", "?s ?p ", "?s ?p ?o;", "?s ?p ?o,", "GRAPH ?g{", "MINUS{"]
OPENINGS += ["?s ?p ?o.", "?s (ex:a|", "?s !(", "?s ?p ?o ~", ""]
OPERANDS = ["?o", "1", "'x'", "1.", "1.e0", "true", "false", "ex:a", "<a:b>", "'x'@en", '""']
OPERANDS += ["'x'^^ex:t", "EXISTS{}", "NOT EXISTS{}", "<<(?s ?p ?o)>>", "<<( <a:a> <a:b> 1 )>>"]
OPERANDS += ["str(?o)", "(1)", "COUNT(*)", "IF(1,2,3)", "?o IN (1)", "-1", "!?o", "COALESCE(?o)"]
OPERANDS += ["<a:f>(1)", "'''a'''", "_:b", "TRIPLE(?s,?p,?o)", "'''a'", '"""a"']
TAILS = ["<?o)", "<1)", "<'>')", "<?o||1=1)", "<=?o)", "<\n?o)", "<2+'>')", "<ex:a)", "<?o)}"]
TAILS += ["<?o && ?o>1)", "<'>'||1=1)", "<?o AS ?z)"]
HIDING = ["#>\n", "#>)GRAPH\n", "#>'\n", '#"\n', "#>)FROM\n", "'#\n", "\n", "#>}\n", "#", ""]
HIDING += ["#\\z'''\n", '#\\z"""\n', "#\\uD800'''\n", "#'''\n", "#>)DESCRIBE\n", "#>PREFIX\n"]
SERVICES = ["SERVICE<U>", "SERVICE#>\n<U>", "SERVICE SILENT<U>", "SERVICEex:", "SERVICEex:x"]
SERVICES += ["SERVICESILENTex:", "SERVICE ex:", "SERVICE\n<U>", "sErvIce<U>", "SERVICE#'''\n<U>"]
SERVICES += ["SERVICE#>)GRAPH\n<U>", "serviceex:x", "SERV\\u0049CE<U>"]
PATTERNS = ["{?s ?p ?o}", "{}", "{?s ?p 'x'}", "#>\n{?s ?p ?o}", "{?s ?p '>'}"]
CHARACTERS = [*"<>'\"#\n(){}[].,;|/^@\\:_?$ a1é&=!+-*", "\u00a0", "'''", '"""', "\\u0041", "\\z"]
CHARACTERS += ["%41", "<<", "<<(", ")>>", "UNION", "GRAPH", "SILENT", "LATERAL", "AS ?z)", "}}"]
CHARACTERS += ["))", "'a'}", "#\\z'''"]


def generated(chance: random.Random) -> str:
    """Return a text with SERVICE somewhere, near to well-formed."""
    text = chance.choice(FORMS)
    for _ in range(chance.choice([0, 1, 1, 1, 2])):
        text += chance.choice(OPENINGS) + chance.choice(OPERANDS)
        text += chance.choice(TAILS) if chance.random() < 0.7 else ""
        text += chance.choice(["", ")", "}", " ", "''' ", "'''"])
    text += chance.choice(HIDING) if chance.random() < 0.3 else ""
    text += chance.choice(SERVICES) + chance.choice(PATTERNS)
    text += chance.choice(["", "", "#>\n", chance.choice(HIDING)]) + " "
    for _ in range(chance.choice([1, 1, 2])):
        text += chance.choice(["}", ")", "}}", "} AS ?x)}", ""])
    for _ in range(chance.choice([0, 0, 0, 1, 1, 2, 3])):
        at, deed = chance.randrange(len(text) + 1), chance.random()
        if deed < 0.6:
            text = text[:at] + chance.choice(CHARACTERS) + text[at:]
        elif deed < 0.85:
            text = text[:at] + text[at + 1 :]
        else:
            start, end = sorted((at, chance.randrange(len(text) + 1)))
            text = text[:at] + text[start : min(end, start + 12)] + text[at:]
    return text


def dials(text: str, canary: Canary) -> bool:
    """Tell whether the bare engine would dial out; without its guards, to see the test bite."""
    before = canary.count()
    with suppress(SyntaxError, RuntimeError, ValueError, OSError):
        pyoxigraph.Store().query(text, prefixes={"ex": canary.iri})
    return canary.count() > before


def test_the_generator_finds_ways_to_dial_out(canary: Canary) -> None:
    """Else the next test would prove nothing."""
    chance = random.Random(1)
    texts = [generated(chance).replace("<U>", f"<{canary.iri}>") for _ in range(2000)]
    assert sum(dials(text, canary) for text in texts) > 10


def test_no_generated_text_dials_out(store: EmbeddedStore, canary: Canary) -> None:
    seed = random.SystemRandom().getrandbits(32)
    chance = random.Random(seed)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        texts = [generated(chance).replace("<U>", f"<{canary.iri}>") for _ in range(100)]
        for text in texts:
            ask(store, text, {"ex": canary.iri})
        # One look for a hundred texts; the culprit is among them.
        assert canary.count() == 0, (seed, texts)


def test_no_generated_text_reads_as_service_once_its_text_was_passed(canary: Canary) -> None:
    """The tokens alone: what they let pass, the engine reads as well without the word."""
    seed = random.SystemRandom().getrandbits(32)
    chance = random.Random(seed)
    end = time.monotonic() + SECONDS / 4
    while time.monotonic() < end:
        text = generated(chance).replace("<U>", f"<{canary.iri}>")
        try:
            refuse_egress(text, (GRAPH,))
        except CosigraphError:
            continue
        with suppress(SyntaxError, RuntimeError, ValueError, OSError):
            pyoxigraph.Store().query(text, prefixes={"ex": canary.iri})
            spoilt = re.sub("service", "qxkwvjq", text, flags=re.IGNORECASE)
            try:
                pyoxigraph.Store().query(spoilt, prefixes={"ex": canary.iri})
            except SyntaxError:
                pytest.fail(f"seed {seed}: {text!r}")
    assert canary.count() == 0, seed
