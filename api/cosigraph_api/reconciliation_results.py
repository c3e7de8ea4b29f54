# SPDX-License-Identifier: Apache-2.0
"""The results of a batch: candidates with why they are, and what a thing looks like in brief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from time import monotonic
from typing import Any, TypeAlias

from anyio import to_thread
from pyoxigraph import NamedNode

from cosigraph.errors import QueryTimeout
from cosigraph.reconciliation.matching import MARGIN, MATCH_SCORE

from .reconciler import Reconciler
from .reconciliation_queries import AskedName
from .reconciliation_values import Values, share_of, values_of
from .service import Service

Found: TypeAlias = Mapping[str, Any]
_MOST_TYPES_SHOWN = 3
_BY_NAME = 0.7
"""The part of a score that is the name's where properties are given; the rest is theirs."""


async def matched(
    service: Service, reconciler: Reconciler, asked: Sequence[AskedName]
) -> Sequence[Sequence[Found]]:
    """The candidates for each query, held to the properties that it gives; raises as a query."""
    wanted = [
        [each.name or "", each.types, each.strictness, each.limit + len(each.properties) * 5]
        for each in asked
    ]
    found = await reconciler.match(wanted)
    properties = {held.property for each in asked for held in each.properties}
    if not properties:
        return found
    prefixes = service.project.prefixes
    values = await values_of(service, [prefixes.expand(each) or each for each in properties])
    # Where there is no name, whatever has the properties is a candidate.
    alone = list(values) if any(each.name is None for each in asked) else []
    iris = {
        term.value
        for of in values.values()
        for terms in of.values()
        for term in terms
        if isinstance(term, NamedNode)
    }
    names = await reconciler.ask({"labels": sorted(iris)})
    described = await reconciler.ask({"named": {"kind": "entity", "ids": alone}})
    unnamed = [thing for thing in described if thing is not None]

    limit = service.limits.time
    end = None if limit is None else monotonic() + limit

    def held() -> list[Sequence[Found]]:
        told: list[Sequence[Found]] = []
        for each, candidates in zip(asked, found, strict=True):
            if end is not None and monotonic() > end:  # nothing can stop a thread from outside
                raise QueryTimeout(
                    f"{len(told):,} of {len(asked):,} queries were held to their properties in "
                    f"{limit:g} s.",
                    advice="Send fewer queries with properties at a time.",
                )
            of_name = candidates if each.name is not None else unnamed
            told.append(_held(each, of_name, values, names, service))
        return told

    return await to_thread.run_sync(held)


def _held(
    asked: AskedName,
    candidates: Sequence[Found],
    values: Values,
    names: Mapping[str, str],
    service: Service,
) -> Sequence[Found]:
    """The candidates in the order of name and properties together, the first decided anew."""
    if not asked.properties:
        return list(candidates)[: asked.limit]
    prefixes = service.project.prefixes
    types = {prefixes.expand(type_) or type_ for type_ in asked.types}
    held: list[dict[str, Any]] = []
    for each in candidates:
        share = share_of(asked.properties, values.get(each["id"], {}), names, prefixes)
        if asked.name is None:
            is_of_type = not types or any(type_["id"] in types for type_ in each["types"])
            if share and is_of_type:
                held.append({**each, "score": round(100 * share, 1), "share": share})
        else:
            score = each["score"] * (_BY_NAME + (1 - _BY_NAME) * share)
            held.append({**each, "score": round(score, 1), "share": share})
    held.sort(key=lambda each: (-each["score"], each["id"]))
    for each in held:
        each.update(match=False, namesakes=0)
    if held:
        first = held[0]
        rivals = sum(first["score"] - other["score"] < MARGIN for other in held[1:])
        is_sure = first["share"] == 1.0 and first["score"] >= MATCH_SCORE
        is_named = asked.name is not None and first["of_type"] is not False
        first.update(match=is_sure and is_named and not rivals, namesakes=rivals)
    return held[: asked.limit]


def results(asked: Sequence[AskedName], found: Sequence[Sequence[Found]]) -> dict[str, Any]:
    """The reconciliation result batch (section 4.2)."""
    return {
        each.key: {"result": [_result(candidate) for candidate in candidates]}
        for each, candidates in zip(asked, found, strict=True)
    }


def _result(candidate: Found) -> dict[str, Any]:
    told = {
        "id": candidate["id"],
        "name": candidate["name"],
        "score": candidate["score"],
        "match": candidate["match"],
        "type": candidate["types"],
        "features": list(_features(candidate)),
    }
    description = candidate["description"]
    return {**told, "description": description} if description else told


def _features(candidate: Found) -> list[dict[str, Any]]:
    """Why the candidate is one; the name that was found is told beside its value."""
    features: list[dict[str, Any]] = []
    found = candidate.get("found")
    if found is not None:
        told = {name: found[name] for name in ("name", "property", "language") if found[name]}
        features.append({"id": "name", "value": candidate["score"], "how": found["how"], **told})
        features.append({"id": "exact", "value": found["how"] in {"exact", "identifier"}})
    if "share" in candidate:
        features.append({"id": "properties", "value": round(candidate["share"], 3)})
    if candidate.get("of_type") is not None:
        features.append({"id": "type", "value": candidate["of_type"]})
    if candidate.get("namesakes"):
        features.append({"id": "namesakes", "value": candidate["namesakes"]})
    return features


def preview(thing: Found) -> str:
    """A thing in brief, as HTML."""
    kinds = ", ".join(escape(type_["name"]) for type_ in thing["types"][:_MOST_TYPES_SHOWN])
    description = f"<p>{escape(thing['description'])}</p>" if thing["description"] else ""
    iri = escape(thing["id"])
    if thing["id"].startswith(("https://", "http://")):
        iri = f'<a href="{iri}" target="_blank" rel="noopener noreferrer">{iri}</a>'
    name = escape(thing["name"])
    return f"<p><strong>{name}</strong></p><p>{kinds}</p>{description}<p>{iri}</p>"
