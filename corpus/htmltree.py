"""Text of a page -> an lxml tree of bounded depth, whatever its nesting. Pure."""

from __future__ import annotations

import re
from typing import Final, TypeAlias, cast

from lxml import etree

Element: TypeAlias = etree._Element

#: What shows nothing, or nothing of the text, on a page.
SILENT: Final = (
    "script style noscript template iframe object embed svg canvas select option button textarea input "
    "title nav rt rp audio video map datalist noframes"
).split()
#: libxml2 ends the tree, without an error, at the first element deeper than 256 (tests/test_html_hostile.py);
#: no deeper tree is made here, so that walks may recurse.
DEEPEST: Final = 200
#: A tag this long has attributes by the thousand, for which libxml2 takes quadratic time (8,000: 0.05 s, 200,000: 75 s).
_CROWDED = re.compile(r"<[A-Za-z][^<>]{16000}")
#: Values may hold < and > as well; so many are rare, and read in a second the other way.
_MOST_VALUES: Final = 20_000
#: &#147; is “ in every browser: what Windows has where Unicode has controls.
_LATIN_REFERENCE = re.compile(r"&#(?:0*(1[2-5]\d)|[xX]0*([89][0-9A-Fa-f]));")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_string = etree.XPath("string()")
_styled = etree.XPath(
    # By attribute: asked of each element in turn, this took longer than reading the page.
    "//@style[contains(., 'none') or contains(., 'NONE')]/.. | //@class[contains(., 'ng-hide')]/.. | //@hidden/.."
)


def parse_tree(text: str) -> Element:
    """Return the root element of a page; nothing is lost below any depth.

    lxml alone makes the tree twenty times as fast as BeautifulSoup over it, and the same one; it ends at a depth of 256
    and is quadratic in the attributes of a tag, so pages with either are read by BeautifulSoup and made flatter.
    """
    text = _LATIN_REFERENCE.sub(_as_windows, text) if "&#1" in text or "&#x" in text else text
    root = None if _is_crowded(text) else _plain_tree(text)
    if root is not None:
        return root
    from corpus.htmlsoup import flattened  # noqa: PLC0415 - few pages need it, and it takes longer to import than to use

    return flattened(text)


def _as_windows(found: re.Match[str]) -> str:
    point = int(found[1]) if found[1] else int(found[2], 16)
    return bytes([point]).decode("cp1252", "ignore") if 0x80 <= point < 0xA0 else found[0]


def text_of(element: Element) -> str:
    """Return all text of an element as it stands, comments left out."""
    return str(_string(element))


def line_of(element: Element) -> str:
    """Return all text of an element in one line, runs of blanks as one."""
    return " ".join(text_of(element).split())


def size_of(element: Element) -> int:
    """Return how many characters an element shows, blanks not counted."""
    return len("".join(text_of(element).split()))


def tag_of(element: Element) -> str:
    """Return the name of an element; "" for a comment or processing instruction."""
    return element.tag if isinstance(element.tag, str) else ""


def drop(element: Element) -> None:
    """Take an element out of its tree; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
        element.tail = None
    parent.remove(element)


def without_unseen(root: Element) -> None:
    """Take out what shows nothing: scripts, forms' controls, comments, what is hidden unless it is most of the page."""
    etree.strip_elements(root, *SILENT, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    hidden = [e for e in _elements(_styled(root)) if _is_hidden(e)]
    if hidden:
        whole = size_of(root)
        for element in hidden:
            # Some sites show their text by script: then it is the text, not a leftover.
            if tag_of(element) not in {"body", "html"} and size_of(element) * 2 < whole:
                drop(element)


def _elements(found: object) -> list[Element]:
    return cast("list[Element]", found)


def _is_hidden(element: Element) -> bool:
    if element.get("hidden") is not None or "ng-hide" in (element.get("class") or "")[:500].split():
        return True
    return bool(_HIDDEN_STYLE.search((element.get("style") or "")[:2000]))


def _is_crowded(text: str) -> bool:
    return bool(_CROWDED.search(text)) or text.count("=") > _MOST_VALUES


def _plain_tree(text: str) -> Element | None:
    """Return lxml's tree, or None if it stopped at one of libxml2's limits."""
    parser = etree.HTMLParser(encoding="utf-8", remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        return None
    limited = any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)
    return None if limited or root is None else root
