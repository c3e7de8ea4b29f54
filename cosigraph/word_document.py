# SPDX-License-Identifier: Apache-2.0
"""Documents for word processors (.docx, ECMA-376): headings, paragraphs, tables and footnotes.

A document is a zip file of a few XML files. It is written here because python-docx, the library
for it, has no footnotes. The same content is the same bytes, so that it has one entity tag.

Spec:
    ECMA-376-1, Office Open XML, part 1, section 17 (WordprocessingML)
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LABEL: Final = "docx"

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time that a zip file can tell
_WIDTH = 9026  # of A4 between its margins, in twentieths of a point
_LONGEST_ADDRESS = 2000  # characters; a word processor breaks off longer ones
# What XML 1.0 cannot hold (section 2.2).
_IMPOSSIBLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_STYLES = f"""\
<w:styles xmlns:w="{_W}">\
<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/>\
<w:sz w:val="21"/><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault>\
<w:pPrDefault><w:pPr><w:spacing w:after="100" w:line="264" w:lineRule="auto"/></w:pPr>\
</w:pPrDefault>\
</w:docDefaults>\
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>\
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/>\
<w:pPr><w:spacing w:after="120"/></w:pPr><w:rPr><w:b/><w:sz w:val="36"/></w:rPr></w:style>\
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>\
<w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/>\
<w:spacing w:before="320" w:after="80"/><w:outlineLvl w:val="0"/></w:pPr>\
<w:rPr><w:b/><w:sz w:val="28"/></w:rPr></w:style>\
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/>\
<w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/>\
<w:spacing w:before="200" w:after="60"/><w:outlineLvl w:val="1"/></w:pPr>\
<w:rPr><w:b/><w:sz w:val="23"/></w:rPr></w:style>\
<w:style w:type="paragraph" w:styleId="FootnoteText"><w:name w:val="footnote text"/>\
<w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>\
<w:rPr><w:sz w:val="17"/></w:rPr></w:style>\
<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>\
<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>\
</w:styles>"""
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/>'
    "</w:r></w:p></w:footnote>"
)
_SETTINGS = (
    f'<w:settings xmlns:w="{_W}"><w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/>'
    "</w:footnotePr></w:settings>"
)
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1304" w:right="1440" '
    'w:bottom="1304" w:left="1440" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'
)
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="999999"/>'
    for side in ("top", "bottom", "insideH")
)


class WordDocument:
    """A document that is written from its beginning to its end.

    Args:
        title: what the document is called, also in its properties
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._body: list[str] = []
        self._notes: list[str] = []
        self._add(title, "Title")

    def heading(self, text: str, level: int = 1) -> None:
        """Add a heading of level 1 or 2."""
        self._add(text, f"Heading{level}")

    def paragraph(self, text: str, footnotes: Iterable[tuple[str, str, str]] = ()) -> None:
        """Add a paragraph.

        Args:
            text: its words
            footnotes: for each footnote at its end what is said before an address, the address,
                and what is said after it
        """
        calls = "".join(
            '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
            f"{_run(', ', is_bare=True) if place else ''}"
            f'<w:footnoteReference w:id="{self._note(*note)}"/></w:r>'
            for place, note in enumerate(footnotes)
        )
        self._add(text, "", calls)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Add a table; its first column is wider, and its head stands on every page."""
        first = _WIDTH * 2 // (len(head) + 1)
        widths = [first] + [(_WIDTH - first) // max(len(head) - 1, 1)] * (len(head) - 1)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        lines = [self._row(head, widths, is_head=True)]
        lines += [self._row(row, widths) for row in rows]
        self._body.append(
            f'<w:tbl><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblBorders>{_BORDERS}'
            f'</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
            f"{''.join(lines)}</w:tbl><w:p/>"
        )

    def content(self) -> bytes:
        """The document as the bytes of a file."""
        document = f'<w:document xmlns:w="{_W}"><w:body>{"".join(self._body)}{_PAGE}</w:body>'
        notes = f'<w:footnotes xmlns:w="{_W}">{_SEPARATORS}{"".join(self._notes)}</w:footnotes>'
        files = {
            "[Content_Types].xml": _types(),
            "_rels/.rels": _relations(
                (f"{_OFFICE}/officeDocument", "word/document.xml"),
                (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ),
            "docProps/core.xml": (
                f'<p:coreProperties xmlns:p="{_PACKAGE}/metadata/core-properties" '
                'xmlns:dc="http://purl.org/dc/elements/1.1/">'
                f"<dc:title>{_escaped(self._title)}</dc:title><dc:language>en-GB</dc:language>"
                "</p:coreProperties>"
            ),
            "word/document.xml": f"{document}</w:document>",
            "word/_rels/document.xml.rels": _relations(
                *((f"{_OFFICE}/{name}", f"{name}.xml") for name in _PARTS)
            ),
            "word/footnotes.xml": notes,
            "word/settings.xml": _SETTINGS,
            "word/styles.xml": _STYLES,
        }
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, _DECLARATION + content)
        return output.getvalue()

    def _add(self, text: str, style: str, after: str = "") -> None:
        self._body.append(_paragraph(_run(text) + after, style))

    def _note(self, before: str, address: str, after: str) -> int:
        """Add a footnote; return its number."""
        number = len(self._notes) + 1
        mark = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
        content = f"{mark}{_run(' ' + before)}{_link(address)}{_run(after)}"
        self._notes.append(
            f'<w:footnote w:id="{number}">{_paragraph(content, "FootnoteText")}</w:footnote>'
        )
        return number

    @staticmethod
    def _row(cells: Sequence[str], widths: Sequence[int], *, is_head: bool = False) -> str:
        told = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{_paragraph(_run(cell, is_bold=is_head), '')}</w:tc>"
            for cell, width in zip(cells, widths, strict=True)
        )
        kept = "<w:cantSplit/>" + ("<w:tblHeader/>" if is_head else "")
        return f"<w:tr><w:trPr>{kept}</w:trPr>{told}</w:tr>"


_PARTS = ("footnotes", "settings", "styles")


def _escaped(text: str) -> str:
    return escape(_IMPOSSIBLE.sub("\ufffd", text))


def _run(text: str, *, is_bold: bool = False, is_bare: bool = False) -> str:
    words = f'<w:t xml:space="preserve">{_escaped(text)}</w:t>'
    if is_bare:
        return words
    return f"<w:r>{'<w:rPr><w:b/></w:rPr>' if is_bold else ''}{words}</w:r>"


def _link(address: str) -> str:
    """An address that can be followed where it is one of the web."""
    if not re.fullmatch(r'https?://[^\s"\\<>]+', address) or len(address) > _LONGEST_ADDRESS:
        return _run(address)
    code = quoteattr(f'HYPERLINK "{_IMPOSSIBLE.sub("", address)}"')
    return f"<w:fldSimple w:instr={code}>{_run(address)}</w:fldSimple>"


def _paragraph(content: str, style: str) -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{content}</w:p>"


def _types() -> str:
    parts = {"document": "document.main", **{name: name for name in _PARTS}}
    told = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for name, kind in parts.items()
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    properties = "application/vnd.openxmlformats-package.core-properties+xml"
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{relations}"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{properties}"/>{told}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    told = "".join(
        f'<Relationship Id="r{place}" Type="{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{told}</Relationships>'
