"""Brings the index up to date behind the page, after something was changed on it."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Final

from corpus.errors import Bilingual
from indexer.generation import usable_generation
from indexer.segment import segmenter_of
from webui.labels_correct import CORRECT_LABELS

_LOG: Final = logging.getLogger(__name__)


class IndexUpdater:
    """Updates of the index in a thread, one at a time; safe to use from several threads.

    What is asked for while an update runs is done by one more after it: nothing that was changed is missed.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._wanted = False
        self._running = False
        self._idle = threading.Event()
        self._idle.set()
        self._failure: Bilingual | None = None

    @property
    def running(self) -> bool:
        """Whether an update is under way."""
        return self._running

    @property
    def failure(self) -> Bilingual | None:
        """Why the last update failed; None if it didn't."""
        return self._failure

    def start(self) -> None:
        """Have the index brought up to date, and return at once."""
        with self._lock:
            self._wanted = True
            if self._running:
                return
            self._running = True
            self._idle.clear()
        threading.Thread(target=self._run, name="indexing", daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Return when no update is under way, or after some seconds."""
        self._idle.wait(seconds)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._running = False
                    self._idle.set()
                    return
                self._wanted = False
            self._failure = self._update()

    def _update(self) -> Bilingual | None:
        from indexer.building import update  # noqa: PLC0415 - a page that only reads needn't load what builds

        try:
            # The engine that was asked for stays: a correction is no reason to change it.
            asked = usable_generation(self._home, segmenter_of(self._home))[1].asked
            update(self._home, engine=asked, workers=1)
        except Bilingual as error:
            return error
        except Exception:
            # Whatever it was, the reader must hear that the index lags, and the log must say why.
            _LOG.exception("updating the index failed")
            zh, en = CORRECT_LABELS["correct.unexpected"]
            return Bilingual(zh, en)
        return None
