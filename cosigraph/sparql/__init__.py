# SPDX-License-Identifier: Apache-2.0
"""What can be told of a SPARQL query from its tokens: form, dataset, what it may not ask."""

from __future__ import annotations

from cosigraph.sparql.egress import DatasetClause, ServiceCall, refuse_egress
from cosigraph.sparql.form import Form, query_form
from cosigraph.sparql.readings import possible_tokens
from cosigraph.sparql.token import (
    Token,
    describe,
    mentions,
    position_at,
    select_star,
    shown,
    tokens,
    variables_in_order,
)

__all__ = [
    "DatasetClause",
    "Form",
    "ServiceCall",
    "Token",
    "describe",
    "mentions",
    "position_at",
    "possible_tokens",
    "query_form",
    "refuse_egress",
    "select_star",
    "shown",
    "tokens",
    "variables_in_order",
]
