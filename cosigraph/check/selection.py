# SPDX-License-Identifier: Apache-2.0
"""Which rules are looked for: ``--rule`` and ``--ignore``, by patterns such as ``shacl/*``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from cosigraph.check.rule import rules
from cosigraph.errors import UnknownRuleError
from cosigraph.suggestions import suggestion_sentence

_COMPONENTS = "shacl/"  # any name may follow: shapes may bring constraint components of their own


@dataclass(frozen=True, slots=True)
class Selection:
    """The rules that match one of ``only``, or all when that is empty, and none of ``ignored``."""

    only: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    def takes(self, rule: str) -> bool:
        """Return whether findings of a rule are wanted."""
        is_wanted = not self.only or any(fnmatchcase(rule, pattern) for pattern in self.only)
        return is_wanted and not any(fnmatchcase(rule, pattern) for pattern in self.ignored)

    def takes_any(self, family_or_rules: Iterable[str]) -> bool:
        """Return whether a stage that finds these has work to do; ``shacl/`` stands for a family.

        When in doubt it has.
        """
        return any(
            self._takes_some(name) if name.endswith("/") else self.takes(name)
            for name in family_or_rules
        )

    def _takes_some(self, family: str) -> bool:
        is_ignored = any(fnmatchcase(f"{family}*", pattern) for pattern in self.ignored)
        return not is_ignored and (
            not self.only or any(_may_match(pattern, family) for pattern in self.only)
        )


def select(only: Iterable[str] = (), ignored: Iterable[str] = ()) -> Selection:
    """Return the selection that these patterns make.

    Raises:
        UnknownRuleError: a pattern matches no rule.
    """
    selection = Selection(tuple(only), tuple(ignored))
    known = known_rules()
    for pattern in (*selection.only, *selection.ignored):
        is_component = pattern.startswith(_COMPONENTS)
        if not is_component and not any(fnmatchcase(rule, pattern) for rule in known):
            raise UnknownRuleError(
                f"No rule is called '{pattern}'.", advice=suggestion_sentence(pattern, known)
            )
    return selection


def known_rules() -> tuple[str, ...]:
    """Return the identifiers of all rules, sorted; ``shacl/`` has one more for each component."""
    return tuple(sorted(rules()))


def _may_match(pattern: str, family: str) -> bool:
    """Return whether a pattern could match a rule of the family."""
    head = pattern.partition("/")[0]
    return "/" not in pattern or fnmatchcase(family.removesuffix("/"), head) or "[" in head
