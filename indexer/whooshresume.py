"""What an interrupted build of the Whoosh engine leaves: the next build of the same goes on from its last checkpoint.

A checkpoint is one transaction of the texts: the reports that are done, and the names and checksums of Whoosh's files.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from corpus.model import digest64
from indexer.generation import (
    TEXTS,
    WHOOSH,
    digest_of,
    fingerprint,
    forget_unfinished,
    link,
    sync,
    sync_folder,
    unfinished_folder,
)
from indexer.segment import Segmenter
from indexer.texts import TextWriter, files_in
from indexer.whooshindex import files_to_link

_KEPT = "kept"


class UnfinishedWhoosh:
    """The folder that a build of one base (an earlier generation, or none) writes into until it is done."""

    def __init__(self, index: Path, base: str, segmenter: Segmenter) -> None:
        self._index = index
        self._folder = unfinished_folder(index, digest64(WHOOSH, fingerprint(segmenter), base))
        self.texts = self._folder / TEXTS
        self.whoosh = self._folder / WHOOSH
        self._kept = self._folder / _KEPT
        self._files: dict[str, str] = {}
        self._sound = False

    def restore(self) -> bool:
        """Bring the files back to the last checkpoint; False, with nothing left, where there is none or one is damaged.

        Whoosh's files hold pickles: one that isn't what was written is never opened.
        """
        try:
            self._files = files_in(self.texts)
            for name in self._files:
                if not (self.whoosh / name).exists():  # Whoosh removes what a later commit needs no more
                    link(self._kept / name, self.whoosh / name)
            self._sound = bool(self._files) and all(
                digest_of(self.whoosh / name) == digest for name, digest in self._files.items()
            )
        except (OSError, sqlite3.Error):
            self._sound = False
        if not self._sound:
            self.clear()
            return False
        for path in self.whoosh.iterdir():
            if path.name not in self._files:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        self._keep()
        return True

    def begin(self, previous: Path | None) -> None:
        """Begin with an earlier generation, or with nothing."""
        self.clear()
        self.whoosh.mkdir(parents=True)
        if previous is not None:
            for path in files_to_link(previous / WHOOSH):
                link(path, self.whoosh / path.name)
            shutil.copyfile(previous / TEXTS, self.texts)

    def checkpoint(self, texts: TextWriter) -> None:
        """Record that all that Whoosh and the texts hold now is done, once it is on the disk."""
        known, self._files = self._files, {}
        for path in files_to_link(self.whoosh):
            if path.name not in known:
                sync(path)
            self._files[path.name] = known.get(path.name) or digest_of(path)
        sync_folder(self.whoosh)
        texts.record(self._files)
        sync_folder(self._folder)
        self._sound = True
        self._keep()

    def hand_over(self, folder: Path) -> None:
        """Give a finished generation its files; the texts as a copy, since they aren't written once and for all."""
        (folder / WHOOSH).mkdir()
        for name in self._files:
            link(self.whoosh / name, folder / WHOOSH / name)
        shutil.copyfile(self.texts, folder / TEXTS)

    def abandon(self) -> None:
        """Leave what the next build can go on from; nothing where there is no checkpoint."""
        if not self._sound:
            self.clear()

    def clear(self) -> None:
        """Forget everything."""
        forget_unfinished(self._index)

    def _keep(self) -> None:
        """Have the files of this checkpoint last until the next: a commit removes what it replaces."""
        self._kept.mkdir(exist_ok=True)
        for path in self._kept.iterdir():
            if path.name not in self._files:
                path.unlink()
        for name in self._files:
            if not (self._kept / name).exists():
                link(self.whoosh / name, self._kept / name)
