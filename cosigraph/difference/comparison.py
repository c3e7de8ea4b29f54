# SPDX-License-Identifier: Apache-2.0
"""What differs between two versions: things added, removed, renamed and changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from cosigraph.blank_nodes import labelled
from cosigraph.difference.descriptions import Descriptions, Statement, Value, in_order
from cosigraph.difference.renaming import MOST_STATEMENTS, renamed_things
from cosigraph.difference.version import Version
from cosigraph.turtle import natural_key


class Kind(StrEnum):
    """What became of a thing."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One property of a thing: the statement before and after, one of which may be None.

    Where both have the same value, the statement moved to another graph.
    """

    old: Statement | None
    new: Statement | None

    @property
    def predicate(self) -> str:
        """The IRI of the property, in the new version if it is there."""
        statement = self.new or self.old
        assert statement is not None  # noqa: S101 - a change has one of them
        return statement.predicate


@dataclass(frozen=True)
class Thing:
    """A thing that differs.

    ``old`` and ``new`` are its IRIs, or the label of a blank node after ``_:``; one that was added
    has no ``old``, one that was removed no ``new``. ``before`` and ``after`` are the statements
    that differ, in no order.
    """

    kind: Kind
    old: str | None
    new: str | None
    before: Sequence[Statement] = ()
    after: Sequence[Statement] = ()

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """What was said of a thing that was removed, or is of one that was added."""
        if self.old is not None and self.new is not None:
            return ()
        return in_order(self.before or self.after)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The changes of a thing that was renamed or changed."""
        if self.old is None or self.new is None:
            return ()
        return tuple(_changes(in_order(self.before), in_order(self.after)))


@dataclass(frozen=True)
class Comparison:
    """What differs between two versions.

    ``removed`` and ``added`` are the quads; ``things`` what they mean for things, by kind and
    name. ``renamed`` has the new IRI of each thing that was renamed, and ``followed`` is the number
    of quads that differ only by that. ``unused`` are the properties and classes that are used in
    no statement any more. ``remarks`` say what was not done.
    """

    old: Version
    new: Version
    removed: AbstractSet[Quad]
    added: AbstractSet[Quad]
    things: tuple[Thing, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    followed: int = 0
    descriptions: tuple[Descriptions, Descriptions] = (Descriptions({}, {}), Descriptions({}, {}))
    gone: AbstractSet[str] = frozenset()
    remarks: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.removed or self.added)

    def of(self, kind: Kind) -> list[Thing]:
        """Return the things of a kind, by name."""
        return [thing for thing in self.things if thing.kind is kind]


def compare(old: Version, new: Version) -> Comparison:
    """Compare two versions."""
    removed, added = old.quads - new.quads, new.quads - old.quads
    remarks = remarks_on(old, new)
    if not removed and not added:
        return Comparison(old, new, removed, added, remarks=remarks)
    before, after = Descriptions.of(removed), Descriptions.of(added)
    gone = _iris(before) - _subjects(new.quads, _iris(before))
    come = _iris(after) - _subjects(old.quads, _iris(after))
    went = {iri: before.statements[iri] for iri in gone}
    came = {iri: after.statements[iri] for iri in come}
    renamed: dict[str, str] = {}
    if sum(map(len, (*went.values(), *came.values()))) > MOST_STATEMENTS:
        remarks += ("So much was removed and added that no renamed things were looked for.",)
    elif went and came:
        shared = _shared(new.quads, came)
        renamed = renamed_things(
            went,
            came,
            (before, after),
            lambda each: (each.predicate, each.value) in shared,
        )
    followed = 0
    if renamed:
        left_removed, left_added = _left(removed, added, renamed, new.quads)
        followed = len(removed) - len(left_removed)
        before, after = Descriptions.of(left_removed), Descriptions.of(left_added)
    return Comparison(
        old=old,
        new=new,
        removed=removed,
        added=added,
        things=tuple(_things(before, after, gone, come, renamed)),
        renamed=renamed,
        followed=followed,
        descriptions=(before, after),
        gone=gone,
        remarks=remarks,
    )


def remarks_on(*versions: Version) -> tuple[str, ...]:
    """Return what was not done when the versions were read."""
    return tuple(
        f"{version.name}: {version.undecided} blank nodes are so much alike that they were taken "
        "in the order of the file; more of them may be shown than differ."
        for version in versions
        if version.undecided
    )


def _iris(descriptions: Descriptions) -> set[str]:
    return {iri for iri in descriptions.statements if not iri.startswith("_:")}


def _subjects(quads: Iterable[Quad], among: AbstractSet[str]) -> set[str]:
    """Return those of the IRIs that are subjects."""
    if not among:
        return set()
    subjects = (quad.subject for quad in quads)
    return {each.value for each in subjects if isinstance(each, NamedNode) and each.value in among}


def _shared(
    quads: Iterable[Quad], came: Mapping[str, Sequence[Statement]]
) -> set[tuple[str, Value]]:
    """Return what is said of things that came and of others, too."""
    said = {
        (each.predicate, each.value)
        for statements in came.values()
        for each in statements
        if not isinstance(each.value, BlankNode)
    }
    return {
        pair
        for quad in quads
        if (pair := (quad.predicate.value, quad.object)) in said
        and getattr(quad.subject, "value", None) not in came
    }


def _left(
    removed: Iterable[Quad],
    added: Iterable[Quad],
    renamed: Mapping[str, str],
    present: AbstractSet[Quad],
) -> tuple[set[Quad], set[Quad]]:
    """Return what still differs once the renamed things have their new IRIs on both sides."""
    before = labelled(_by_text(_renamed(quad, renamed) for quad in removed)).quads
    after = labelled(_by_text(added)).quads
    return before - after - present, after - before


def _by_text(quads: Iterable[Quad]) -> list[Quad]:
    return sorted(quads, key=str)


def _renamed(quad: Quad, renamed: Mapping[str, str]) -> Quad:
    """Return the quad with the new IRIs of renamed things."""

    def node(term: NamedNode | BlankNode | Triple) -> NamedNode | BlankNode:
        assert not isinstance(term, Triple)  # noqa: S101 - RDF 1.2 allows none there
        known = isinstance(term, NamedNode) and term.value in renamed
        return NamedNode(renamed[term.value]) if known else term

    def value(term: Value) -> Value:
        if isinstance(term, Triple):
            return Triple(node(term.subject), predicate(term.predicate), value(term.object))
        return term if isinstance(term, Literal) else node(term)

    def predicate(term: NamedNode) -> NamedNode:
        return NamedNode(renamed.get(term.value, term.value))

    graph = quad.graph_name
    return Quad(
        node(quad.subject),
        predicate(quad.predicate),
        value(quad.object),
        graph if isinstance(graph, DefaultGraph) else node(graph),
    )


def _things(
    before: Descriptions,
    after: Descriptions,
    gone: AbstractSet[str],
    come: AbstractSet[str],
    renamed: Mapping[str, str],
) -> Iterator[Thing]:
    former = {new: old for old, new in renamed.items()}
    found: dict[Kind, list[Thing]] = defaultdict(list)
    names = {*before.statements, *after.statements, *former}
    for name in sorted(names, key=natural_key):
        old, new = before.statements.get(name, ()), after.statements.get(name, ())
        if name in former:
            thing = Thing(Kind.RENAMED, former[name], name, old, new)
        elif name in come or (name.startswith("_:") and not old):
            thing = Thing(Kind.ADDED, None, name, after=new)
        elif name in gone or (name.startswith("_:") and not new):
            thing = Thing(Kind.REMOVED, name, None, before=old)
        else:
            thing = Thing(Kind.CHANGED, name, name, old, new)
        found[thing.kind].append(thing)
    for kind in Kind:
        yield from found[kind]


def _changes(old: Sequence[Statement], new: Sequence[Statement]) -> Iterator[Change]:
    """Pair what was said with what is said instead."""
    predicates = dict.fromkeys(each.predicate for each in (*old, *new))
    for predicate in predicates:
        before = [each for each in old if each.predicate == predicate]
        after = [each for each in new if each.predicate == predicate]
        for alike in (_by_value, _by_kind, _by_graph):
            yield from _paired(before, after, alike)
        yield from (Change(each, None) for each in before)
        yield from (Change(None, each) for each in after)


def _paired(
    before: list[Statement], after: list[Statement], alike: Callable[[Statement], object]
) -> Iterator[Change]:
    """Yield the pairs that are alike while nothing else is, and take them out."""
    for old in list(before):
        key = alike(old)
        olds = [each for each in before if alike(each) == key]
        news = [each for each in after if alike(each) == key]
        if len(olds) == len(news) == 1:
            before.remove(old)
            after.remove(news[0])
            yield Change(old, news[0])


def _by_value(statement: Statement) -> object:
    return statement.value


def _by_kind(statement: Statement) -> object:
    value = statement.value
    form = (value.language, value.datatype) if isinstance(value, Literal) else None
    return statement.graph, type(value), form


def _by_graph(statement: Statement) -> object:
    return statement.graph
