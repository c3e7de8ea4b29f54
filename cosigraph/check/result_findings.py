# SPDX-License-Identifier: Apache-2.0
"""Results of a validation as findings: the same words and places whatever engine validated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from cosigraph.check.engines import Result
from cosigraph.check.findings import Finding, Severity
from cosigraph.check.result_places import place_of_result
from cosigraph.check.rule import Rule, rule, rules
from cosigraph.check.shapes_graph import ShapesGraph
from cosigraph.check.sources import SHAPES, Sources, place_of
from cosigraph.errors import Position, ShapesError
from cosigraph.vocabulary import SH, XSD

_SEVERITIES: Final = {f"{SH}{severity.value.title()}": severity for severity in Severity}
_CUSTOM: Final = "shacl/custom-constraint"
_SPARQL: Final = NamedNode(f"{SH}sparql")
_VARIABLE: Final = re.compile(r"\{[?$](\w+)\}")
_MESSAGE: Final = NamedNode(f"{SH}message")
_SUFFIX: Final = "ConstraintComponent"


class ResultFindings:
    """Turns results into findings."""

    def __init__(self, shapes: ShapesGraph, sources: Sources) -> None:
        self._shapes = shapes
        self._sources = sources

    def finding(self, result: Result, of: Rule | None = None) -> Finding:
        """Return the finding that tells of a result, by the rule of its component or ``of``."""
        applied = of or rule_of(result.component)
        return applied.finding(
            self._message(result, applied),
            place_of_result(result, self._shapes, self._sources.positions) or Position(SHAPES),
            severity=_SEVERITIES.get(result.severity.value, Severity.VIOLATION),
            focus_node=self.shorten(result.focus),
            path=None if result.path is None else self._path(result.path),
            value=None if result.value is None else self.shorten(result.value),
            shape=self.name_of(result.shape),
            component=self.shorten(result.component),
        )

    def failure(self, error: ShapesError) -> Finding:
        """Return the finding that tells that the shapes cannot be used."""
        return rule("shacl/ill-formed-shapes").finding(
            f"A shape cannot be used: {' '.join(error.detail.split()).rstrip('.')}.",
            place_of(self._sources.of(SHAPES)[0]),
            advice="Mend the shape: nothing was validated.",
        )

    def place(self, subject: Any, predicate: Any = None, value: Any = None) -> Position:
        """Return where a statement stands."""
        return self._sources.positions.of(subject, predicate, value) or Position(SHAPES)

    def name_of(self, shape: Any) -> str | None:
        """Return a shape's name, which a blank node has not."""
        return self.shorten(shape) if type(shape) is NamedNode else None

    def shorten(self, term: Any) -> str:
        """Return a term as Turtle with the project's prefixes."""
        if type(term) is NamedNode:
            return self._sources.shorten(term)
        if type(term) is BlankNode:
            return f"_:{term.value}"
        if term.language is not None or term.datatype.value == f"{XSD}string":
            return str(term)
        return f"{Literal(term.value)}^^{self._sources.shorten(term.datatype)}"

    def _path(self, node: Any) -> str:
        try:
            return self._shapes.paths.path(node).written(self.shorten)
        except ShapesError:
            return "a path"

    def _message(self, result: Result, applied: Rule) -> str:
        """Return the words of the constraint, else of the shape, else of the rule."""
        if applied.identifier == "shacl/ill-formed-shapes":
            broken = rule_of(result.component).title
            return f"The shape is no valid SHACL: {broken[0].lower()}{broken[1:]}."
        own: list[Literal] = []
        of_shape = self._messages(result.shape)
        if applied.identifier == "shacl/sparql":
            words = {message.value for message in of_shape}
            queries = self._shapes.objects(result.shape, _SPARQL)
            if any(self._messages(query) for query in queries):  # else the engine's own words
                own = [message for message in result.messages if message.value not in words]
        elif applied.identifier == _CUSTOM:
            own = self._component_messages(result)
        messages = own or of_shape
        return _chosen(messages) if messages else f"{applied.title}."

    def _messages(self, holder: Any) -> list[Literal]:
        return [m for m in self._shapes.objects(holder, _MESSAGE) if type(m) is Literal]

    def _component_messages(self, result: Result) -> list[Literal]:
        """Return the messages of a component's validators, else of itself, filled in.

        (SHACL, section 6.2.3.) pySHACL adds those of one result to those of the next.
        """
        holders = [
            validator
            for name in ("validator", "nodeValidator", "propertyValidator")
            for validator in self._shapes.objects(result.component, NamedNode(f"{SH}{name}"))
        ]
        own = [message for holder in holders for message in self._messages(holder)]
        value = result.focus if result.path is None else result.value
        known = {"this": result.focus, "value": value}
        for predicate, value in self._shapes.constraints(result.shape):
            known.setdefault(re.split(r"[/#]", predicate.value)[-1], value)
        return [
            Literal(_filled(message.value, known), language=message.language)
            for message in own or self._messages(result.component)
        ]


def rule_of(component: NamedNode) -> Rule:
    """Return a component's rule: ``shacl/min-count`` for ``sh:MinCountConstraintComponent``."""
    name = component.value.removeprefix(SH).removesuffix(_SUFFIX)
    hyphenated = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
    of_shacl = component.value.startswith(SH) and f"shacl/{hyphenated}" in rules()
    return rule(f"shacl/{hyphenated}" if of_shacl else _CUSTOM)


def _filled(template: str, known: Mapping[str, Any]) -> str:
    """Return a message with its variables replaced by what is known of them."""

    def value(found: re.Match[str]) -> str:
        term = known.get(found[1])
        return found[0] if term is None else term.value

    return _VARIABLE.sub(value, template)


def _chosen(messages: list[Literal]) -> str:
    """Return the English message, else the first."""
    ordered = sorted(
        messages, key=lambda m: ((m.language or "").partition("-")[0] != "en", m.value)
    )
    return " ".join(ordered[0].value.split())
