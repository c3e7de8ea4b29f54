# SPDX-License-Identifier: Apache-2.0
"""A receipt, and its form as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from cosigraph.errors import UsageError

_FORMAT: Final = 1
_KINDS: Final = frozenset({"rows", "graph", "boolean"})


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was asked of which data, and what came of it.

    Attributes:
        query: the text, with its parameters bound
        kind: what the answer is: ``rows``, ``graph`` or ``boolean``
        version: that of the data, as ``Cosigraph-Version`` has it
        dataset: the digest of the dataset (RDFC-1.0)
        answer: the digest of the answer (``cosigraph.receipts.digest``)
        size: how many rows or statements it has
        created: when it was asked
        software: the versions of what answered
        name: the canned query's name, if it was one
        parameters: the values of its parameters, as they were given
        reading: the alternative reading that was asked
        default_graphs: the graphs that were asked, where some were named beside the query
        named_graphs: as the default ones
        prefixes: those that the text uses without PREFIX
        base: what relative IRIs are resolved against
        citations: texts that cite the answer, by format
    """

    query: str
    kind: str
    version: str
    dataset: str
    answer: str
    size: int
    created: str
    software: Mapping[str, str]
    name: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    reading: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    base: str | None = None
    citations: Mapping[str, str] = field(default_factory=dict)
    format: int = _FORMAT

    def to_json(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"


def read_receipt(text: str | bytes) -> Receipt:
    """Return the receipt that a text is.

    Raises:
        UsageError: it is none, or of another format.
    """
    try:
        content = json.loads(text)
        if content["format"] != _FORMAT:
            raise UsageError(
                f"The receipt is of the format {content['format']}, and {_FORMAT} is read here.",
                advice="Use the version of cosigraph that made it.",
            )
        graphs = {name: tuple(content[name]) for name in ("default_graphs", "named_graphs")}
        receipt = Receipt(**{**content, **graphs})
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _no_receipt() from error
    texts = (receipt.query, receipt.version, receipt.dataset, receipt.answer)
    maps = (receipt.prefixes, receipt.software, receipt.citations)
    if (
        receipt.kind not in _KINDS
        or not all(isinstance(each, str) for each in texts)
        or not all(_is_texts(each) for each in maps)
        or not all(isinstance(each, str | None) for each in (receipt.base, receipt.reading))
        or not all(
            isinstance(each, str) for each in (*receipt.default_graphs, *receipt.named_graphs)
        )
    ):
        raise _no_receipt()
    return receipt


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(each, str) for each in (*value, *value.values())
    )


def _no_receipt() -> UsageError:
    return UsageError("This is no receipt.", advice="Make one: cosigraph run NAME --receipt FILE")
