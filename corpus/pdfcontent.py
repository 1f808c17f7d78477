"""How much a PDF's pages draw: the bytes of their content, forms counted as often as they are drawn. Reads no text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pypdf import PageObject
from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

#: A form that is drawn: its name before the operator, blanks (a NUL is one) and comments between them.
_DRAWN: Final = re.compile(rb"/([^\s\0/\[\]()<>{}%]+)(?:[\s\0]|%[^\r\n]*+)++Do(?![^\s\0/\[\]()<>{}%])")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
#: So deep PDFium follows forms within forms, also those that draw themselves.
_DEEPEST: Final = 40
#: What is drawn is counted no further; more than any reader is given.
MOST: Final = 1 << 40
#: Added to the number of a glyph: the same stream may be a form as well.
_GLYPHS: Final = 1 << 64


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A content stream: its size, and the forms that it draws, each with how often."""

    size: int
    drawn: tuple[tuple[int, int], ...]


def content_size(page: PageObject) -> int:
    """Return the bytes that drawing a page takes apart: its content, and each form's as often as it is drawn.

    Raises what pypdf raises.
    """
    contents = page.get_contents()
    if contents is None:
        return 0
    forms: dict[int, _Drawing] = {}
    resources = _resolved(page.get_inherited("/Resources", None))
    top = _drawing(contents.get_data(), (resources,), forms)
    # Each glyph is drawn once and then kept, whatever shows it.
    top = _Drawing(top.size, (*top.drawn, *((identity, 1) for identity in forms if identity >= _GLYPHS)))
    # Level by level from the deepest, as a form that draws itself has no size of its own.
    sizes = dict.fromkeys(forms, 0)
    for _ in range(_DEEPEST):
        sizes, before = {identity: _total(form, sizes) for identity, form in forms.items()}, sizes
        if sizes == before:
            break
    return _total(top, sizes)


def _total(drawing: _Drawing, sizes: Mapping[int, int]) -> int:
    return min(MOST, drawing.size + sum(times * sizes[identity] for identity, times in drawing.drawn))


def _drawing(content: bytes, resources: tuple[object, ...], forms: dict[int, _Drawing]) -> _Drawing:
    """Return what a content stream draws; its forms, and theirs, are added to ``forms``.

    ``resources``: its own, and the page's, where PDFium looks for what its own don't name.
    """
    names = Counter(_name(found[1]) for found in _DRAWN.finditer(content))
    drawn = []
    for name, times in names.items():
        held = next((found for each in resources if (found := _named(each, name)) is not None), None)
        stream = _resolved(held)
        if not isinstance(stream, StreamObject) or stream.get("/Subtype") == "/Image":
            continue
        identity = held.idnum if isinstance(held, IndirectObject) else -id(stream)
        drawn.append((identity, times))
        if identity not in forms:
            forms[identity] = _Drawing(0, ())  # a form that draws itself ends here
            own = (_resolved(stream.get("/Resources")), resources[-1])
            forms[identity] = _drawing(stream.get_data(), own, forms)
    for font in _held(resources[0], "/Font"):
        _add_glyphs(font, resources[-1], forms)
    return _Drawing(len(content), tuple(drawn))


def _add_glyphs(font: object, page: object, forms: dict[int, _Drawing]) -> None:
    """Add the glyphs of a font that draws them itself (Type 3), for the forms that these draw."""
    for held in _held(font, "/CharProcs", resolved=False):
        stream = _resolved(held)
        identity = _GLYPHS + (held.idnum if isinstance(held, IndirectObject) else id(stream))
        if not isinstance(stream, StreamObject) or identity in forms:
            continue
        forms[identity] = _Drawing(0, ())
        own = (_resolved(each.get("/Resources")) for each in (stream, font) if isinstance(each, DictionaryObject))
        # Bitmaps of glyphs may be large: they are read once in any case.
        forms[identity] = _Drawing(0, _drawing(stream.get_data(), (*own, page), forms).drawn)


def _held(value: object, name: str, *, resolved: bool = True) -> list[object]:
    """Return what a dictionary within another holds; [] if there is none."""
    within = _resolved(value.get(name)) if isinstance(value, DictionaryObject) else None
    if not isinstance(within, DictionaryObject):
        return []
    return [_resolved(within.raw_get(key)) if resolved else within.raw_get(key) for key in within]


def _name(written: bytes) -> str:
    """Return a name as pypdf has it: with its slash, escapes resolved."""
    plain = _ESCAPED.sub(lambda code: bytes((int(code[1], 16),)), written)
    try:
        return "/" + plain.decode("utf-8")
    except UnicodeDecodeError:
        return "/" + plain.decode("gb18030", "replace")


def _named(resources: object, name: str) -> object:
    """Return what a page's resources hold for drawing under a name, not resolved; None if nothing."""
    drawable = _resolved(resources.get("/XObject")) if isinstance(resources, DictionaryObject) else None
    return drawable.raw_get(name) if isinstance(drawable, DictionaryObject) and name in drawable else None


def _resolved(value: object) -> object:
    return value.get_object() if isinstance(value, IndirectObject) else value
