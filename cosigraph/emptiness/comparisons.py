# SPDX-License-Identifier: Apache-2.0
"""What a filter compares with what, and what a block of ``VALUES`` binds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cosigraph.emptiness.parts import Part, Place, Sort
from cosigraph.emptiness.tree import Tree

_FINDERS = {"CONTAINS", "STRSTARTS", "STRENDS"}

Bound = Mapping[str, Sequence[Place]]
"""For each variable that a block of ``VALUES`` binds alone, the terms in it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An expression that is to equal a constant."""

    expression: str
    constant: Place


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function, where it starts, and another that passes over capitals."""

    text: str
    loosely: str
    start: int


def bound_by(text: str, parts: Iterable[Part]) -> Bound:
    """What the blocks of ``VALUES`` with one variable among the parts bind."""
    bound: dict[str, Sequence[Place]] = {}
    for part in parts:
        block = part.tree.child("DataBlock") if part.sort is Sort.VALUES and part.tree else None
        if block is not None and block.words[0].kind == "variable":
            places = [_constant(text, value) for value in block.trees]
            bound[block.words[0].text] = [place for place in places if place is not None]
    return bound


def comparisons(text: str, tree: Tree, bound: Bound) -> Iterator[Comparison]:
    """The comparisons with a constant, by ``=`` or ``IN``, in a filter but not in its EXISTS."""
    for relation in tree.all("Relation", "Group"):
        if relation.rule == "Group":
            continue
        signs = [word.text.upper() for word in relation.words]
        if signs == ["="]:
            left, right = relation.trees
            yield from _pairs(text, left, [right], bound)
            yield from _pairs(text, right, [left], bound)
        elif signs == ["IN"]:
            left, listed = relation.trees
            yield from _pairs(text, left, listed.trees, bound)
        else:
            yield from comparisons(text, relation, bound)


def ordered_sides(text: str, tree: Tree, bound: Bound) -> Iterator[Place]:
    """The expressions in a filter that are to be less or greater than something."""
    for relation in tree.all("Relation", "Group"):
        signs = {word.text for word in relation.words}
        if relation.rule == "Relation" and signs & {"<", ">", "<=", ">="}:
            for side in relation.trees:
                written = text[side.start : side.end]
                has_variable = any(word.kind == "variable" for word in side.tokens())
                if has_variable and written not in bound:
                    yield Place("expression", written, written, side.start)
        elif relation.rule == "Relation":
            yield from ordered_sides(text, relation, bound)


def case_sensitive_calls(text: str, tree: Tree) -> Iterator[Call]:
    """The calls in a filter that look for a text with its capitals, and how to look without."""
    for call in tree.all("BuiltInCall", "Group"):
        if call.rule == "Group":
            continue
        listed = call.child("List")
        arguments = [text[each.start : each.end] for each in listed.trees] if listed else []
        name = call.words[0].text
        written = text[call.start : call.end]
        if name.upper() in _FINDERS and len(arguments) == 2:
            whole, part = arguments
            yield Call(written, f"{name}(LCASE({whole}), LCASE({part}))", call.start)
        elif name.upper() == "REGEX" and len(arguments) == 2:
            yield Call(written, f'{name}({arguments[0]}, {arguments[1]}, "i")', call.start)
        elif listed is not None:
            yield from case_sensitive_calls(text, listed)


def _pairs(text: str, side: Tree, others: Iterable[Tree], bound: Bound) -> Iterator[Comparison]:
    expression = text[side.start : side.end]
    words = list(side.tokens())
    if not any(word.kind == "variable" for word in words) or expression in bound:
        return
    for other in others:
        constant = _constant(text, other)
        if constant is not None:
            yield Comparison(expression, constant)
        for place in bound.get(text[other.start : other.end], ()):
            yield Comparison(expression, place)


def _constant(text: str, tree: Tree) -> Place | None:
    """The IRI or literal that a tree is and no more, or None."""
    kinds = [token.kind for token in tree.tokens()]
    written = text[tree.start : tree.end]
    if kinds in (["iri"], ["name"]):
        return Place("iri", written, written, tree.start)
    literals = (["string"], ["string", "language"], ["number"], ["sign", "number"])
    is_typed = kinds[:2] == ["string", "sign"] and len(kinds) == 3
    is_boolean = kinds == ["word"] and written.lower() in {"true", "false"}
    if kinds in literals or is_typed or is_boolean:
        return Place("literal", written, written, tree.start)
    return None
