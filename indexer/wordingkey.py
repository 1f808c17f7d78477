"""The form and the fingerprint of a sentence's wording: equal where only figures, dates, blanks, width or own names differ.

Pure. Figures are digits with their separators, and Chinese numerals of two or more signs with a digit among them
(二十三, 二〇二三), before a unit that counts (三件) or after 百分之; 3万 is as much a figure as 3000. A single numeral
elsewhere is a word (一些, 第一时间). Years, months and days together are one figure. What the report calls itself is in
indexer/ownnames.py. The number before a sentence (1., (二), 三是) and its closing 。 or ； aren't of its wording. With
3.5 million wordings the odds that any two of them share their 64 bits by chance are 1 in 3 million.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Final

from corpus.folding import HAN, fold
from indexer.ownnames import own_names, without_own_names
from indexer.sentences import sentence_texts

#: The fewest Han characters, figures and own names apart, that make a wording; and the most characters of a sentence.
SHORTEST: Final = 6
LONGEST: Final = 2_000

_DIGIT: Final = "〇零一二三四五六七八九十两"
_NUMERAL: Final = f"{_DIGIT}百千万亿"
# The first character is a class, so that the search skips to it; what may follow depends on which it was.
_FIGURE: Final = re.compile(
    rf"[0-9{_NUMERAL}](?:"
    rf"(?<=[0-9])[0-9]*(?:[.,:/-][0-9]+)*[百千万亿]*"
    rf"|(?<=[{_DIGIT}])(?:[{_NUMERAL}]|点(?=[{_DIGIT}]))+"
    rf"|(?<=[百千亿])(?=[{_DIGIT}])(?:[{_NUMERAL}]|点(?=[{_DIGIT}]))+"
    rf"|(?<=[{_DIGIT}])(?=[年月日件次项名条起宗份])"
    rf"|(?<=百分之[{_DIGIT}])"
    r")"
)
_DATE: Final = re.compile(r"0(?:年(?:0月(?:0日)?)?|月(?:0日)?)")
_NUMBER_BEFORE: Final = re.compile(
    r"(?:第?[一二三四五六七八九十](?:是|,)|[(\[](?:0|[一二三四五六七八九十]+)[)\]][、.]?|(?:0|[一二三四五六七八九十]+)[、.)]|[①-⑳][、.]?)+"
)
#: What a number before a sentence may begin with; "" for no form at all.
_NUMBER_STARTS: Final = frozenset("第一二三四五六七八九十0([①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_ENOUGH: Final = re.compile(rf"(?:[^{HAN}]*[{HAN}]){{{SHORTEST}}}")
_ENDS: Final = "。;.,:、"


class WordingForms:
    """The forms of the sentences of one report."""

    def __init__(self, agency: str = "", region: str = "", year: int | None = None) -> None:
        self._names = own_names(agency, region, year)

    def of(self, paragraphs: str) -> Iterable[tuple[str, str]]:
        """Return each sentence of folded paragraphs (joined by line feeds) with its form; "" if it has no wording."""
        texts = sentence_texts(paragraphs)
        return zip(texts, self.of_sentences(texts), strict=True)

    def of_sentences(self, texts: Sequence[str]) -> Iterable[str]:
        """Return the form of each of some folded sentences; "" for one that has no wording."""
        if not texts:
            return ()
        # A line feed is in no name, figure or date: no form reaches into the next.
        return map(_trimmed, texts, self._plain("\n".join(texts)).split("\n"))

    def _plain(self, text: str) -> str:
        """Return folded text without blanks, own names and figures."""
        figures = _FIGURE.sub("0", without_own_names(text.replace(" ", ""), self._names))
        return _DATE.sub("0", figures).replace("百分之0", "0%")


def _trimmed(text: str, form: str) -> str:
    """Return a sentence's form without the number before it and its end; "" if it is too long or too short."""
    if len(text) > LONGEST:
        return ""
    before = _NUMBER_BEFORE.match(form) if form[:1] in _NUMBER_STARTS else None
    trimmed = (form[before.end() :] if before else form).rstrip(_ENDS)
    return trimmed if _ENOUGH.match(trimmed) else ""


def key_of(form: str) -> int:
    """Return the 64-bit fingerprint of a form, never 0; 0 for "", which is no wording."""
    return (
        int.from_bytes(blake2b(form.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") or 1
        if form
        else 0
    )


def wording_key(sentence: str, agency: str = "", region: str = "", year: int | None = None) -> int:
    """Return the fingerprint of one sentence as a report writes it; 0 if it has no wording."""
    found = list(WordingForms(agency, region, year).of(fold(sentence)))
    return key_of(found[0][1]) if len(found) == 1 else 0
