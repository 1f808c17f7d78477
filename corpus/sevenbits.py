"""Chinese written in seven bits, as old mail and news did: HZ-GB-2312 and UTF-7. Pure ASCII to look at, and none to read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from corpus.errors import UnreadableFile
from corpus.plausibility import mean_surprise

_HZ: Final = re.compile(rb"~\{(?:[!-~]{2})+~\}")
_UTF_7: Final = re.compile(rb"\+[A-Za-z0-9+/]{3,}")
_ISO_2022: Final = re.compile(rb"\x1b\$(?:\)[AEG]|[*+][HIJKLM]|[@AB])")
_HAN: Final = re.compile("[\u3400-\u9fff]")
#: So few characters come out of signs and numbers by chance.
_FEWEST: Final = 6
#: More bits a character are no Chinese text: what is in base 64 reads as rare characters in no order.
_PLAUSIBLE: Final = 14.0


@dataclass(frozen=True, slots=True)
class SevenBits:
    """The text of a file in seven bits, its encoding, and whether the file named it."""

    text: str
    encoding: str
    declared: bool


def read_seven_bits(body: bytes, declared: str) -> SevenBits | None:
    """Return what a file of ASCII says in HZ or UTF-7; None if it is in neither. Raises UnreadableFile for ISO-2022."""
    name = declared.strip().lower()
    for encoding, pattern, names in (("hz", _HZ, ("hz",)), ("utf-7", _UTF_7, ("utf-7", "utf7", "unicode-1-1-utf-7"))):
        if not pattern.search(body):
            continue
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        han = "".join(_HAN.findall(text))
        if len(han) >= _FEWEST and mean_surprise(han) <= _PLAUSIBLE:
            return SevenBits(text, encoding, name.startswith(names))
    if _ISO_2022.search(body):
        raise UnreadableFile(
            zh="文字编码是 ISO-2022（七位邮件编码），无法转换；请用写它的邮件程序打开，另存为 UTF-8 文本后重新导入",
            en="the encoding is ISO-2022 (seven bits, of old mail), which isn't read; open it in the mail program and save "
            "it as UTF-8 text",
        )
    return None
