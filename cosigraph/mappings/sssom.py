# SPDX-License-Identifier: Apache-2.0
"""SSSOM/TSV, read and written (https://mapping-commons.github.io/sssom/spec-formats-tsv/).

A file begins with its metadata as YAML in lines that start with ``#``; then comes a table whose
cells are parted by tabulators. What is read is version 1.0: a mapping needs its subject, its
predicate, its target and a justification.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final, NoReturn

import yaml
from pyoxigraph import NamedNode

from cosigraph.errors import MappingFileError, Position
from cosigraph.files import LARGEST_TEXT
from cosigraph.mappings.mapping import (
    LITERAL,
    Extension,
    Mapping,
    MappingSet,
    identifier_of,
    prefixes_of,
)
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import Prefixes

NEEDED_IN_HEADER: Final = ("mapping_set_id", "license")
NEEDED_IN_ROW: Final = ("subject_id", "predicate_id", "mapping_justification")
REFERENCES: Final = (
    "subject_id",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "author_id",
)
SLOTS: Final = (
    "subject_id",
    "subject_label",
    "subject_category",
    "predicate_id",
    "predicate_label",
    "predicate_modifier",
    "object_id",
    "object_label",
    "object_category",
    "mapping_justification",
    "author_id",
    "author_label",
    "reviewer_id",
    "reviewer_label",
    "creator_id",
    "creator_label",
    "license",
    "subject_type",
    "subject_source",
    "subject_source_version",
    "object_type",
    "object_source",
    "object_source_version",
    "mapping_provider",
    "mapping_source",
    "mapping_cardinality",
    "mapping_tool",
    "mapping_tool_version",
    "mapping_date",
    "publication_date",
    "confidence",
    "curation_rule",
    "curation_rule_text",
    "subject_match_field",
    "object_match_field",
    "match_string",
    "subject_preprocessing",
    "object_preprocessing",
    "similarity_score",
    "similarity_measure",
    "see_also",
    "issue_tracker_item",
    "other",
    "comment",
)
"""The slots of a mapping in SSSOM 1.0."""

_DEEPEST = 8
_CONFIDENCE = re.compile(r"0(?:\.[0-9]+)?|1(?:\.0+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_sssom(text: str, path: Path) -> MappingSet:
    """Read a mapping set from the text of a file; ``path`` is for what errors say.

    Raises:
        MappingFileError: it is no SSSOM/TSV, or a mapping lacks what each must have.
    """
    return _Reader(text, path).mapping_set()


def write_sssom(mapping_set: MappingSet) -> str:
    """Return a mapping set as SSSOM/TSV; the same set is always the same text."""
    header = yaml.safe_dump(
        dict(mapping_set.header), sort_keys=False, allow_unicode=True, width=10_000
    )
    table = io.StringIO()
    writer = csv.writer(table, delimiter="\t", lineterminator="\n")
    writer.writerow(mapping_set.columns)
    for mapping in mapping_set.mappings:
        writer.writerow([mapping.cells.get(column, "") for column in mapping_set.columns])
    return "".join(f"#{line}\n" for line in header.splitlines()) + table.getvalue()


class _Reader:
    def __init__(self, text: str, path: Path) -> None:
        self.path = path
        lines = text.splitlines(keepends=True)
        comments = 0
        while comments < len(lines) and lines[comments].startswith("#"):
            comments += 1
        self.header = self._header("".join(line[1:] for line in lines[:comments]))
        self.first_line = comments + 1
        self.table = "".join(lines[comments:])

    def fail(self, detail: str, line: int | None = None, advice: str | None = None) -> NoReturn:
        raise MappingFileError(detail, position=Position(str(self.path), line), advice=advice)

    def _header(self, text: str) -> dict[str, Any]:
        if len(text) > LARGEST_TEXT:
            self.fail("The header is longer than what is read (256 KiB).", 1)
        try:
            self._refuse_tricks(text)
            # Every scalar stays as it is written: a version 1.0 or a date is no number.
            header = yaml.load(text, Loader=yaml.BaseLoader) or {}  # noqa: S506 - makes strings only
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            self.fail(f"The header is no YAML: {error.problem}.", line)
        except yaml.YAMLError as error:
            self.fail(f"The header is no YAML: {error}.")
        if not isinstance(header, dict):
            self.fail("The header must have keys with values ('#key: value').", 1)
        for key in NEEDED_IN_HEADER:
            if not isinstance(header.get(key), str) or not header[key]:
                self.fail(f"The header has no '{key}'.", 1, "Add a line '#key: value' for it.")
        declared = header.get("curie_map", {})
        is_map = isinstance(declared, dict)
        if not is_map or not all(isinstance(iri, str) for iri in declared.values()):
            self.fail("'curie_map' must have prefixes with the IRIs that they stand for.", 1)
        return header

    def _refuse_tricks(self, text: str) -> None:
        """Refuse what makes a short header large or deep."""
        depth = 0
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            line = event.start_mark.line + 1 if event.start_mark else None
            if isinstance(event, yaml.AliasEvent):
                self.fail("The header has an alias ('*name').", line)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                self.fail("The header is nested too deeply.", line)

    def mapping_set(self) -> MappingSet:
        prefixes = prefixes_of(self.header)
        set_iri = self._iri(prefixes, self.header["mapping_set_id"], 1)
        extensions = tuple(self._extensions(prefixes))
        rows = csv.reader(io.StringIO(self.table, newline=""), delimiter="\t", strict=True)
        try:
            columns = next(rows, [])
            self._check_columns(columns, {extension.slot for extension in extensions})
            # A row's line is that on which it ends, as csv counts.
            numbered = ((self.first_line - 1 + rows.line_num, row) for row in rows if row)
            mappings = tuple(self._mappings(columns, numbered, set_iri, prefixes))
        except csv.Error as error:
            self.fail(f"The table cannot be read: {error}.", self.first_line - 1 + rows.line_num)
        return MappingSet(self.path, self.header, mappings, tuple(columns), extensions)

    def _check_columns(self, columns: list[str], own: set[str]) -> None:
        for column in columns:
            if column not in SLOTS and column not in own:
                advice = suggestion_sentence(column, [*SLOTS, *own])
                self.fail(f"SSSOM 1.0 has no column '{column}'.", self.first_line, advice)
            if columns.count(column) > 1:
                self.fail(f"There are two columns '{column}'.", self.first_line)
        for column in NEEDED_IN_ROW:
            if column not in columns:
                self.fail(f"The table has no column '{column}'.", self.first_line)

    def _mappings(
        self,
        columns: list[str],
        rows: Iterable[tuple[int, list[str]]],
        set_iri: str,
        prefixes: Prefixes,
    ) -> Iterator[Mapping]:
        lines: dict[str, int] = {}
        for line, row in rows:
            if len(row) != len(columns):
                self.fail(f"The row has {len(row)} cells, the table {len(columns)} columns.", line)
            cells = {name: cell for name, cell in zip(columns, row, strict=True) if cell}
            mapping = self._mapping(cells, line, set_iri, prefixes)
            before = lines.setdefault(mapping.identifier, line)
            if before != line:
                self.fail(f"The pair is mapped on line {before} already.", line, "Keep one row.")
            yield mapping

    def _mapping(
        self, cells: dict[str, str], line: int, set_iri: str, prefixes: Prefixes
    ) -> Mapping:
        is_literal = cells.get("object_type") == LITERAL
        for slot in (*NEEDED_IN_ROW, "object_label" if is_literal else "object_id"):
            if slot not in cells:
                self.fail(f"The mapping has no '{slot}'.", line)
        for slot in REFERENCES:
            for reference in cells.get(slot, "").split("|") if slot in cells else ():
                self._iri(prefixes, reference, line)
        if not _CONFIDENCE.fullmatch(cells.get("confidence", "0")):
            self.fail(f"The confidence '{cells['confidence']}' is none from 0 to 1.", line)
        if not _is_date(cells.get("mapping_date", "2000-01-01")):
            self.fail(f"'{cells['mapping_date']}' is no date (YYYY-MM-DD).", line)
        target = cells["object_label" if is_literal else "object_id"]
        return Mapping(
            identifier_of(set_iri, cells["subject_id"], target),
            self._iri(prefixes, cells["subject_id"], line),
            self._iri(prefixes, cells["predicate_id"], line),
            None if is_literal else self._iri(prefixes, target, line),
            cells,
            line,
        )

    def _iri(self, prefixes: Prefixes, reference: str, line: int) -> str:
        iri = prefixes.expand(reference)
        if iri is None and "://" not in reference:
            prefix = reference.partition(":")[0]
            advice = suggestion_sentence(prefix, prefixes.namespaces)
            self.fail(f"The prefix of '{reference}' is not in curie_map.", line, advice)
        try:
            return NamedNode(iri or reference).value
        except ValueError:
            self.fail(f"'{reference}' is no IRI.", line)

    def _extensions(self, prefixes: Prefixes) -> Iterator[Extension]:
        definitions = self.header.get("extension_definitions", [])
        if not isinstance(definitions, list):
            self.fail("'extension_definitions' must be a list.", 1)
        for definition in definitions:
            known = {"slot_name", "property", "type_hint"}
            if not isinstance(definition, dict) or set(definition) != known:
                self.fail("A definition of an extension has slot_name, property and type_hint.", 1)
            slot, property_name, datatype = (
                str(definition[key]) for key in ("slot_name", "property", "type_hint")
            )
            yield Extension(
                slot, self._iri(prefixes, property_name, 1), self._iri(prefixes, datatype, 1)
            )


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
