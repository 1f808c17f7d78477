"""The exception tree of the corpus. Each message stands in both languages and says what to do next."""

from __future__ import annotations


class Bilingual(Exception):
    """An error a reader sees: ``zh`` for the page and the terminal, ``en`` beside it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    def text(self, lang: str) -> str:
        """Return the message in ``lang`` ("zh" or "en")."""
        return self.en if lang == "en" else self.zh


class CorpusError(Bilingual):
    """Anything that goes wrong between a file and the library."""


class UnreadableFile(CorpusError):
    """A file that can't be turned into a report: wrong format, encoding or content."""


class LibraryError(CorpusError):
    """The library can't be opened or written."""


class WorkersFailed(CorpusError):
    """Worker processes end before they can be given a file; a load can't go on."""


class BadCorrection(CorpusError):
    """A correction that names no field, no report or no valid value."""


class FetchError(CorpusError):
    """Anything that goes wrong between a site and its WARC files."""


class BadSite(FetchError):
    """A site file that says something impossible; the message names file and key."""


class SiteBusy(FetchError):
    """Another process fetches the same site."""


class PageFailed(FetchError):
    """One page couldn't be fetched; the run goes on."""


class Transient(PageFailed):
    """A failure that may pass: time-out, reset, no answer; worth another try."""


class RefusedAddress(PageFailed):
    """A URL or address that must not be asked: not http(s), not public, off the site."""


class HostPostponed(FetchError):
    """A host asks to come back later than the site's patience, or fails too often; the run ends."""
