"""The page of the mix-up check: a draft comes by POST, is read in a process of its own, and nothing of it is kept."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.datastructures import FileStorage

from corpus.errors import CorpusError
from corpus.model import Report
from indexer.errors import QueryRejected
from indexer.mixup import MOST_CHARACTERS, Checked, Shared, check, own_of
from indexer.mixupnames import Named
from indexer.mixupwriting import said, said_of_own, said_of_shared
from indexer.service import Services
from webui.page import here

#: Bytes of a request beside its file: percent signs make nine of one character.
_TEXT_BYTES: Final = 9 * MOST_CHARACTERS + (1 << 16)
#: Seconds that a page may take to compare a draft with the library.
SECONDS: Final = 20.0
_NOT_IN_NAMES: Final = re.compile(r"[^\w.()（）-]+")
#: Names that Windows keeps for devices.
_DEVICES: Final = frozenset(
    (
        "con",
        "prn",
        "aux",
        "nul",
        "conin$",
        "conout$",
        *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"),
    )
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A run of a paragraph, and how it is marked: "" where it isn't."""

    text: str
    look: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the draft in which something was found."""

    number: int
    runs: tuple[Marked, ...]
    names: tuple[Named, ...]
    shared: tuple[Shared, ...]


def blueprint(services: Services) -> Blueprint:
    """Return the routes of the mix-up check."""
    pages = Blueprint("check", __name__)

    @pages.get("/check")
    def form() -> Response:
        return _page(None, 200)

    @pages.post("/check")
    def checked() -> Response:
        from corpus.parsing import LARGEST_FILE  # noqa: PLC0415 - what reads files takes long to load

        request.max_content_length = LARGEST_FILE + _TEXT_BYTES
        request.max_form_memory_size = _TEXT_BYTES
        lang = here().lang
        try:
            draft = _draft(request.files.get("file"), request.form.get("text", ""))
            year = request.form.get("year", "").strip()
            if year and not re.fullmatch(r"(?:19|20)[0-9]{2}", year):
                raise QueryRejected(
                    zh=f"年度须为四位数字，而不是“{year[:20]}”", en=f"the year must be four digits, not {year[:20]!r}"
                )
            own = own_of(
                draft,
                request.form.get("agency", "").strip(),
                request.form.get("region", "").strip(),
                int(year) if year else None,
            )
            return _page(check(services.searcher(), draft, own, seconds=SECONDS), 200)
        except (CorpusError, QueryRejected) as error:
            return _page(None, 400, error.text(lang))

    return pages


def marked(text: str, names: Sequence[Named]) -> Iterator[Marked]:
    """Yield a paragraph's text in order, what is named marked as sure or to be looked at."""
    at = 0
    for each in sorted(names, key=lambda name: name.span):
        start, end = max(each.span[0], at), each.span[1]
        if start >= end:
            continue
        if at < start:
            yield Marked(text[at:start], "")
        yield Marked(text[start:end], "sure" if each.sure else "look")
        at = end
    if at < len(text):
        yield Marked(text[at:], "")


def safe_name(filename: str) -> str:
    """Return the name of a file that was sent as one that every system can write; what it says of year and agency stays."""
    name = _NOT_IN_NAMES.sub("_", Path(filename.replace("\\", "/")).name)[-80:].lstrip(".") or "draft"
    # Windows takes CON.txt for the console, whatever follows the dot, and drops dots at the end.
    name = name.rstrip(".") or "draft"
    return f"_{name}" if name.partition(".")[0].strip().lower() in _DEVICES else name


def _draft(file: FileStorage | None, text: str) -> Report:
    """Return the draft that was sent; a file's bytes lie in a folder of their own until it is read."""
    from corpus.draft import draft_of_file, draft_of_text  # noqa: PLC0415 - what reads files takes long to load

    if file is not None and file.filename:
        # Its name may say year and agency; whatever else is in it is no path of ours.
        name = safe_name(file.filename)
        with tempfile.TemporaryDirectory(prefix="chadang-draft-") as folder:
            path = Path(folder) / name
            file.save(path)
            return draft_of_file(path)
    if not text.strip():
        raise QueryRejected(zh="请粘贴文稿，或选择一个文件", en="paste the draft, or choose a file")
    return draft_of_text(text)


def _paragraphs(found: Checked) -> Iterator[Paragraph]:
    for number, text in enumerate(found.paragraphs):
        names = tuple(each for each in found.names if each.paragraph == number)
        shared = tuple(each for each in found.shared if each.paragraph == number)
        if names or shared:
            yield Paragraph(number + 1, tuple(marked(text, names)), names, shared)


def _page(found: Checked | None, status: int, refused: str = "") -> Response:
    lang = here().lang
    page = make_response(
        render_template(
            "check.html",
            found=found,
            paragraphs=tuple(_paragraphs(found)) if found else (),
            own=said_of_own(found, lang) if found else "",
            said=lambda each: said(each, found, lang) if found else "",
            said_of_shared=lambda each: said_of_shared(each, lang),
            text=request.form.get("text", ""),
            asked={name: request.form.get(name, "") for name in ("agency", "region", "year")},
            refused=refused,
            most=MOST_CHARACTERS,
        ),
        status,
    )
    # A page with a draft in it is nothing for a cache on a disk.
    page.headers["Cache-Control"] = "no-store"
    return page
