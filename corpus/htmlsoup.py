"""A page that lxml alone would lose parts of -> an lxml tree of bounded depth, read by BeautifulSoup. Pure."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, PreformattedString
from lxml import etree

from corpus.characters import clean_characters
from corpus.htmltree import DEEPEST, Element

_KEPT_ATTRIBUTES: Final = frozenset(
    "id class style colspan rowspan name content property href rel border start type value hidden align src srcdoc".split()
)
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_INLINE: Final = frozenset("span font b strong i em u a small big sup sub o:p label s strike tt code nobr".split())


def flattened(text: str) -> Element:
    """Return the root of a page, no deeper than DEEPEST; what is deeper follows its ancestor there, in order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)  # XHTML is read as HTML, as browsers do
        return _flattened(BeautifulSoup(text, "lxml"))


def _flattened(soup: BeautifulSoup) -> Element:
    """Return the soup as an lxml tree no deeper than DEEPEST; what is deeper follows its ancestor there, in order."""
    writer = _Writer()
    open_nodes: list[Iterator[object]] = [iter(soup.contents)]
    while open_nodes:
        node = next(open_nodes[-1], None)
        if node is None:
            open_nodes.pop()
            writer.end()
        elif isinstance(node, Tag):
            writer.start(node.name.lower(), node)
            open_nodes.append(iter(node.contents))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            writer.text.append(clean_characters(node))
    return writer.root


class _Writer:
    """Builds the flattened tree; ``text`` collects what stands at the place reached."""

    def __init__(self) -> None:
        self.root = etree.Element("html")
        self.text: list[str] = []
        self._open: list[Element | None] = []  # None: an inline element too deep to be kept
        self._path = [self.root]
        self._last, self._inside = self.root, True  # text goes into this element, or after it
        self._parted = False  # whether a block that was too deep to hold others ended here

    def start(self, name: str, tag: Tag) -> None:
        deep = len(self._path) >= DEEPEST
        if (name == "html" and len(self._path) == 1) or (deep and name in _INLINE):
            self._open.append(None)
            return
        self._write()
        made = etree.SubElement(self._path[-1], name if _NAME.fullmatch(name) else "span", _attributes(tag))
        self._last, self._inside, self._parted = made, True, False
        self._open.append(made)
        if not deep:
            self._path.append(made)

    def end(self) -> None:
        closed = self._open.pop() if self._open else None
        if closed is None:
            return
        self._write()
        if self._path[-1] is closed:
            self._path.pop()
            self._last, self._inside, self._parted = closed, False, False
        else:
            self._parted = True

    def _write(self) -> None:
        if not self.text:
            return
        said = "".join(self.text)
        self.text.clear()
        if self._parted and said.strip():
            self._last, self._inside, self._parted = etree.SubElement(self._path[-1], "div"), True, False
        if self._inside:
            self._last.text = (self._last.text or "") + said
        else:
            self._last.tail = (self._last.tail or "") + said


def _attributes(tag: Tag) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name in _KEPT_ATTRIBUTES.intersection(tag.attrs):
        value: str | Sequence[str] | None = tag.attrs[name]
        kept[name] = clean_characters(value if isinstance(value, str) else " ".join(_strings(value)))
    return kept


def _strings(values: Iterable[str] | None) -> list[str]:
    return [str(value) for value in values or ()]
