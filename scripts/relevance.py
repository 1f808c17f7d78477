"""Measure ranking on a test collection: nDCG@10, RR@10, Recall@100 per engine, and whether titles find their reports.

    .venv/bin/python scripts/relevance.py COLLECTION [--engine whoosh|...|all] [--baseline] [--runs DIR] [--limit N]
    .venv/bin/python scripts/relevance.py COLLECTION --compare A.run B.run

COLLECTION is a folder with corpus.jsonl or corpus.jsonl.gz (id, title, heading, text), queries.jsonl (id, text) and
qrels.tsv (query, document, grade; with or without a header). It becomes an ordinary library and index below a temporary
home, and every query goes through the ordinary search (match=auto), as on the page. --baseline adds plain BM25 over
jieba's words, and Whoosh as it comes with jieba's analyzer. --runs keeps the runs in TREC form; --compare measures two
of them without searching. The p of two runs is that of a paired randomisation test on nDCG@10 (9,999 sign flips, seed 1).
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from _collection import Collection, read_collection, reports_of  # noqa: E402 - after the path is set

from corpus.folding import fold  # noqa: E402
from corpus.library import Library, Source  # noqa: E402
from corpus.rows import report_rows  # noqa: E402
from indexer.building import update  # noqa: E402
from indexer.engines import ENGINES  # noqa: E402
from indexer.errors import EngineUnavailable, QueryRejected  # noqa: E402
from indexer.results import Limits, SearchRequest  # noqa: E402
from indexer.service import Searcher, open_searcher  # noqa: E402

#: query -> document -> score
Run = dict[str, dict[str, float]]
#: measure -> query -> value
Values = dict[str, dict[str, float]]
DEPTH = 100
SEED = 1


def main() -> None:
    """Measure."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("collection", type=Path)
    options.add_argument("--engine", choices=[*(e for e in ENGINES if e != "auto"), "all"], default="all")
    options.add_argument("--baseline", action="store_true", help="also measure BM25 over words, and plain Whoosh")
    options.add_argument("--compare", nargs=2, type=Path, metavar=("A", "B"), help="two files in TREC's run form")
    options.add_argument("--runs", type=Path, metavar="DIR", help="keep the runs in TREC's form")
    options.add_argument("--titles", type=int, default=1_000, help="how many titles to try (0: none)")
    options.add_argument("--limit", type=int, help="only the first N queries")
    chosen = options.parse_args()
    collection = read_collection(chosen.collection)
    asked = dict(list(collection.queries.items())[: chosen.limit])
    print(f"{collection.name}: {len(collection.documents)} documents, {len(asked)} queries with grades\n", flush=True)
    if chosen.compare:
        runs = {path.stem: read_run(path) for path in chosen.compare}
        show(collection, asked, runs, {})
        return
    runs, titles = measure_engines(collection, asked, chosen.engine, chosen.titles)
    if chosen.baseline:
        from _baselines import bm25_over_words, plain_whoosh  # noqa: PLC0415 - only where it is asked for

        plain: dict[str, Callable[[Collection, dict[str, str], int], Run]]
        plain = {"BM25 over words": bm25_over_words, "plain Whoosh": plain_whoosh}
        for name, baseline in plain.items():
            started = time.perf_counter()
            runs[name] = baseline(collection, asked, DEPTH)
            print(f"{name}: {time.perf_counter() - started:.0f} s", flush=True)
    if chosen.runs:
        chosen.runs.mkdir(parents=True, exist_ok=True)
        for name, run in runs.items():
            write_run(chosen.runs / f"{collection.name}-{name.replace(' ', '-')}.run", name.replace(" ", "-"), run)
    show(collection, asked, runs, titles)


def measure_engines(
    collection: Collection, asked: dict[str, str], engine: str, titles: int
) -> tuple[dict[str, Run], dict[str, str]]:
    """Return engine -> run, and engine -> what it made of titles, of the engines asked for."""
    runs: dict[str, Run] = {}
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="chadang-relevance-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        document_of = fill_library(home, collection)
        names = [e for e in ENGINES if e != "auto"] if engine == "all" else [engine]
        for name in names:
            started = time.perf_counter()
            try:
                manifest = update(home, engine=name, rebuild=True)
            except EngineUnavailable as error:
                if engine != "all":
                    raise SystemExit(str(error)) from error
                print(f"{name}: {error}", file=sys.stderr)
                continue
            built = time.perf_counter() - started
            searcher = open_searcher(home, Limits(seconds=60.0))
            try:
                runs[name] = dict(answers(searcher, asked, document_of))
                found[name] = titles_found(searcher, collection, titles)
            finally:
                searcher.close()
            whole = time.perf_counter() - started
            print(
                f"{name}: {manifest.sections} sections of {manifest.reports} reports, built in {built:.0f} s, all in {whole:.0f} s"
            )
    return runs, found


def fill_library(home: Path, collection: Collection) -> dict[str, str]:
    """Store a collection as reports; return section -> document."""
    document_of: dict[str, str] = {}
    with Library(home / "library.db") as library, library.transaction():
        for report, documents in reports_of(collection.documents):
            name = f"{collection.name}/{report.report_id}"
            stored = library.put(Source(source=name, path=name), report_rows(report))
            if stored != report.report_id:
                raise SystemExit(f"{report.title}: two reports of the collection are one to the library")
            document_of |= documents
    return document_of


def answers(
    searcher: Searcher, asked: dict[str, str], document_of: dict[str, str]
) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each query with its first documents; sections that only bear a title are none."""
    for query_id, text in asked.items():
        found: dict[str, float] = {}
        cursor = ""
        while len(found) < DEPTH:
            request = SearchRequest(query=text, facets=(), size=DEPTH, cursor=cursor)
            try:
                results = searcher.search(request)
            except QueryRejected as error:
                print(f"{query_id}: {error}", file=sys.stderr)
                break
            hits = [document_of[hit.section_id] for hit in results.hits if hit.section_id in document_of]
            # The order is ours, ties included; measures must not break them in their own way.
            found |= {doc_id: -float(place) for place, doc_id in enumerate(hits, len(found))}
            cursor = results.next_cursor
            if not cursor:
                break
        yield query_id, dict(list(found.items())[:DEPTH])


def titles_found(searcher: Searcher, collection: Collection, most: int) -> str:
    """Return how often a query that is a title finds a report of that title first."""
    titles = sorted({document.title for document in collection.documents if document.title != document.doc_id})
    random.Random(SEED).shuffle(titles)  # noqa: S311 - a sample, no secret
    tried = titles[:most]
    if not tried:
        return "-"
    first = 0
    for title in tried:
        hits = searcher.search(SearchRequest(query=title[: Limits().query_length], facets=(), size=1)).hits
        first += bool(hits) and fold(hits[0].title) == fold(title)
    return f"{first}/{len(tried)} ({first / len(tried):.1%})"


def measured(qrels: dict[str, dict[str, int]], run: Run) -> Values:
    """Return the measures of a run per query; a query without an answer counts 0."""
    import ir_measures  # noqa: PLC0415 - a part of the development set-up
    from ir_measures import RR, R, nDCG  # noqa: PLC0415

    measures = [nDCG @ 10, RR @ 10, R @ 100]
    values: Values = {str(measure): dict.fromkeys(qrels, 0.0) for measure in measures}
    for metric in ir_measures.iter_calc(measures, qrels, run):
        values[str(metric.measure)][metric.query_id] = metric.value
    return values


def show(collection: Collection, asked: dict[str, str], runs: dict[str, Run], titles: dict[str, str]) -> None:
    """Print the table, and what is significant."""
    qrels = {query_id: collection.qrels[query_id] for query_id in asked}
    values = {name: measured(qrels, run) for name, run in runs.items()}
    names = list(next(iter(values.values()))) if values else []
    print(f"\n| run | {' | '.join(names)} | title found first |\n|---|{'---|' * (len(names) + 1)}")
    for name, of_run in values.items():
        figures = " | ".join(f"{sum(v.values()) / max(1, len(v)):.4f}" for v in of_run.values())
        print(f"| {name} | {figures} | {titles.get(name, '')} |")
    for a, b in combinations(values, 2):
        difference, p = significance(values[a][names[0]], values[b][names[0]])
        print(f"\n{names[0]} of {a} less that of {b}: {difference:+.4f}, p = {p:.4f}", end="")
    print()


def significance(a: dict[str, float], b: dict[str, float]) -> tuple[float, float]:
    """Return the mean difference of two runs and the p of a paired randomisation test, two-sided."""
    import numpy as np  # noqa: PLC0415 - comes with ir-measures
    from scipy.stats import permutation_test  # noqa: PLC0415

    left, right = (np.array([values[query] for query in sorted(a)]) for values in (a, b))
    if (left == right).all():
        return 0.0, 1.0
    test = permutation_test(
        (left, right), lambda x, y, axis: (x - y).mean(axis=axis), permutation_type="samples", vectorized=True,
        n_resamples=9_999, batch=500, rng=np.random.default_rng(SEED),
    )  # fmt: skip
    return float(test.statistic), float(test.pvalue)


def write_run(path: Path, name: str, run: Run) -> None:
    """Write a run in TREC's form."""
    with path.open("w", encoding="utf-8") as file:
        for query_id, found in run.items():
            ranked = sorted(found.items(), key=lambda pair: -pair[1])
            for place, (doc_id, score) in enumerate(ranked, 1):
                print(query_id, "Q0", doc_id, place, f"{score:g}", name, file=file)


def read_run(path: Path) -> Run:
    """Return a run of TREC's form."""
    run: Run = {}
    try:
        for line in path.read_text("utf-8").splitlines():
            query_id, _, doc_id, _, score, _ = line.split()
            run.setdefault(query_id, {})[doc_id] = float(score)
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path}: not a run in TREC's form ({error})") from error
    return run


if __name__ == "__main__":
    main()
