"""The fields of a tantivy index, and how they are cut into tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import tantivy

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
#: The number of its report, and ``number * ROW + ordinal``, which no two documents share.
REPORT: Final = "report"
ROW_NUMBER: Final = "row"
#: Which block of reports it belongs to: an aggregation has at most 65,000 buckets.
BLOCK: Final = "block"
KIND: Final = "kind"
FORM: Final = "form"
#: The values of its report, each as ``field=value``.
FACETS: Final = "facets"

ROW: Final = 1 << 24
BLOCK_SIZE: Final = 60_000

#: The report is one that another one stands for (contract 6.6).
COPY_TOKEN: Final = "copy=1"  # noqa: S105 - a token of an index

_WORDS: Final = "blank_separated"


def facet_token(field: str, value: str) -> str:
    """Return the token that stands for a value of a field of the report."""
    return f"{field}={value}"


def title_size(tokens: int) -> str:
    """Return the token that says of how many tokens a title is."""
    return f"\x04{tokens}"


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
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in (REPORT, ROW_NUMBER):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    builder.add_unsigned_field(BLOCK, indexed=True)
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
