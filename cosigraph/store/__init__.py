# SPDX-License-Identifier: Apache-2.0
"""The seam below every query: a store that answers, whichever engine it is.

Above it, a query has been checked and its format chosen (``cosigraph.answers``); below it, the
text is run. ``EmbeddedStore`` runs it on Oxigraph in this process; ``cosigraph.workers`` runs the
same store in processes that can be stopped.
"""

from __future__ import annotations

from cosigraph.store.embedded import PIECE, EmbeddedStore, Store, answer_too_large, engine_error
from cosigraph.store.query import Query
from cosigraph.store.service_keyword import SERVICE, absent_word, renamed
from cosigraph.store.snapshot import UNNAMED, Snapshot

__all__ = [
    "PIECE",
    "SERVICE",
    "UNNAMED",
    "EmbeddedStore",
    "Query",
    "Snapshot",
    "Store",
    "absent_word",
    "answer_too_large",
    "engine_error",
    "renamed",
]
