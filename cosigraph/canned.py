# SPDX-License-Identifier: Apache-2.0
"""Canned queries: SPARQL files that describe themselves in their front matter.

A file ``queries/NAME.rq`` is plain SPARQL 1.1, which any tool can run as it is. Comment lines
beginning with ``#+`` before it are YAML (the habit of grlc): what the query answers, its
parameters, and its columns. Reading is strict, so that what the front matter says is so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cosigraph.errors import Position, ProjectError, QueryFileError, printable
from cosigraph.files import LARGEST_TEXT, matching, read_file
from cosigraph.follow import Follow, read_follow
from cosigraph.front_matter import Entry, read_front_matter
from cosigraph.parameter_declarations import (
    NAME_FORM,
    Example,
    read_examples,
    read_parameters,
)
from cosigraph.parameters import Parameter, QueryChoices
from cosigraph.query_text import QueryText
from cosigraph.sparql import position_at
from cosigraph.suggestions import suggestion_sentence
from cosigraph.table import DATATYPES, Column
from cosigraph.terms import WELL_KNOWN_PREFIXES, Prefixes

#: The folder of a project that holds its canned queries.
FOLDER: Final = "queries"
CHART_TYPES: Final = ("bar", "comparison", "line", "matrix", "network", "text", "timeline")
_KEYS: Final = (
    "summary",
    "description",
    "tags",
    "params",
    "columns",
    "chart",
    "follow",
    "examples",
)


@dataclass(frozen=True, slots=True)
class CannedQuery:
    """A query of the project, with all that its front matter says.

    ``text`` is the whole file, so that its line numbers are those of a query's errors.
    ``examples`` are the cases, beside the one without parameters, that have an expected answer;
    ``follow`` is the query that tells more of a row.
    """

    name: str
    text: str
    path: Path
    summary: str
    columns: tuple[Column, ...]
    description: str = ""
    tags: tuple[str, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    chart: Mapping[str, str] | None = None
    follow: Follow | None = None
    examples: Mapping[str, Example] = field(default_factory=dict)

    @property
    def requires_parameters(self) -> bool:
        """Whether the query answers nothing without a parameter."""
        return any(parameter.required for parameter in self.parameters.values())

    @property
    def expected(self) -> Path | None:
        """The file with the answer that is expected without parameters, if there is one."""
        path = self.path.with_suffix(".csv")
        return path if path.is_file() else None

    def position(self) -> Position:
        """The query's file."""
        return Position(str(self.path), 1, 1)


def canned_queries(folder: Path, prefixes: Prefixes | None = None) -> dict[str, CannedQuery]:
    """The canned queries of a project, by name, in the order of their names.

    Args:
        folder: the project's folder; one without ``queries/`` has none.
        prefixes: the project's prefixes, for CURIEs in the front matter.

    Raises:
        QueryFileError: a query's file is wrong, or its choices come from a query that cannot
            give them.
    """
    paths = matching(folder, f"{FOLDER}/*.rq")
    queries = {path.stem: read_canned_query(path, prefixes) for path in paths}
    for query in queries.values():
        for parameter in query.parameters.values():
            if isinstance(parameter.choices, QueryChoices):
                _check_query_choices(query, parameter, parameter.choices, queries)
        if query.follow is not None and query.follow.query in queries:
            query.follow.check(queries[query.follow.query].parameters)
        elif query.follow is not None:
            raise query.follow.unknown(queries)
    return queries


def read_canned_query(path: Path, prefixes: Prefixes | None = None) -> CannedQuery:
    """Read a canned query and check all that can be checked without data.

    Args:
        path: the ``.rq`` file.
        prefixes: further prefixes for CURIEs in the front matter; the query's own come first.

    Raises:
        QueryFileError: with the place in the file, and what to do.
    """
    source = str(path)
    if not NAME_FORM.fullmatch(path.stem):
        raise QueryFileError(
            f"'{printable(path.stem)}' is no name for a query.",
            position=Position(source),
            advice="Name the file with lower-case letters, digits and single hyphens.",
        )
    text = read_text(path)
    front_matter = read_front_matter(text, source)
    fields = front_matter.fields(*_KEYS)
    for key in ("summary", "columns"):
        if key not in fields:
            raise front_matter.wrong(f"The front matter has no {key}.", f"Add '#+ {key}: …'.")
    query_text = QueryText(text, source)
    known = {**WELL_KNOWN_PREFIXES, **dict(prefixes or ()), **query_text.prefixes}
    parameters = read_parameters(fields.get("params"), Prefixes(known))
    columns = _columns(fields["columns"], query_text)
    query_text.check_parameters(parameters, _positions(fields.get("params")))
    return CannedQuery(
        name=path.stem,
        text=text,
        path=path,
        summary=_summary(fields["summary"]),
        description=fields["description"].text() if "description" in fields else "",
        tags=_tags(fields.get("tags")),
        parameters=parameters,
        columns=columns,
        chart=_chart(fields.get("chart"), columns),
        follow=read_follow(fields.get("follow"), columns),
        examples=read_examples(fields.get("examples"), parameters),
    )


def _positions(entry: Entry | None) -> dict[str, Position]:
    return (
        {} if entry is None else {name: each.key_position for name, each in entry.mapping().items()}
    )


def read_text(path: Path) -> str:
    """The text of a query's file, without a byte order mark, every line ending with a line feed.

    Raises:
        QueryFileError: it cannot be read, or is not UTF-8.
    """
    try:
        content = read_file(path, path.parent.parent, LARGEST_TEXT)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", errors="replace")
        raise QueryFileError(
            "The file is not UTF-8.",
            position=position_at(before, len(before), str(path)),
            advice="Save it as UTF-8.",
        ) from None
    except ProjectError as error:
        raise QueryFileError(error.detail, position=error.position, advice=error.advice) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _summary(entry: Entry) -> str:
    summary = entry.text().strip()
    if not summary or "\n" in summary:
        raise entry.wrong("The summary is one line.", "Put more into the description.")
    return summary


def _tags(entry: Entry | None) -> tuple[str, ...]:
    return () if entry is None else tuple(item.text() for item in entry.items())


def _columns(entry: Entry, query_text: QueryText) -> tuple[Column, ...]:
    """The columns in the query's order; they must be just what the query projects."""
    declared = entry.mapping()
    projected = query_text.projection()
    for name, column in declared.items():
        if name not in projected:
            raise column.wrong_key(
                f"The query does not select a column '{name}'.",
                suggestion_sentence(name, projected),
            )
    for name, position in projected.items():
        if name not in declared:
            raise QueryFileError(
                f"The variable ?{name} is selected, but no column describes it.",
                position=position,
                advice=f"Add '{name}' to the columns, or do not select it.",
            )
    return tuple(_column(name, declared[name]) for name in projected)


def _column(name: str, entry: Entry) -> Column:
    fields = entry.fields("description", "datatype", "many", "separator")
    datatype = fields["datatype"].text() if "datatype" in fields else "any"
    if datatype not in DATATYPES:
        raise fields["datatype"].wrong(
            f"'{datatype}' is no datatype of a column.", suggestion_sentence(datatype, DATATYPES)
        )
    many = "many" in fields and fields["many"].flag()
    if "separator" in fields and not many:
        raise fields["separator"].wrong_key(
            "Only a column of many values has a separator.", "Add 'many: true', or leave it out."
        )
    return Column(
        name=name,
        description=fields["description"].text() if "description" in fields else "",
        datatype=datatype,
        many=many,
        separator=fields["separator"].text() if "separator" in fields else "; ",
    )


def _chart(entry: Entry | None, columns: tuple[Column, ...]) -> Mapping[str, str] | None:
    """A hint at a picture: its type, and which column is which of its dimensions."""
    if entry is None:
        return None
    fields = entry.mapping()
    if "type" not in fields:
        raise entry.wrong("The chart has no type.", f"Add one of: {', '.join(CHART_TYPES)}.")
    for key, value in fields.items():
        known = CHART_TYPES if key == "type" else tuple(column.name for column in columns)
        if value.text() not in known:
            kind = "type of chart" if key == "type" else "column"
            raise value.wrong(
                f"'{value.text()}' is no {kind}.", suggestion_sentence(value.text(), known)
            )
    return {key: value.text() for key, value in fields.items()}


def _check_query_choices(
    query: CannedQuery,
    parameter: Parameter,
    choices: QueryChoices,
    queries: Mapping[str, CannedQuery],
) -> None:
    def wrong(detail: str, advice: str) -> QueryFileError:
        return QueryFileError(
            f"The choices of the parameter '{parameter.name}': {detail}",
            position=query.position(),
            advice=advice,
        )

    other = queries.get(choices.query)
    if other is None:
        raise wrong(
            f"there is no query '{choices.query}'.", suggestion_sentence(choices.query, queries)
        )
    if other.requires_parameters:
        raise wrong(
            f"the query '{other.name}' needs a parameter itself.", "Take another query for them."
        )
    names = [column.name for column in other.columns]
    if choices.column not in names:
        raise wrong(
            f"the query '{other.name}' has no column '{choices.column}'.",
            suggestion_sentence(choices.column, names),
        )
