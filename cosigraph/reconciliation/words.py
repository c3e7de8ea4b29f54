# SPDX-License-Identifier: Apache-2.0
"""Names taken apart: into words that can be compared, whatever the spelling around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MOST_WORDS: Final = 40
"""A name with more words than this is compared as a whole only."""

# Words that say nothing of what is named, in the languages that names come in. Of single letters
# only what French elides: others may be codes.
_ENGLISH: Final = "an and at by for from in of on or the to with"
_FRENCH: Final = "au aux d de des du en et l la le les"
_GERMAN: Final = "am das dem den der des die fur im und von zum zur"
_OTHERS: Final = "del della delle di el il las lo los het van en"
FUNCTION_WORDS: Final = frozenset(" ".join((_ENGLISH, _FRENCH, _GERMAN, _OTHERS)).split())

_WORD: Final = re.compile(r"[^\W_]+")
_DOTTED: Final = re.compile(r"(?<!\w)(?:\w\.){2,}\w?(?!\w)")
_APOSTROPHES: Final = re.compile("['\u2018\u2019\u02bc]")
_ACRONYM: Final = re.compile(r"([A-Z][A-Z0-9]{1,7})s?")
_PARTS: Final = re.compile(r"[()\[\]{};,|]|\s[-\u2010-\u2015]+\s|:\s")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name: as it is compared, and whether it is written as an acronym is."""

    stem: str
    acronym: str = ""


def bare(text: str) -> str:
    """The text without case and accents (Unicode's canonical caseless matching, widened)."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def words(text: str) -> tuple[Word, ...]:
    """The words of a name, in order.

    >>> [word.stem for word in words("The Councils' E.U. agencies")]
    ['the', 'council', 'eu', 'agency']
    """
    whole = _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), text)
    found = _WORD.findall(_APOSTROPHES.sub(" ", unicodedata.normalize("NFKC", whole)))
    return tuple(
        Word(stem, _acronym(word))
        for word in found
        if (stem := _stem(bare(word))) and not _is_genitive(word)
    )


def _is_genitive(word: str) -> bool:
    return word == "s"


def _acronym(word: str) -> str:
    written = _ACRONYM.fullmatch(word)
    return bare(written[1]) if written else ""


def _stem(word: str) -> str:
    """The word without a plural's ending, in one of the spellings that English has for it."""
    if word.isascii() and word.isalpha():
        if len(word) > 4 and word.endswith("ies"):
            word = f"{word[:-3]}y"
        elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
            word = word[:-1]
        word = re.sub(r"iz(e|ed|er|ing|ation|ational)$", r"is\1", word)
        word = re.sub(r"(?<=[a-z]{4})yz(e|ed|ing)$", r"ys\1", word)
        # northern, western: as the nouns
        word = re.sub(r"(?<=(?:th|st))ern$", "", word) if len(word) > 6 else word
    return word


def expanded(found: Sequence[Word], expansions: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The words' stems, an acronym that is known being what it stands for."""
    stems: list[str] = []
    for word in found:
        stems += expansions.get(word.acronym, (word.stem,)) if word.acronym else (word.stem,)
    return tuple(stems)


def initials(stems: Sequence[str]) -> str:
    """The acronym that the words make, or nothing where they are too few."""
    telling = [stem for stem in stems if stem not in FUNCTION_WORDS]
    return "".join(stem[0] for stem in telling) if len(telling) > 2 else ""


def parts(text: str) -> tuple[str, ...]:
    """What brackets, commas, semicolons and dashes part, if there is more than one part.

    >>> parts("European Police College (CEPOL)")
    ('European Police College', 'CEPOL')
    """
    found = [part.strip() for part in _PARTS.split(text)]
    telling = tuple(dict.fromkeys(part for part in found if part and _tells(part)))
    return telling if any(found) and telling != (text.strip(),) else ()


def _tells(part: str) -> bool:
    return any(word.stem not in FUNCTION_WORDS for word in words(part))
