"""Ask the JSON API what its OpenAPI document allows, thousands of times, and check each answer against it.

    python scripts/api_requests.py               # 10,000 requests
    python scripts/api_requests.py --requests 500

The requests come from schemathesis. The exit status is 1 if one answer was a 5xx or not what the document says.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import corpus
from corpus.library import Library
from corpus.loader import load
from indexer import building
from indexer.results import Limits, SearchRequest
from indexer.service import Services
from indexer.wordings import wordings
from webui.app import create_app

#: Whether valid data is accepted isn't among them: a query may have too many conditions, a filter no such value (400).
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
FILTERS = ["region=370000", "kind!=appendix", "form=prose", "year=2010..2020", "year!=2015", "agency=", "level=县级"]


def main() -> int:
    """Return 0 if every answer was one that the document allows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with Library(home / "library.db") as library:
            load(library, [Path(corpus.__file__).parent / "samples"])
        building.update(home)
        statuses, wrong = run(home, asked.requests, asked.seed)
    print(f"{sum(statuses.values())} requests, status: {dict(sorted(statuses.items()))}, wrong answers: {len(wrong)}")
    for text in wrong[:10]:
        print(text)
    return 1 if wrong else 0


def run(home: Path, requests: int, start: int) -> tuple[Counter[int], list[str]]:
    """Ask about so many requests, as many of each operation; return how often each status came, and what was wrong."""
    # A machine at work elsewhere may be slow; that is no fault of an answer.
    services = Services(home, Limits(seconds=60))
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", create_app(home, services=services))
    known = real_paths(services)
    operations = [found.ok() for found in schema.get_all_operations()]
    outcome = Outcome()
    for operation in operations:
        # Half of the requests keep the document's rules, half break them.
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            ask(
                operation.as_strategy(generation_mode=mode),
                known,
                -(-requests // (2 * len(operations))),
                start,
                outcome,
            )
    return outcome.statuses, outcome.wrong


@dataclass
class Outcome:
    """How often each status came, and what was wrong."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def ask(
    cases: st.SearchStrategy[schemathesis.Case], known: list[dict[str, str]], number: int, start: int, outcome: Outcome
) -> None:
    """Ask one operation so many times."""

    @seed(start)
    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases, st.sampled_from(known), st.lists(st.sampled_from(FILTERS), max_size=3), st.booleans())
    def asked(case: schemathesis.Case, real: dict[str, str], filters: list[str], existing: bool) -> None:
        if existing:
            # Made-up ids, filters and cursors are all refused: half of the time they are real ones.
            case.path_parameters = {name: real[name] for name in case.path_parameters or {}}
            for name, value in (("filter", filters), ("cursor", ""), ("section", "")):
                if name in (case.query or {}):
                    case.query[name] = value
            if "wording" in (case.path_parameters or {}):
                case.query = {**(case.query or {}), "q": ""}  # a made-up query finds none of its users
        response = case.call()
        outcome.statuses[response.status_code] += 1
        try:
            case.validate_response(response, checks=CHECKS)
        except (AssertionError, BaseExceptionGroup) as error:
            details = "; ".join(map(str, getattr(error, "exceptions", (error,))))
            outcome.wrong.append(f"{case.method} {case.formatted_path} {case.query}: {details}")

    asked()


def real_paths(services: Services) -> list[dict[str, str]]:
    """Return ids of reports with one of their sections and one of their wordings each."""
    found = wordings(services.searcher(), SearchRequest(query="公开", size=20)).wordings
    examples = ((each.key, each.example) for each in found)
    return [{"report_id": use.report_id, "section_id": use.section_id, "wording": key} for key, use in examples]


if __name__ == "__main__":
    sys.exit(main())
