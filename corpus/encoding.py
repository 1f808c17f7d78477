"""Bytes -> text: the encoding by mark, by strict UTF-8, else by how plausible each reading is as Chinese."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from corpus.errors import UnreadableFile
from corpus.mojibake import implausible_lines, misread_parts
from corpus.plausibility import mean_surprise, surprise
from corpus.sevenbits import read_seven_bits

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
#: What a file can be without a mark, and the bits that its being rare costs.
_PRIOR: Final = {"utf-8": 0.0, "gb18030": 0.0, "big5": 5.0, "utf-16-le": 10.0, "utf-16-be": 14.0}
#: What a declaration is worth: it decides between close readings, and no more than that.
_DECLARED_WORTH: Final = 8.0
_DECLARED: Final = (
    (re.compile(r"utf-?8", re.I), ("utf-8",)),
    (re.compile(r"gb|cp936|ms936|x-gbk|euc-?cn|hz|chinese", re.I), ("gb18030",)),
    (re.compile(r"big5|cp950|ms950|x-x-big5|euc-?tw", re.I), ("big5",)),
    (re.compile(r"utf-?16|ucs-?2|unicode", re.I), ("utf-16-le", "utf-16-be")),
)
#: Readings nearer to each other than this many bits are a guess.
_CLOSE: Final = 25.0
#: More bits a character than this is no Chinese that we know.
_IMPLAUSIBLE: Final = 15.5
_SAMPLE: Final = 64 * 1024
#: So many pairs of bytes that happen to be valid UTF-8 don't stand in any text in GBK.
_MOST_BY_CHANCE: Final = 20
_FEWEST_FILLERS: Final = 8
#: A byte that is never part of a character of several bytes, in no encoding but UTF-16 and UTF-32.
_BOUNDARY: Final = re.compile(rb"[\x00-\x2f]")
_BEYOND_ASCII: Final = re.compile(rb"[\x80-\xff]")
_BEYOND_TWO_BYTES: Final = re.compile("[\u0800-\U0010ffff]")
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
#: cp950 maps these two to characters nobody writes; the standard's own table means the full-width ones.
_CP950_REPAIRS: Final = str.maketrans("∕﹨", "／＼")
#: Likewise big5hkscs of Python, towards what Windows and browsers read.
_HKSCS_REPAIRS: Final = str.maketrans("∼•､‾¥¢£", "～‧﹑¯￥￠￡")
#: What the Big5 of Windows has where other tables have • ♁ ☉, which are as likely.
_BIG5_LOOKALIKES: Final = re.compile("[‧⊕⊙]")
#: The two tables of Big5 read a text in two ways nearer to each other than this many bits: three characters or so.
_CLOSE_TABLES: Final = 8.0


_RUNS: Final = re.compile(rb"([\x80-\xff]+)")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was read in, and codes of what is doubtful about it (none: nothing is).

    ``encoding_guessed``: another encoding is nearly as plausible, or none is. ``broken_bytes``: a few bytes fit no
    character; U+FFFD stands for them. ``mojibake``: parts were decoded wrongly before they came here, or are in
    another encoding. ``private_use``: characters that each font shows differently. ``excerpt`` is the first such part.
    """

    text: str
    encoding: str
    doubts: tuple[str, ...] = ()
    excerpt: str = ""


def decode(body: bytes, declared: str = "") -> Decoded:
    """Return the text of a file: by its byte order mark, as strict UTF-8, else in the most plausible encoding.

    ``declared`` is the charset that the file or its server names ("" for none); it is wrong too often to be more than
    a hint. Time is linear in the size; the choice looks at 64 KB. Raises UnreadableFile for what is no text.
    """
    body = _unfilled(body)
    if body.isascii() and (read := read_seven_bits(body, declared)):
        return _judged(read.text, read.encoding, guessed=not read.declared)
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _marked(body[len(mark) :], encoding)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _detected(body, declared, valid=False)
    if _is_padded(body):
        return _judged(text.replace("\0", ""), "utf-8", guessed=False)
    two_bytes = len(body) - len(text) > _MOST_BY_CHANCE or _BEYOND_TWO_BYTES.search(text)
    if "\0" in text or not (text.isascii() or two_bytes):
        return _detected(body, declared, valid=True)  # UTF-16, or GBK that happens to be valid
    return _judged(text, "utf-8", guessed=False)


def _unfilled(body: bytes) -> bytes:
    """Return a file without the NULs at its end, which a disk that lost power leaves there by the block."""
    filled = body.rstrip(b"\0")
    if len(body) - len(filled) < _FEWEST_FILLERS:
        return body
    return filled + b"\0" if len(filled) % 2 and b"\0" in filled else filled  # UTF-16 ends in one


def _is_padded(body: bytes) -> bool:
    """Whether a text of one byte a letter holds runs of NULs: those of UTF-16 stand on one side of each pair."""
    even, odd = body[0::2].count(0), body[1::2].count(0)
    return even + odd > 0 and min(even, odd) * 3 > max(even, odd)


def _marked(body: bytes, encoding: str) -> Decoded:
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "utf-8":  # tools that put the mark before whatever follows
            return _detected(body, encoding, valid=False)
        text = body.decode(encoding, "replace")
    return _judged(text, encoding, guessed=False)


def _detected(body: bytes, declared: str, *, valid: bool) -> Decoded:
    """Choose among the encodings; ``valid`` UTF-8 is likely meant so, even where GBK reads as well."""
    hinted = next((encodings for pattern, encodings in _DECLARED if pattern.match(declared.strip())), ())
    windows = list(_windows(body))
    scores: dict[str, tuple[float, float, str]] = {}
    for encoding, prior in _PRIOR.items():
        sample = "".join(_read(window, encoding) for window in _aligned(body, windows, encoding))
        bits = surprise(sample)
        worth = _DECLARED_WORTH * (encoding in hinted) + 12.0 * (valid and encoding == "utf-8")
        scores[encoding] = (bits + prior - worth, bits, sample)
    best = min(scores, key=lambda encoding: scores[encoding])
    _, bits, sample = scores[best]
    if sample.count("\ufffd") * 10 > len(sample):
        raise _undecodable()
    rivals = [other for name, (_, other, text) in scores.items() if name != best and text != sample]
    close = min(rivals, default=bits + _CLOSE) < bits + _CLOSE
    close = close or (best == "big5" and _has_rival_table(body))
    text = _read(body, best)
    mixed = _by_line(body, best) if best in {"utf-8", "gb18030"} and ("\ufffd" in text or misread_parts(text)) else text
    if surprise(mixed) + _CLOSE < surprise(text):
        return _judged(mixed, best, guessed=True)
    return _judged(text, best, guessed=close or mean_surprise(sample) > _IMPLAUSIBLE)


def _by_line(body: bytes, encoding: str) -> str:
    """Return a text whose lines are in UTF-8 and in GBK, as parts of a page from two sources are."""
    return "\n".join(_line(line, encoding) for line in body.split(b"\n"))


def _line(line: bytes, encoding: str) -> str:
    if line.isascii():
        return line.decode("ascii")
    usual = line.decode(encoding, "replace")
    try:
        other = line.decode("gb18030" if encoding == "utf-8" else "utf-8")
    except UnicodeDecodeError:
        # A page of one line: what tags and blanks part may be of two sources as well.
        return _by_run(line) if encoding == "utf-8" and "\ufffd" in usual else usual
    if encoding == "utf-8":
        # By chance UTF-8 can be read as GBK from one end to the other, and a line of both is neither.
        return min((usual, other, _by_run(line)), key=surprise) if "\ufffd" in usual else usual
    return other if _BEYOND_TWO_BYTES.search(other) and surprise(other) + _DECLARED_WORTH < surprise(usual) else usual


def _by_run(line: bytes) -> str:
    """Return a line whose runs beyond ASCII are in UTF-8, or in GBK where they are no UTF-8."""
    parts = _RUNS.split(line)  # every second one is a run
    return "".join(_run(part) if at % 2 else part.decode("ascii") for at, part in enumerate(parts))


def _run(run: bytes) -> str:
    usual = run.decode("utf-8", "replace")
    if "\ufffd" not in usual:
        return usual
    try:
        other = run.decode("gb18030")
    except UnicodeDecodeError:
        return usual
    return other if surprise(other) < surprise(usual) else usual  # a single broken byte makes no GBK of a sentence


def _windows(body: bytes) -> Iterator[tuple[int, int]]:
    """Yield the parts of a file to look at: all of it, or three windows that begin at a character."""
    if len(body) <= _SAMPLE:
        yield 0, len(body)
        return
    size = _SAMPLE // 3
    first = _BEYOND_ASCII.search(body)
    start = first.start() if first else 0
    yield start, start + size
    for place in (start + (len(body) - start) // 2, len(body) - size):
        boundary = _BOUNDARY.search(body, place, place + size // 2)
        if boundary and boundary.end() > start + size:
            yield boundary.end(), boundary.end() + size


def _aligned(body: bytes, windows: list[tuple[int, int]], encoding: str) -> Iterator[bytes]:
    wide = encoding.startswith("utf-16")
    for start, end in windows:
        yield body[start & ~1 : end & ~1 if end < len(body) else end] if wide else body[start:end]


def _read(body: bytes, encoding: str) -> str:
    return _read_big5(body) if encoding == "big5" else body.decode(encoding, "replace")


def _read_big5(body: bytes) -> str:
    """Read Big5 as Windows does, or with the characters of Hong Kong where that fails or makes less sense.

    The two disagree about 365 codes: kana and Cyrillic in the one are circled digits, strokes and 〇 in the other.
    """
    windows, hongkong = _big5_readings(body)
    return windows if windows == hongkong or surprise(windows) <= surprise(hongkong) else hongkong


def _big5_readings(body: bytes) -> tuple[str, str]:
    """Return what Windows and what Hong Kong reads; twice the latter where Windows can't."""
    hongkong = body.decode("big5hkscs", "replace").translate(_HKSCS_REPAIRS)
    try:
        return body.decode("cp950").translate(_CP950_REPAIRS), hongkong
    except UnicodeDecodeError:
        return hongkong, hongkong


def _has_rival_table(body: bytes) -> bool:
    """Whether another table of Big5 reads some characters otherwise, as plausibly."""
    windows, hongkong = _big5_readings(body)
    close = windows != hongkong and abs(surprise(windows) - surprise(hongkong)) < _CLOSE_TABLES
    return close or _BIG5_LOOKALIKES.search(windows) is not None


def _judged(text: str, encoding: str, *, guessed: bool) -> Decoded:
    """Return a decoded text with its doubts; refuse it where it can't be one."""
    broken = text.count("\ufffd")
    if broken * 10 > len(text) or broken > max(2, len(text) // 100):
        raise _undecodable()
    if "\0" in text and len(_CONTROL.findall(text)) * 20 > len(text):
        raise _undecodable()
    parts = misread_parts(text)
    if not parts and encoding in {"gb18030", "big5"}:
        parts = implausible_lines(text)
    private = "" if encoding == "utf-8" and text.isascii() else _PRIVATE.search(text)
    at = text.find("\ufffd")
    found = (
        ("encoding_guessed", guessed, ""),
        ("broken_bytes", broken > 0, text[max(0, at - 10) : at + 10]),
        ("mojibake", bool(parts), parts[0] if parts else ""),
        ("private_use", bool(private), private[0] if private else ""),
    )
    excerpt = next((shown for _, holds, shown in found if holds and shown), "")
    return Decoded(text, encoding, tuple(code for code, holds, _ in found if holds), excerpt)


def _undecodable() -> UnreadableFile:
    return UnreadableFile(
        zh="无法识别文字编码，可能不是文本文件；请确认文件能用记事本打开，另存为 UTF-8 文本后重新导入",
        en="the text's encoding can't be told, or it is no text; open it in an editor, save it as UTF-8 and load it again",
    )
