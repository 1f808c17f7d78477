"""The original of a report as it was kept: shown in isolation, or downloaded.

A page from the web is hostile until proven otherwise. It is answered with a policy that puts it into a sandbox without
any permission (no scripts, no forms, an origin of its own) and forbids every load; and the frame that shows it is a
sandbox too, which may navigate nowhere else. Everything but pages and texts is a download.

What reads pages and archives is loaded when it is asked for: the first page of a server needn't wait for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from corpus.errors import CorpusError
from corpus.library import Library
from corpus.sources import Source
from indexer.service import Services
from webui.guard import CSP
from webui.page import here
from webui.state import Lang, switched

if TYPE_CHECKING:
    from corpus.kept import Kept

Answer: TypeAlias = "tuple[str, int]"
_PAGES: Final = frozenset({".html", ".htm", ".shtml", ".xhtml"})
_TEXTS: Final = frozenset({".txt", ".text", ".md", ".markdown", ".csv", ".tsv", ".json", ".jsonl", ".ndjson"})
#: For the original itself: nothing may be loaded but what stands in it.
_ORIGINAL_CSP: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
_FRAMING_CSP: Final = f"{CSP}; frame-src 'self'"
#: Elements that reach out in ways that a policy doesn't cover (looking up names, connecting ahead, going elsewhere).
#: A parser knows a tag only by "<" and its name, so none is left.
_REACHING: Final = re.compile(r"<(?=(?:link|base|meta|iframe|frame|object|embed|portal|applet)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shown:
    """An original on its page: how it can be seen ("page", "text" or ""), and what is known of it."""

    source: Source
    kept: Kept
    view: str
    digest: str


def blueprint(home: Path, services: Services) -> Blueprint:
    """Return the routes of originals."""
    pages = Blueprint("original", __name__)
    library_path = home / "library.db"

    def sources_of(report_id: str) -> list[Source]:

        services.read(report_id)  # raises ReportNotFound
        held: list[Source] = []
        if library_path.exists():
            with Library(library_path) as library:
                held = library.holders(report_id)
        if not held:
            raise CorpusError(
                zh="资料库里没有这份报告的来源记录；请重新导入它的文件",
                en="the library has no source of this report; load its file again",
            )
        return held

    @pages.get("/report/<report_id>/original")
    def show(report_id: str) -> Response | Answer:
        lang = here().lang
        report = services.read(report_id).report
        try:
            held = sources_of(report_id)
            at = _chosen(held)
            kept = _kept_original(held[at])
        except CorpusError as error:
            return _missing(report_id, error.text(lang))
        form = request.args.get("as", "")
        view = "text" if kept.suffix in _TEXTS or (kept.suffix in _PAGES and form == "text") else ""
        view = view or ("page" if kept.suffix in _PAGES else "")
        shown = Shown(held[at], kept, view, sha256(kept.body).hexdigest())
        made = Response(
            render_template(
                "original.html",
                report=report,
                shown=shown,
                at=at,
                sources=held,
                is_page=kept.suffix in _PAGES,
                to_view=partial(_address, report_id, "original", lang),
                to_raw=partial(_address, report_id, "raw", lang),
            )
        )
        made.headers["Content-Security-Policy"] = _FRAMING_CSP
        return made

    @pages.get("/report/<report_id>/raw")
    def raw(report_id: str) -> Response | Answer:
        form = request.args.get("as", "")
        try:
            held = sources_of(report_id)
            kept = _kept_original(held[_chosen(held)])
            made = _isolated(kept, form)
        except CorpusError as error:
            return _missing(report_id, error.text(here().lang))
        made.headers["Content-Security-Policy"] = _ORIGINAL_CSP
        made.headers["X-DNS-Prefetch-Control"] = "off"
        made.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        made.headers["Cache-Control"] = "no-store"
        return made

    def _missing(report_id: str, message: str) -> Answer:
        report = services.read(report_id).report
        return render_template("original.html", report=report, shown=None, message=message), 404

    return pages


def _kept_original(source: Source) -> Kept:
    from corpus.kept import kept_original  # noqa: PLC0415 - see above

    return kept_original(source)


def harmless(source: str) -> str:
    """Return a page's source without the elements that reach out past a policy; their text stays."""
    return _REACHING.sub("<x-", source)


def _isolated(kept: Kept, form: str) -> Response:
    """Return an original as a page, as text, or as a download if it is neither. Raises UnreadableFile."""
    from corpus.encoding import decode  # noqa: PLC0415 - see above
    from corpus.htmlreader import decoded_page  # noqa: PLC0415

    if form == "page" and kept.suffix in _PAGES:
        return Response(harmless(decoded_page(kept.body).text), content_type="text/html; charset=utf-8")
    if form in ("page", "text") and kept.suffix in _PAGES | _TEXTS:
        decoded = decoded_page(kept.body) if kept.suffix in _PAGES else decode(kept.body)
        return Response(decoded.text, content_type="text/plain; charset=utf-8")
    made = Response(kept.body, content_type="application/octet-stream")
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", kept.name)[-80:] or "original"
    made.headers["Content-Disposition"] = f"attachment; filename={plain}; filename*=UTF-8''{quote(kept.name, safe='')}"
    return made


def _address(report_id: str, page: str, lang: Lang, at: int, form: str = "") -> str:
    """Return the address of an original, by the number of its source and how it is to be seen."""
    pairs = [("source", str(at))] if at else []
    return switched(f"/report/{report_id}/{page}", [*pairs, *([("as", form)] if form else [])], lang)


def _chosen(sources: list[Source]) -> int:
    """Return which of a report's sources is asked for; the first unless said otherwise."""
    asked = request.args.get("source", "")
    at = int(asked) if asked.isdecimal() and len(asked) < 6 else 0
    return at if at < len(sources) else 0
