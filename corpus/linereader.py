"""A text file of any size -> its lines as bytes, each bounded, with the encoding that decodes them."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from corpus.encoding import decode
from corpus.errors import UnreadableFile
from corpus.member import LARGEST_RECORD

_CHUNK: Final = 1 << 20
_SAMPLE: Final = 4 << 20
_WIDE: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(slots=True)
class Lines:
    """An open file of lines ended by a line feed; ``encoding`` is that of lines that aren't UTF-8."""

    stream: BinaryIO
    encoding: str

    def next_line(self, limit: int = LARGEST_RECORD) -> bytes:
        """Return the next line with its line feed, b"" at the end; cut, without its feed, at ``limit`` bytes."""
        return self.stream.readline(limit)

    def skip_line(self) -> None:
        """Go past the rest of a line that was cut, reading it in small parts."""
        while (part := self.stream.readline(_CHUNK)) and not part.endswith(b"\n"):
            pass

    def skip_quoted(self) -> bool:
        """Go past the end of a quoted field that was cut, and of its line; False if its quote is never closed.

        What looks like a closing quote but is followed by text opens another field: the first was never closed.
        """
        pending = False  # a quote was seen; what follows tells what it is
        while part := self.stream.read(_CHUNK):
            at = 0
            while True:
                if pending:
                    if at >= len(part):
                        break
                    pending = False
                    if part[at : at + 1] in b",;\t\r\n":
                        self.stream.seek(at - len(part), 1)
                        self.skip_line()
                        return True
                    if part[at : at + 1] != b'"':
                        return False
                    at += 1
                found = part.find(b'"', at)
                if found < 0:
                    break
                at, pending = found + 1, True
        return pending

    def parts(self, size: int) -> Iterator[str]:
        """Yield the text that is left in parts of about ``size`` bytes."""
        first = self.stream.read(size)
        try:
            codecs.getincrementaldecoder("utf-8")().decode(first)
            encoding = "utf-8"
        except UnicodeDecodeError:
            encoding = self.encoding
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        while first:
            if text := decoder.decode(first):
                yield text
            first = self.stream.read(size)

    def text(self, line: bytes) -> str:
        """Return a line's text: UTF-8 if it is that, else the file's encoding; what is broken becomes U+FFFD."""
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            return line.decode(self.encoding, "replace")


@contextmanager
def open_lines(path: Path) -> Iterator[Lines]:
    """Open a file of lines; UTF-16, UTF-32 and line ends of old Macs are rewritten to a temporary file first."""
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
        guessed = _encoding(sample)
        wide = next((name for mark, name in _WIDE if sample.startswith(mark)), "")
        wide = wide or (guessed if guessed.startswith("utf-16") else "")
        old_mac = b"\r" in sample and b"\n" not in sample
        stream.seek(len(codecs.BOM_UTF8) if sample.startswith(codecs.BOM_UTF8) else 0)
        if not wide and not old_mac:
            yield Lines(stream, guessed)
            return
        with tempfile.TemporaryFile() as copy:
            decoder = codecs.getincrementaldecoder(wide or "latin-1")("replace")
            while part := stream.read(_CHUNK):
                text = decoder.decode(part)
                copy.write((text.replace("\r", "\n") if old_mac else text).encode("utf-8" if wide else "latin-1"))
            copy.seek(0)
            yield Lines(copy, "utf-8" if wide else guessed)


def _encoding(sample: bytes) -> str:
    """Return the encoding for lines that aren't UTF-8, whichever makes most sense of the sample."""
    whole = sample[: sample.rfind(b"\n") + 1] or sample
    try:
        found = decode(whole).encoding
    except UnreadableFile:
        return "gb18030"  # the lines will show what is broken
    return found if found.startswith("utf-16") else "big5hkscs" if found.startswith("big5") else "gb18030"
