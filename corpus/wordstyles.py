"""The styles of a Word document: which paragraphs are headings, titles, entries of the contents, hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from corpus.wordnumbering import child, children, number, value

_HEADING: Final = re.compile(r"(?i)(?:heading|标题)\s*([1-9])")
_TITLE: Final = re.compile(r"(?i)title|标题|文档标题")
_CONTENTS: Final = re.compile(r"(?i)(?:toc|目录)\s*[1-9]|toc heading|table of figures")
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of its paragraphs, what it inherits included; ``level`` 0 is no heading."""

    level: int = 0
    title: bool = False
    contents: bool = False
    hidden: bool = False
    list_id: str = ""
    list_level: int | None = None


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles by id; ``default`` is that of paragraphs that name none."""

    by_id: Mapping[str, Style]
    default: str

    def of(self, style_id: str) -> Style:
        """Return the style of an id, the default one's for "", a plain one for an id that isn't there."""
        return self.by_id.get(style_id or self.default, Style())


def read_styles(root: etree._Element | None) -> Styles:
    """Return the styles of styles.xml; none without it."""
    elements = {value(each, name="styleId"): each for each in children(root, "style")}
    default = next(
        (
            style_id
            for style_id, each in elements.items()
            if value(each, name="type") == "paragraph" and value(each, name="default") in {"1", "true", "on"}
        ),
        "",
    )
    return Styles({style_id: _resolved(style_id, elements) for style_id in elements}, default)


def _resolved(style_id: str, elements: Mapping[str, etree._Element]) -> Style:
    """Return a style with what it inherits; the nearest statement of each property counts."""
    level: int | None = None
    list_id = ""
    list_level: int | None = None
    hidden: bool | None = None
    own = elements[style_id]
    element: etree._Element | None = own
    seen: set[str] = set()
    while element is not None and style_id not in seen and len(seen) < _DEEPEST:
        seen.add(style_id)
        properties = child(element, "pPr")
        if level is None:
            outline = value(properties, "outlineLvl")
            named = _HEADING.fullmatch(value(element, "name").strip())
            level = number(outline, 9) + 1 if outline else int(named[1]) if named else None
        if not list_id:
            list_id = value(properties, "numPr", "numId")
        if list_level is None and child(properties, "numPr", "ilvl") is not None:
            list_level = number(value(properties, "numPr", "ilvl"))
        vanish = child(element, "rPr", "vanish")
        if hidden is None and vanish is not None:
            hidden = value(vanish).lower() not in {"0", "false", "off"}
        style_id = value(element, "basedOn")
        element = elements.get(style_id)
    name = value(own, "name").strip()
    return Style(
        level=level if level is not None and level <= 9 else 0,
        title=bool(_TITLE.fullmatch(name)),
        contents=bool(_CONTENTS.fullmatch(name)),
        hidden=bool(hidden),
        list_id=list_id,
        list_level=list_level,
    )
