# SPDX-License-Identifier: Apache-2.0
"""Receipts: what was asked of which data and what came of it, so that anyone can check it.

::

    receipt = receipt_of(project, "SELECT …")
    verify(read_receipt(receipt.to_json()), project)   # compares what comes of it now
"""

from cosigraph.receipts.digest import graph_digest, rows_digest
from cosigraph.receipts.making import question_of, receipt_for, receipt_of
from cosigraph.receipts.receipt import Receipt, read_receipt
from cosigraph.receipts.verification import Comparison, verify

__all__ = [
    "Comparison",
    "Receipt",
    "graph_digest",
    "question_of",
    "read_receipt",
    "receipt_for",
    "receipt_of",
    "rows_digest",
    "verify",
]
