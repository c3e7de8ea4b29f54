# SPDX-License-Identifier: Apache-2.0
"""Whether what a receipt says can be reproduced, and if not, what differs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cosigraph.errors import QueryError
from cosigraph.project import Project
from cosigraph.receipts.making import digest_of, question_of
from cosigraph.receipts.receipt import Receipt
from cosigraph.store import Store


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing that a receipt says, and what it is here.

    ``counts``: the receipt is not reproduced if this differs. Another version of the software may
    give the same answer.
    """

    what: str
    told: str
    here: str
    counts: bool = True

    @property
    def is_same(self) -> bool:
        """Whether it is the same."""
        return self.told == self.here


def verify(receipt: Receipt, project: Project, store: Store | None = None) -> list[Comparison]:
    """Ask what a receipt says was asked, and compare; it is reproduced if all that counts is same.

    Args:
        receipt: what is to be reproduced
        project: with the data to ask
        store: what answers, the project's own unless given

    Raises:
        QueryStopped: a limit stopped the query
    """
    digest, size = _answered(receipt, project, store or project.store)
    return [
        Comparison("dataset", receipt.dataset, project.dataset.digest),
        Comparison("answer", receipt.answer, digest),
        Comparison("size", str(receipt.size), size),
        Comparison("version", receipt.version, project.version, counts=False),
    ]


def _answered(receipt: Receipt, project: Project, store: Store) -> tuple[str, str]:
    try:
        query = question_of(
            project,
            receipt.query,
            reading=receipt.reading,
            default_graphs=receipt.default_graphs,
            named_graphs=receipt.named_graphs,
        )
        query = replace(query, prefixes=dict(receipt.prefixes), base_iri=receipt.base)
        kind, digest, size = digest_of(query, b"".join(store.execute(query)))
    except QueryError as error:
        return f"none: {error.detail}", "none"
    return (digest if kind == receipt.kind else f"{kind}, {digest}"), str(size)
