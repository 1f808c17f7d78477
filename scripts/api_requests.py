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
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

import corpus
from corpus.library import Library
from corpus.loader import load
from indexer import building
from indexer.results import Limits
from indexer.service import Services
from webui.app import create_app


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
    app = create_app(home, services=Services(home, Limits(seconds=60)))
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    known = real_paths(Services(home))
    operations = [found.ok() for found in schema.get_all_operations()]
    statuses: Counter[int] = Counter()
    wrong: list[str] = []
    for operation in operations:
        # Half of the requests keep the document's rules, half break them.
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            cases = operation.as_strategy(generation_mode=mode)
            number = -(-requests // (2 * len(operations)))

            @seed(start)
            @settings(
                max_examples=number,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(cases, st.sampled_from(known), st.booleans())
            def ask(case: schemathesis.Case, real: dict[str, str], existing: bool) -> None:
                # Made-up ids find nothing: half of the time the report is one of the library.
                if existing and case.path_parameters:
                    case.path_parameters = {name: real[name] for name in case.path_parameters}
                response = case.call()
                statuses[response.status_code] += 1
                try:
                    case.validate_response(response, excluded_checks=LENIENT)
                except (AssertionError, BaseExceptionGroup) as error:
                    if len(wrong) < 100:
                        wrong.append(f"{operation.label} {mode.value}: {error}")

            try:
                ask()
            except Exception as error:  # noqa: BLE001 - an operation without negative cases says so here
                if "Unsatisfiable" not in type(error).__name__:
                    raise
    return statuses, wrong


def real_paths(services: Services) -> list[dict[str, str]]:
    """Return ids of reports with one of their sections each."""
    from indexer.results import SearchRequest

    hits = services.search(SearchRequest(query="公开", size=20)).hits
    return [{"report_id": hit.report_id, "section_id": hit.section_id} for hit in hits]


#: A valid query may be refused (too many conditions, a filter's value); the document can't say which, and what is refused is a 400.
LENIENT = [
    schemathesis.checks.load_all_checks and check
    for check in schemathesis.checks.CHECKS.get_all()
    if check.__name__ in ("positive_data_acceptance", "negative_data_rejection")
]


if __name__ == "__main__":
    sys.exit(main())
