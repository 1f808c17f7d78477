"""The executable specification is held to the hand-written examples as well."""

from __future__ import annotations

from collections.abc import Sequence

from engine_contract import PATIENT, EngineContract, brute_searcher

from corpus.model import Report
from indexer.results import Limits
from indexer.service import Searcher


class TestBruteForce(EngineContract):
    @classmethod
    def searcher(cls, reports: Sequence[Report], limits: Limits = PATIENT) -> Searcher:
        return brute_searcher(reports, limits)
