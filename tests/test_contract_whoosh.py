"""Whoosh is held to the contract."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest
from engine_contract import PATIENT, EngineContract

from corpus.model import Report
from indexer.building import build
from indexer.results import Limits
from indexer.service import Searcher, open_searcher


class TestWhoosh(EngineContract):
    engine: ClassVar[str] = "whoosh"
    root: ClassVar[Path]
    numbers: ClassVar[itertools.count[int]] = itertools.count()

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _root(cls, tmp_path_factory: pytest.TempPathFactory) -> None:
        cls.root = tmp_path_factory.mktemp(cls.engine)

    @classmethod
    def searcher(cls, reports: Sequence[Report], limits: Limits = PATIENT) -> Searcher:
        home = cls.root / str(next(cls.numbers))
        build(home, reports, corpus_id="test", engine=cls.engine)
        return open_searcher(home, limits)
