# SPDX-License-Identifier: Apache-2.0
"""The same answer elsewhere: on a command line, in Python, in R, from the endpoint."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from .canned_answers import Call
from .figures import query_string


@dataclass(frozen=True, slots=True)
class Recipe:
    """A few lines to copy, and where they are to be typed."""

    where: str
    text: str


def recipes(call: Call, server: str, text: str) -> list[Recipe]:
    """How to get the answer of a call.

    Args:
        call: the query with its values
        server: the server's own address, with a slash at its end
        text: the query as it is asked, in SPARQL
    """
    name = call.query.name
    address = f"{server}queries/{name}.csv{query_string(call)}"
    endpoint = f"{server}sparql"
    asked = urlencode({"query": text, **({"reading": call.reading} if call.reading else {})})
    return [
        Recipe("curl", f"curl {shlex.quote(address)}"),
        Recipe("Python, pandas", f"import pandas\n\npandas.read_csv({_literal(address)})"),
        Recipe("Python, without a server", _library(call)),
        Recipe("R", f"read.csv({_literal(address)})"),
        Recipe("The command line", shlex.join(["cosigraph", "run", name, *_options(call)])),
        Recipe(
            "SPARQL, from any client",
            f"curl {shlex.quote(endpoint)} -H 'Accept: text/csv' --data {shlex.quote(asked)}",
        ),
    ]


def _library(call: Call) -> str:
    values = {name.replace("-", "_"): _one_or_all(each) for name, each in call.values.items()}
    given = "".join(f", {name}={_literal(value)}" for name, value in values.items())
    reading = f"reading={_literal(call.reading)}" if call.reading else ""
    run = f"open_project({reading}).run({_literal(call.query.name)}{given})"
    return f"from cosigraph import open_project\n\n{run}"


def _options(call: Call) -> list[str]:
    options = [
        part for name, each in call.values.items() for v in each for part in (f"--{name}", v)
    ]
    return options + (["--reading", call.reading] if call.reading else [])


def _one_or_all(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _literal(value: str | Sequence[str]) -> str:
    """A text as Python and R both write it."""
    return json.dumps(value, ensure_ascii=False)
