"""The fields of a tantivy index, and how they are cut into tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeAlias, overload

import numpy as np
import tantivy
from numpy.typing import NDArray

from corpus.model import FORMS, KINDS

#: Bigrams with positions: of a section's own units, and of its context (contract 4.1).
GRAMS: Final = "grams"
CONTEXT: Final = "context"
#: Whole runs of ASCII letters and digits, of the same texts.
RUNS: Final = "runs"
CONTEXT_RUNS: Final = "context_runs"
#: Single characters and other runs of both, which rank (indexer/ranking.py); the pairs that rank are among the bigrams.
CHARACTERS: Final = "characters"
#: The pairs of a report's title, on the first of its sections.
TITLE: Final = "title"
#: The number of its report; and the row number below, which no two documents share.
REPORT: Final = "report"
ROW_NUMBER: Final = "row"
KIND: Final = "kind"
FORM: Final = "form"
#: The values of its report, each as ``field=value``.
FACETS: Final = "facets"

Rows: TypeAlias = NDArray[np.int64]
#: A row number is the report's number times this, plus ordinal, kind and form as laid out below.
_ROW_BITS: Final = 24
ROW: Final = 1 << _ROW_BITS
_ORDINAL: Final = 1 << 5
_FORM: Final = 1 << 4

#: The report is one that another one stands for (contract 6.6).
COPY_TOKEN: Final = "copy=1"  # noqa: S105 - a token of an index

_WORDS: Final = "blank_separated"


def facet_token(field: str, value: str) -> str:
    """Return the token that stands for a value of a field of the report."""
    return f"{field}={value}"


def title_size(tokens: int) -> str:
    """Return the token that says of how many tokens a title is."""
    return f"\x04{tokens}"


def row_number(number: int, ordinal: int, kind: str, form: str) -> int:
    """Return the row number of a section: its report's number, its ordinal there (up to 524,287), kind and form."""
    return number * ROW + ordinal * _ORDINAL + row_code(kind, form)


def row_code(kind: str, form: str) -> int:
    """Return the part of a row number that says kind and form."""
    return FORMS.index(form) * _FORM + KINDS.index(kind)


def row_numbers(numbers: Rows, ordinals: Rows, codes: Rows) -> Rows:
    """Return the row numbers of many sections."""
    return numbers * ROW + ordinals * _ORDINAL + codes


def numbers_of(rows: Rows) -> Rows:
    """Return the numbers of the reports of row numbers."""
    return rows >> _ROW_BITS  # a third of the time of a division


@overload
def ordinals_of(rows: int) -> int: ...
@overload
def ordinals_of(rows: Rows) -> Rows: ...
def ordinals_of(rows: int | Rows) -> int | Rows:
    """Return the ordinal of a row number, or of several."""
    return rows % ROW // _ORDINAL


def all_ordinals_of(rows: Rows) -> Rows:
    """Return the ordinals of row numbers."""
    return rows % ROW // _ORDINAL


def forms_of(rows: Rows) -> Rows:
    """Return the forms of row numbers, as indexes of FORMS."""
    return rows // _FORM & 1


def kinds_of(rows: Rows) -> Rows:
    """Return the kinds of row numbers, as indexes of KINDS."""
    return rows & (_FORM - 1)


def schema() -> tantivy.Schema:
    """Return the schema; it is part of the index's version."""
    builder = tantivy.SchemaBuilder()
    for name in (GRAMS, CONTEXT):
        builder.add_text_field(name, tokenizer_name=_WORDS, index_option="position")
    for name in (RUNS, CONTEXT_RUNS):
        builder.add_text_field(name, tokenizer_name=_WORDS, index_option="basic")
    for name in (CHARACTERS, TITLE):
        builder.add_text_field(name, tokenizer_name=_WORDS, index_option="freq")
    builder.add_text_field(FACETS, tokenizer_name="raw", index_option="basic")
    for name in (KIND, FORM):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field(REPORT, indexed=True)
    builder.add_unsigned_field(ROW_NUMBER, indexed=True, fast=True)
    return builder.build()


def create_index(folder: Path) -> tantivy.Index:
    """Make an empty index in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return _with_tokenizers(tantivy.Index(schema(), str(folder), reuse=False))


def open_index(folder: Path) -> tantivy.Index:
    """Open an index that was written; what is written later isn't seen."""
    index = _with_tokenizers(tantivy.Index.open(str(folder)))
    index.config_reader("manual")
    return index


def _with_tokenizers(index: tantivy.Index) -> tantivy.Index:
    blanks = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_WORDS, blanks)
    return index
