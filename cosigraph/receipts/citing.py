# SPDX-License-Identifier: Apache-2.0
"""Texts that cite an answer: BibTeX, RIS and CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_HARMFUL = re.compile(r"[\\{}%&$#_^~]")
_TEX = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


@dataclass(frozen=True, slots=True)
class Cited:
    """What is cited: ``date`` is the day on which it was asked, as ISO 8601 has it."""

    title: str
    question: str
    version: str
    address: str
    digest: str
    date: str


def citations(cited: Cited) -> Mapping[str, str]:
    """Return the texts by the names of their formats."""
    return {"bibtex": _bibtex(cited), "ris": _ris(cited), "csl-json": _csl(cited)}


def _note(cited: Cited) -> str:
    return f"Answer to: {cited.question}. Digest of the answer: {cited.digest}"


def _bibtex(cited: Cited) -> str:
    key = f"cosigraph-{cited.digest.removeprefix('sha256:')[:12]}"
    fields = {
        "title": f"{{{_tex(cited.title)}}}",
        "version": _tex(cited.version),
        "url": cited.address,
        "urldate": cited.date,
        "note": _tex(_note(cited)),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return "\n".join([f"@dataset{{{key},", ",\n".join(lines), "}"]) + "\n"


def _tex(text: str) -> str:
    return _HARMFUL.sub(lambda sign: _TEX.get(sign[0], f"\\{sign[0]}"), " ".join(text.split()))


def _ris(cited: Cited) -> str:
    year, month, day = cited.date.split("-")
    lines = [
        ("TY", "DATA"),
        ("TI", cited.title),
        ("ET", cited.version),
        ("UR", cited.address),
        ("Y2", f"{year}/{month}/{day}"),
        ("N1", _note(cited)),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {' '.join(text.split())}\r\n" for tag, text in lines)


def _csl(cited: Cited) -> str:
    item: dict[str, Any] = {
        "id": cited.digest,
        "type": "dataset",
        "title": cited.title,
        "version": cited.version,
        "URL": cited.address,
        "accessed": {"date-parts": [[int(part) for part in cited.date.split("-")]]},
        "note": _note(cited),
    }
    return json.dumps([item], ensure_ascii=False)
