# SPDX-License-Identifier: Apache-2.0
"""The entries of ``cosigraph.toml``: each has the type that it must, or an error with its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from pyoxigraph import NamedNode

from cosigraph.errors import ConfigurationError, Position, UsageError
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import Prefixes


class Entries:
    """The tables of one ``cosigraph.toml``, whose entries are checked as they are taken.

    Raises:
        ConfigurationError: the text is no TOML.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        try:
            self.content: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise self._syntax_error(str(error)) from error
        except RecursionError as error:
            raise ConfigurationError(
                "The file is nested too deeply.", position=Position(str(path))
            ) from error

    def _syntax_error(self, message: str) -> ConfigurationError:
        found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
        lines = self.text.splitlines() or [""]
        line, column = len(lines), len(lines[-1]) + 1
        if found is not None:
            message = message[: found.start()]
            if found[1]:
                line, column = int(found[1]), int(found[2])
        return ConfigurationError(
            f"The file is no TOML: {message}.", position=Position(str(self.path), line, column)
        )

    def fail(self, key: str, detail: str, advice: str | None = None) -> NoReturn:
        """Raise the error at the first line where ``key`` is set, as tomllib keeps no places.

        Raises:
            ConfigurationError: always.
        """
        setting = re.compile(rf'\s*(?:\[+\s*)?["\']?{re.escape(key)}["\']?\s*(?:=|\])')
        lines = enumerate(self.text.splitlines(), start=1)
        line = next((number for number, text in lines if setting.match(text)), None)
        raise ConfigurationError(detail, position=Position(str(self.path), line), advice=advice)

    def check_keys(self, table: Mapping[str, Any], known: Collection[str], kind: str) -> None:
        """Check that a table has no keys but those that are known.

        Raises:
            ConfigurationError: it has another.
        """
        for key in table:
            if key not in known:
                self.fail(key, f"There is no {kind} '{key}'.", suggestion_sentence(key, known))

    def table(self, key: str, parent: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return a table, of the whole file or of its parent, empty where there is none.

        Raises:
            ConfigurationError: the entry is no table.
        """
        value = (self.content if parent is None else parent).get(key, {})
        if not isinstance(value, dict):
            self.fail(key, f"'{key}' must be a table, written [{key}].")
        return value

    def string(self, table: Mapping[str, Any], key: str, default: str) -> str:
        """Return a string that is not empty.

        Raises:
            ConfigurationError: the entry, or the default in its stead, is none.
        """
        value = table.get(key, default)
        if not isinstance(value, str) or not value:
            self.fail(key, f"'{key}' must be a string in quotes, and not empty.")
        return value

    def strings(self, table: Mapping[str, Any], key: str, default: list[str]) -> list[str]:
        """Return a list of strings.

        Raises:
            ConfigurationError: the entry is none.
        """
        value = table.get(key, default)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(key, f"'{key}' must be a list of strings in quotes.")
        return value

    def flag(self, table: Mapping[str, Any], key: str) -> bool:
        """Return whether an entry is true; one that is not there is false.

        Raises:
            ConfigurationError: the entry is neither true nor false.
        """
        value = table.get(key, False)
        if not isinstance(value, bool):
            self.fail(key, f"'{key}' must be true or false.")
        return value

    def iri(self, key: str, value: str) -> str:
        """Return the value if it is an absolute IRI.

        Raises:
            ConfigurationError: it is none.
        """
        try:
            return NamedNode(value).value
        except ValueError:
            self.fail(key, f"'{key}' must be an absolute IRI, which '{value}' is not.")

    def named(self, key: str, table: Mapping[str, Any], prefixes: Prefixes) -> tuple[str, ...]:
        """Return the IRIs that a list names, each whole or with a prefix.

        Raises:
            ConfigurationError: the entry is no such list, or a prefix is not known.
        """
        expanded = []
        for value in self.strings(table, key, []):
            iri = prefixes.expand(value) or value
            if iri == value and "/" not in iri:
                self.fail(key, f"'{key}' holds '{value}', whose prefix is not known.")
            expanded.append(self.iri(key, iri))
        return tuple(expanded)

    def expression(self, table: Mapping[str, Any], key: str, default: str) -> str:
        """Return a regular expression.

        Raises:
            ConfigurationError: the entry is none.
        """
        pattern = self.string(table, key, default)
        try:
            re.compile(pattern)
        except re.error as error:
            self.fail(key, f"'{pattern}' is no regular expression: {error}.")
        return pattern

    def check_within(self, key: str, path: str) -> None:
        """Check that a path stays within the project folder.

        Raises:
            ConfigurationError: it does not.
        """
        if not path or PurePosixPath(path).is_absolute() or ".." in path.split("/"):
            self.fail(key, f"'{path}' must be a path within the project folder.")

    def check_open(self, entry: tuple[str, str], advice: str) -> None:
        """Check that the address in an entry, a key and its value, is on the open network.

        Raises:
            ConfigurationError: it is not, or is no address.
        """
        from cosigraph.endpoints import endpoint  # noqa: PLC0415 - few folders name any

        key, value = entry
        try:
            is_within = endpoint(value).is_within
        except UsageError as error:
            self.fail(key, error.detail, error.advice)
        if is_within:
            self.fail(key, f"'{value}' is not on the open network.", advice)
