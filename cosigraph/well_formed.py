# SPDX-License-Identifier: Apache-2.0
"""What is looked at before a parser may read a file, as some files would end or fill the process.

The parsers of RDF (Oxigraph's) follow triple terms and JSON-LD contexts by recursion, so that one
that is nested deeply ends the process; they take quadratic time over nested elements of RDF/XML;
and they replace entities however large they grow. rdflib and pySHACL, which read the statements
later, follow nested lists by recursion too. None of that is in a file that says something.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Final
from xml.parsers import expat

from pyoxigraph import Literal

from cosigraph.errors import DataSyntaxError, Position

DEEPEST: Final = 256
"""How deep brackets or elements may be nested."""
LONGEST: Final = 16 * 1024 * 1024
"""How many bytes all uses of entities in a file may grow to; no parser takes a longer token."""

_TURTLE = re.compile(
    rb"""
      \"\"\"(?:[^"\\]++|\\.|"(?!""))*+(?:\"\"\")?+
    | '''(?:[^'\\]++|\\.|'(?!''))*+(?:''')?+
    | "[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+"?+
    | '[^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*+'?+
    | \#[^\r\n]*+
    | <[^<>"{}|^`\x00-\x20]*+>
    | \\.
    | (?P<open> <<\(?+ | \{\|?+ | [\[(] )
    | (?P<close> \)?+>> | \|?+\} | [\])] )
    """,
    re.VERBOSE | re.DOTALL,
)
_JSON = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
_ENTITY = re.compile(rb"""<!ENTITY\s*%?\s*([^\s"'<>]+)\s*(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]*))""")
_USE = re.compile(rb"[&%]([^\s;&%<]{1,256});")
_BEGINNING = 1024
_LONGEST_ESCAPE = 6  # bytes, of a character
_CHUNK = 1024 * 1024
_PREDEFINED = {b"lt", b"gt", b"amp", b"quot", b"apos"}
_BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def refuse_harmful(content: bytes, path: Path) -> None:
    """Refuse what would harm a parser of the format that the name of ``path`` tells.

    Raises:
        DataSyntaxError: brackets or elements are nested too deeply, entities grow too much or are
            elsewhere, the text is UTF-16 or binary, or it is no XML; with its place.
    """
    _refuse_encoding(content, path)
    if path.suffix == ".rdf":
        _refuse_entities(content, path)
        _refuse_xml(content, path)
    else:
        _refuse_nesting(content, path, _JSON if path.suffix == ".jsonld" else _TURTLE)


def place_at(content: bytes, offset: int, path: Path) -> Position:
    """Return the line and the column, in code points, of a byte."""
    start = content.rfind(b"\n", 0, offset) + 1
    column = len(content[start:offset].decode("utf-8", errors="replace")) + 1
    return Position(str(path), content.count(b"\n", 0, offset) + 1, column)


def longest_token(content: bytes, path: Path) -> Position:
    """Return where the first token begins that is longer than a parser takes."""
    pattern = _JSON if path.suffix == ".jsonld" else _TURTLE
    for match in pattern.finditer(content):
        if match.end() - match.start() > LONGEST:
            return place_at(content, match.start(), path)
    return Position(str(path), 1, 1)


def refuse_long_literal(literal: Literal, path: Path) -> None:
    """Refuse a literal that is longer in N-Quads than the store takes, however it was written.

    Raises:
        DataSyntaxError: it is.
    """
    if len(literal.value) > LONGEST // _LONGEST_ESCAPE and len(str(literal).encode()) > LONGEST:
        raise too_long(Position(str(path), 1, 1))


def too_long(position: Position) -> DataSyntaxError:
    """Return the error to raise for a token that is longer than a parser takes."""
    return DataSyntaxError(
        f"A literal, name or comment is longer than {LONGEST // 1024**2} MiB.",
        position=position,
        advice="Keep what is that long in a file of its own, and link to it.",
    )


def _refuse_encoding(content: bytes, path: Path) -> None:
    start = content[:2]
    if start in _BYTE_ORDER_MARKS or (len(start) == 2 and start.count(0) == 1):
        raise DataSyntaxError(
            "The file is UTF-16, not UTF-8.",
            position=Position(str(path), 1, 1),
            advice="Save it as UTF-8.",
        )
    zero = content.find(b"\0", 0, _BEGINNING)
    if zero >= 0:
        raise DataSyntaxError(
            "The file is binary: it holds the character U+0000.",
            position=place_at(content, zero, path),
        )


def _refuse_no_utf_8(content: bytes, path: Path) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content), _CHUNK):
        try:
            decoder.decode(content[start : start + _CHUNK], final=start + _CHUNK >= len(content))
        except UnicodeDecodeError as error:
            kept = len(error.object) - len(content[start : start + _CHUNK])
            raise DataSyntaxError(
                "The file is not UTF-8.",
                position=place_at(content, start - kept + error.start, path),
                advice="Save it as UTF-8.",
            ) from None


def _refuse_nesting(content: bytes, path: Path, pattern: re.Pattern[bytes]) -> None:
    if sum(map(content.count, (b"[", b"(", b"{", b"<<"))) <= DEEPEST:
        return
    depth = 0
    for match in pattern.finditer(content):
        if match.lastgroup == "open":
            depth += 1
            if depth > DEEPEST:
                raise _too_deep("Brackets", place_at(content, match.start(), path))
        elif match.lastgroup == "close":
            depth -= 1


def _too_deep(what: str, position: Position) -> DataSyntaxError:
    return DataSyntaxError(
        f"{what} are nested deeper than {DEEPEST}.",
        position=position,
        advice="Give what is within a name of its own.",
    )


def _refuse_entities(content: bytes, path: Path) -> None:
    """Refuse entities that are elsewhere, or whose uses, each in full, are too long.

    What only looks like a declaration counts too: parsers differ in what they take for one.
    """
    lengths: dict[bytes, int] = {}
    for match in _ENTITY.finditer(content):
        name, double, single, other = match.groups()
        if other is not None:
            raise DataSyntaxError(
                "An entity that stands elsewhere is not read.",
                position=place_at(content, match.start(), path),
                advice="Write what it stands for into the file.",
            )
        value = double if single is None else single
        for use in _USE.finditer(value):
            if use[1] not in lengths and use[1] not in _PREDEFINED and use[1][:1] != b"#":
                raise DataSyntaxError(
                    f"The entity {use[1].decode(errors='replace')} is used before it is declared.",
                    position=place_at(content, match.start(), path),
                )
        length = len(value) + _length_of_uses(value, lengths)
        lengths[name] = max(length, lengths.get(name, 0))
        if length > LONGEST:
            raise _growing(place_at(content, match.start(), path))
    if lengths and _length_of_uses(content, lengths) > LONGEST:
        raise _growing(Position(str(path), 1, 1))


def _length_of_uses(text: bytes, lengths: dict[bytes, int]) -> int:
    return sum(lengths.get(match[1], 0) for match in _USE.finditer(text))


def _growing(position: Position) -> DataSyntaxError:
    return DataSyntaxError(
        f"The file's entities grow to more than {LONGEST // 1024**2} MiB.",
        position=position,
        advice="Write out what they stand for.",
    )


def _refuse_xml(content: bytes, path: Path) -> None:
    """Refuse what is no well-formed XML in UTF-8, or nested too deeply; nothing is fetched."""
    parser = expat.ParserCreate("UTF-8")
    depth = 0

    def start(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            line, offset = parser.CurrentLineNumber, parser.CurrentColumnNumber
            raise _too_deep("Elements", Position(str(path), line, offset + 1))

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        _refuse_no_utf_8(content, path)
        raise DataSyntaxError(
            f"{expat.ErrorString(error.code)}.",
            position=Position(str(path), error.lineno, error.offset + 1),
        ) from None
