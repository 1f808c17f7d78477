"""RTF bytes -> tokens (Rich Text Format Specification 1.9.1), and its code pages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

#: Font character set -> codec; the mainland's sets as GB18030, their superset.
CHARSETS: Final = {
    128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_CODE_PAGES: Final = {936: "gb18030", 54936: "gb18030", 65001: "utf-8", 950: "cp950"}
_TOKEN: Final = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})?\x20?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z'])|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)|\\"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token: a group's start or end, a control word with its number (None: none given), or bytes of text."""

    kind: Literal["open", "close", "word", "bytes"]
    word: str = ""
    number: int | None = None
    data: bytes = b""


_OPEN: Final = Token("open")
_CLOSE: Final = Token("close")
_SYMBOLS: Final = {b"~": b" ", b"_": b"-", b"\\": b"\\", b"{": b"{", b"}": b"}", b"-": b""}


def tokens(body: bytes) -> Iterator[Token]:
    """Yield the tokens of a file; what is no RTF is passed over."""
    at = 0
    while at < len(body):
        found = _TOKEN.match(body, at)
        if found is None:
            at += 1
            continue
        at = found.end()
        word, number, code, symbol, brace, text = found.groups()
        if word is not None:
            value = int(number) if number else None
            if word == b"bin":
                at += max(0, value or 0)
                continue
            yield Token("word", word.decode("ascii"), value)
        elif code is not None:
            yield Token("bytes", data=bytes([int(code, 16)]))
        elif brace is not None:
            yield _OPEN if brace == b"{" else _CLOSE
        elif text is not None:
            yield Token("bytes", data=text)
        elif symbol is not None:
            if symbol in _SYMBOLS:
                yield Token("bytes", data=_SYMBOLS[symbol])
            elif symbol in b"*\r\n":
                yield Token("word", "*" if symbol == b"*" else "par")


def codec_of(code_page: int) -> str:
    """Return the codec of a Windows code page; GB18030 for what isn't known, in this library."""
    if code_page in _CODE_PAGES:
        return _CODE_PAGES[code_page]
    name = f"cp{code_page}"
    try:
        "".encode(name)
    except LookupError:
        return "gb18030"
    return name
