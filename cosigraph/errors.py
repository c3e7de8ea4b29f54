# SPDX-License-Identifier: Apache-2.0
"""The exceptions of cosigraph, one tree.

::

    CosigraphError
    ├── ProjectError              the folder cannot be used                      exit 3
    │   ├── ConfigurationError    cosigraph.toml is wrong
    │   ├── DataSyntaxError       an RDF file cannot be parsed
    │   ├── QueryFileError        a canned query's file is wrong
    │   ├── MappingFileError      a file of mappings is wrong
    │   ├── UnreadableFileError   a file or folder cannot be read
    │   ├── LinkOutsideError      a link leads out of the folder
    │   ├── FileTooLargeError     a file is larger than what is read
    │   ├── DatasetError          a dataset cannot be added
    │   ├── ShapesError           SHACL shapes cannot be used
    │   │   └── UnsupportedShapesError  one engine cannot use them; another may
    │   └── StoreError            a store directory cannot be used
    ├── UsageError                a name or value that a person gave             exit 2
    │   ├── UnknownQueryError     no canned query of that name
    │   ├── UnknownParameterError the query has no such parameter
    │   ├── ParameterValueError   a parameter's value is missing or of no use
    │   ├── UnknownReadingError   no alternative reading of that name
    │   ├── UnknownRuleError      the check has no such rule
    │   ├── UnknownDocumentError  no document of that key
    │   ├── UnknownVersionError   the store has published no such version
    │   ├── PrunedVersionError    the data of a version are no longer kept
    │   └── UnknownFormatError    no such format, or not for this kind of answer
    ├── QueryError                                                               exit 4
    │   ├── QuerySyntaxError      the text is no SPARQL
    │   ├── QueryRefused          the query asks for what is not allowed
    │   └── ServiceFailed         an endpoint that the query asks failed
    ├── QueryStopped              stopped by a limit                             exit 5
    │   ├── QueryNotStarted       no process was free in time
    │   ├── QueryTimeout          it ran out of time
    │   ├── QueryMemory           it needs more memory than it may
    │   ├── AnswerTooLarge        its answer has more bytes than it may
    │   └── WorkerLost            its process ended unexpectedly
    ├── OutputError               the answer cannot be written                   exit 6
    └── ServerError               the server cannot start                        exit 7
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text; lines and columns count from 1, columns in code points.

    ``source`` is a file's path as the user would type it, or None for a query's text. Where the
    end is known, it is that of what stands there: the column behind its last character.
    """

    source: str | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None

    def __str__(self) -> str:
        numbers = [str(number) for number in (self.line, self.column) if number is not None]
        if self.source is not None:
            return ":".join([printable(self.source), *numbers])
        if not numbers:
            return ""
        return f"line {numbers[0]}" + (f", column {numbers[1]}" if len(numbers) > 1 else "")


def printable(text: str) -> str:
    """Return a file's name or a message as it can be written in a line of a report.

    What a line or a terminal would obey, and bytes that are no UTF-8, are written as escapes.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    is_byte = "\udc80" <= sign <= "\udcff"  # Python's sign for a byte that is no UTF-8
    return f"\\x{ord(sign) - 0xDC00:02x}" if is_byte else ascii(sign)[1:-1]


class CosigraphError(Exception):
    """Anything that a user can cause or mend.

    ``detail`` says what was wrong, ``position`` where, ``advice`` what to do. ``slug`` names the
    kind of error over HTTP, ``title`` says it in words, ``exit_code`` is the command line's.
    """

    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "Error"
    exit_code: ClassVar[int] = 1

    def __init__(
        self, detail: str, *, position: Position | None = None, advice: str | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.position = position
        self.advice = advice

    def __str__(self) -> str:
        where = str(self.position) if self.position is not None else ""
        line = f"{where}: {self.detail}" if where else self.detail
        return f"{line} {self.advice}" if self.advice else line


class ProjectError(CosigraphError):
    """The project folder is missing, unreadable or incomplete."""

    slug, title, exit_code = "project", "The project folder cannot be used", 3


class ConfigurationError(ProjectError):
    """``cosigraph.toml`` is no TOML, or says what cannot be."""

    slug, title = "configuration", "The configuration is wrong"


class DataSyntaxError(ProjectError):
    """An RDF file is not well-formed; the position is the parser's."""

    slug, title = "data-syntax", "An RDF file cannot be parsed"


class QueryFileError(ProjectError):
    """The file of a canned query is wrong: front matter, parameter block or columns."""

    slug, title = "query-file", "A canned query's file is wrong"


class MappingFileError(ProjectError):
    """A file of mappings is no SSSOM/TSV, or a mapping lacks what each must have."""

    slug, title = "mapping-file", "A file of mappings is wrong"


class UnreadableFileError(ProjectError):
    """A file or folder of the project cannot be read, or is no regular file."""

    slug, title = "unreadable-file", "A file cannot be read"


class LinkOutsideError(ProjectError):
    """A file of the project is a link that leads out of its folder."""

    slug, title = "link-outside", "A link leads out of the project folder"


class FileTooLargeError(ProjectError):
    """A file of the project, or all of them together, are larger than what is read."""

    slug, title = "file-too-large", "A file is too large"


class DatasetError(ProjectError):
    """A dataset cannot be fetched or read, or is refused; the folder is as it was."""

    slug, title = "dataset", "The dataset cannot be added"


class StoreError(ProjectError):
    """A store directory is missing, damaged, in use, or made from another project."""

    slug, title = "store", "The store cannot be used"


class ShapesError(ProjectError):
    """SHACL shapes that an engine cannot use."""

    slug, title = "shapes", "The shapes cannot be used"


class UnsupportedShapesError(ShapesError):
    """Shapes that one engine cannot use; another may."""


class UsageError(CosigraphError):
    """A name or value that the caller gave fits nothing here."""

    slug, title, exit_code = "usage", "The call is wrong", 2


class UnknownQueryError(UsageError):
    """There is no canned query of that name."""

    slug, title = "unknown-query", "There is no such query"


class UnknownParameterError(UsageError):
    """The canned query has no such parameter."""

    slug, title = "unknown-parameter", "There is no such parameter"


class ParameterValueError(UsageError):
    """A parameter's value is missing, of the wrong type, or names nothing."""

    slug, title = "parameter-value", "A parameter's value is wrong"


class UnknownReadingError(UsageError):
    """The project has no alternative reading of that name."""

    slug, title = "unknown-reading", "There is no such reading"


class UnknownRuleError(UsageError):
    """The check has no rule of that name."""

    slug, title = "unknown-rule", "There is no such rule"


class UnknownDocumentError(UsageError):
    """The graph holds no document of that key with its text."""

    slug, title = "unknown-document", "There is no such document"


class UnknownVersionError(UsageError):
    """The store has published no version of that name."""

    slug, title = "unknown-version", "There is no such version"


class PrunedVersionError(UsageError):
    """A version was published once, and its data are no longer kept."""

    slug, title = "pruned-version", "The version is no longer kept"


class UnknownFormatError(UsageError):
    """No such format, or one that this kind of answer cannot take."""

    slug, title = "unknown-format", "There is no such format"


class QueryError(CosigraphError):
    """A SPARQL query cannot be answered as it stands."""

    slug, title, exit_code = "query", "The query cannot be answered", 4


class QuerySyntaxError(QueryError):
    """The text is not a SPARQL 1.1 query; the position is in the query's text."""

    slug, title = "query-syntax", "The query is not well-formed"


class QueryRefused(QueryError):
    """The query asks for what is not allowed here: another host, a file, a write."""

    slug, title = "query-refused", "The query asks for what is not allowed here"


class ServiceFailed(QueryError):
    """Another endpoint, which the query asks by SERVICE, could not be asked or did not answer."""

    slug, title = "service", "Another endpoint failed"


class QueryStopped(CosigraphError):
    """The query was stopped before it had its answer."""

    slug, title, exit_code = "query-stopped", "The query was stopped", 5


class QueryNotStarted(QueryStopped):
    """Every process was busy for as long as a query may wait."""

    slug, title = "busy", "All processes are busy"


class QueryTimeout(QueryStopped):
    """The query ran longer than it may."""

    slug, title = "query-timeout", "The query took too long"


class QueryMemory(QueryStopped):
    """The query needed more memory than it may."""

    slug, title = "query-memory", "The query needs too much memory"


class AnswerTooLarge(QueryStopped):
    """The answer has more bytes than it may."""

    slug, title = "answer-too-large", "The answer is too large"


class WorkerLost(QueryStopped):
    """The process that ran the query ended before it had answered."""

    slug, title = "worker-lost", "The query's process ended unexpectedly"


class OutputError(CosigraphError):
    """The answer cannot be written where it should go."""

    slug, title, exit_code = "output", "The output cannot be written", 6


class ServerError(CosigraphError):
    """The server cannot start."""

    slug, title, exit_code = "server", "The server cannot start", 7
