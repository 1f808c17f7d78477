"""Compiled templates kept between runs: to compile those of one page takes longer than to search."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

#: Raise it when templates are compiled in another way: their checksums don't tell.
_COMPILED_AS: Final = 2


class Bytecode(FileSystemBytecodeCache):
    """Compiled templates in a folder of the home; where it can't be written, they are compiled each time.

    A template that changed since has another checksum, and is compiled anew.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), f"%s.{_COMPILED_AS}.template")
        with suppress(OSError):
            folder.mkdir(exist_ok=True)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read what is kept of a template, if anything can be."""
        with suppress(OSError, ValueError, EOFError, TypeError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template, where that is possible."""
        with suppress(OSError):
            super().dump_bytecode(bucket)
