"""The exception tree of the indexer. Each message stands in both languages and says what to do next."""

from __future__ import annotations

from corpus.errors import Bilingual


class IndexerError(Bilingual):
    """Anything that goes wrong between the library and a result."""


class NoIndex(IndexerError):
    """There is no index yet."""


class StaleIndex(IndexerError):
    """The index was written by another analysis or schema than the one that runs."""


class BrokenIndex(IndexerError):
    """A file of the index is missing or not the one that was written."""


class IndexBusy(IndexerError):
    """Another process is writing the index."""


class IndexUnwritable(IndexerError):
    """The index folder can't be written: permissions, disk space, a file in its place."""


class EngineUnavailable(IndexerError):
    """The engine asked for isn't installed or isn't known."""


class BadWords(IndexerError):
    """The list of words in the home folder can't be read."""


class QueryRejected(IndexerError):
    """A limit was exceeded: length, leaves, nesting, or an unknown filter, sort or cursor."""


class SearchTimeout(IndexerError):
    """The search took longer than its time limit."""


class ReportNotFound(IndexerError):
    """No report of this identity is in the index."""


class WordingNotFound(IndexerError):
    """No wording of this key is among the results."""


class WordListError(IndexerError):
    """A word list can't be made, changed or found."""


class SavedSearchError(IndexerError):
    """A saved search can't be kept, changed or found."""


class BasketError(IndexerError):
    """A passage can't be taken, or the basket can't be read or written."""


class AnalysisTimeout(SearchTimeout):
    """Reading the hits for a trend, a concordance or a coverage took longer than its time limit."""
