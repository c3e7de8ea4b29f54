# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from cosigraph.word_document import WordDocument

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def parts(content: bytes) -> dict[str, ET.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}


def written(text: str) -> WordDocument:
    document = WordDocument(text)
    document.heading(text, 2)
    document.paragraph(text, [(text, text, text)])
    document.table([text, text], [[text, text]])
    return document


@given(st.text())
def test_any_text_makes_a_well_formed_document(text: str) -> None:
    assert {"word/document.xml", "word/footnotes.xml"} <= set(parts(written(text).content()))


@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn"])))
def test_what_is_written_is_read_again(text: str) -> None:
    found = parts(written(text).content())["word/document.xml"]
    assert [each.text or "" for each in found.iter(f"{W}t")] == [text] * 7


def test_every_footnote_is_called_and_every_call_has_one() -> None:
    document = WordDocument("Title")
    document.paragraph("one", [("a", "", ""), ("b", "", "")])
    document.paragraph("two", [("c", "", "")])
    found = parts(document.content())
    calls = [
        each.get(f"{W}id") for each in found["word/document.xml"].iter(f"{W}footnoteReference")
    ]
    notes = [each.get(f"{W}id") for each in found["word/footnotes.xml"].iter(f"{W}footnote")]
    assert calls == ["1", "2", "3"]
    assert notes == ["-1", "0", *calls]


def test_an_address_of_the_web_can_be_followed_and_another_is_words() -> None:
    document = WordDocument("Title")
    for address in ("https://example.org/a?b=1&c=2", 'https://example.org/" \\o "', "file:///etc"):
        document.paragraph("one", [("", address, "")])
    links = list(parts(document.content())["word/footnotes.xml"].iter(f"{W}fldSimple"))
    assert [each.get(f"{W}instr") for each in links] == [
        'HYPERLINK "https://example.org/a?b=1&c=2"'
    ]


def test_every_part_is_declared_and_every_relation_leads_to_one() -> None:
    found = parts(written("a").content())
    declared = {each.get("PartName") for each in found["[Content_Types].xml"]}
    assert {f"/{name}" for name in found if name.endswith(".xml")} - declared == {
        "/[Content_Types].xml"
    }
    targets = [each.get("Target") for each in found["_rels/.rels"].iter(RELATIONS)]
    targets += [
        f"word/{each.get('Target')}"
        for each in found["word/_rels/document.xml.rels"].iter(RELATIONS)
    ]
    assert set(targets) <= set(found)


def test_the_same_content_is_the_same_bytes() -> None:
    assert written("a").content() == written("a").content()
