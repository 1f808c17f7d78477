"""The figures of a run as Markdown: tables for docs/performance.md, and what was to be reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

OURS = "Chadang tantivy"
_FTS5 = "FTS5 trigram"
_RAW = "raw tantivy"
_PLAIN = "plain Whoosh"
_EXACT = "all exact phrases"
_LARGE = 100_000


def as_markdown(figures: dict[str, Any]) -> str:
    """Return all tables."""
    if "corpus" not in figures:
        return "Nothing was measured."
    complete = {name: {} for name in ("skipped", "builds", "latency", "disagreements", "life")} | figures
    sections = (_header, _shapes, _builds, _latencies, _correctness, _life, _segments, _targets)
    parts = [section(complete) for section in sections]
    return "\n\n".join(part for part in parts if part)


def targets(figures: dict[str, Any]) -> list[tuple[str, str, str, bool | None]]:
    """Return figure, what is to be reached, what was measured, and whether it was; None where it wasn't measured."""
    large = figures["corpus"]["sections"] > _LARGE
    size_limit = 2.6 if large else 2.9
    text = figures["corpus"]["text_bytes"]
    builds, latency = figures["builds"], figures["latency"].get(_EXACT, {})
    ours, fts5, plain = (builds.get(name) for name in (OURS, _FTS5, _PLAIN))
    life = figures["life"].get(OURS, {})
    found: list[tuple[str, str, str, bool | None]] = []

    def add(figure: str, target: str, value: float | None, limit: float, unit: str, *, least: bool = False) -> None:
        met = None if value is None else value >= limit if least else value <= limit
        found.append((figure, target, "-" if value is None else f"{value:.3g}{unit}", met))

    add("build against FTS5 trigram", "at most 1.5 times", _ratio(ours, fts5, "seconds"), 1.5, " times")
    if not large:
        add(
            "build against plain Whoosh",
            "15 times faster",
            _ratio(plain, ours, "seconds"),
            15,
            " times faster",
            least=True,
        )
    p95 = {name: values["p95"] for name, values in latency.items()}
    faster = p95[_FTS5] / p95[OURS] if {_FTS5, OURS} <= p95.keys() else None
    add("exact phrase, p95, against FTS5 trigram", "4 times faster", faster, 4, " times faster", least=True)
    slower = p95[OURS] / p95[_RAW] if {_RAW, OURS} <= p95.keys() else None
    more = p95[OURS] - p95[_RAW] if slower else None
    allowed = "at most 1.3 times" + ("" if large else ", or +3 ms")
    met = None if slower is None or more is None else slower <= 1.3 or (not large and more <= 3)
    found.append(
        ("the same against raw tantivy", allowed, f"{slower:.3g} times, {more:+.3g} ms" if slower else "-", met)
    )
    size = ours["bytes"] / text if ours else None
    add("index size against the UTF-8 text", f"at most {size_limit} times", size, size_limit, " times")
    peak = ours["peak_mb"] if ours else None
    add("peak memory of the build", "at most 1,000 MB", peak, 1_000, " MB")
    add("100 changed reports taken in, p95", "1 s", life.get("update_seconds", {}).get("p95"), 1, " s")
    start = life.get("start_seconds", {}).get("median")
    add("process start to first answer with facets, `chadang search`, median", "0.4 s", start, 0.4, " s")
    served = life.get("serve", {})
    add("the same, `chadang serve` and a page", "0.4 s", served.get("first_answer_seconds"), 0.4, " s")
    add("private memory of `serve` after 1,000 queries", "150 MB", served.get("private_mb"), 150, " MB")
    correct = figures.get("correctness", {}).get(OURS)
    wrong = correct["missed"] + correct["invented"] if correct else None
    add("missed or invented hits", "0", wrong, 0, "")
    return found


def _ratio(one: dict[str, float] | None, other: dict[str, float] | None, what: str) -> float | None:
    return one[what] / other[what] if one and other else None


def _header(figures: dict[str, Any]) -> str:
    corpus = figures["corpus"]
    sizes = ", ".join(f"{name} {size:,}" for name, size in corpus["lengths"].items())
    lines = [
        f"Machine: {figures['machine']}. {figures['date']}, seed {figures['settings']['seed']}.",
        "",
        f"Corpus: {corpus['sections']:,} sections of {corpus['reports']:,} reports, {corpus['text_bytes'] / 1e6:.1f} MB of "
        f"UTF-8, {corpus['characters']:,} characters; generated and put into a library in {corpus['seconds']} s. "
        f"Characters of a section: {sizes}.",
    ]
    if figures["skipped"]:
        lines += ["", "Left out: " + "; ".join(f"{name} ({why})" for name, why in figures["skipped"].items()) + "."]
    return "\n".join(lines)


def _shapes(figures: dict[str, Any]) -> str:
    shapes = figures["corpus"]["shapes"]
    names = list(shapes)
    fields = list(shapes[names[0]])
    rows = [[field.replace("_", " "), *(_number(shapes[name][field]) for name in names)] for field in fields]
    return "### Generated beside real texts\n\n" + _table(["of the first million characters", *names], rows)


def _builds(figures: dict[str, Any]) -> str:
    text = figures["corpus"]["text_bytes"]
    rows = [
        [
            name,
            f"{b['seconds']:.1f}",
            f"{b['cpu_seconds']:.1f}",
            f"{b['peak_mb']:.0f}",
            f"{b['bytes'] / 1e6:.1f}",
            f"{b['bytes'] / text:.2f}",
        ]
        for name, b in figures["builds"].items()
    ]
    head = ["", "s", "processor s", "peak memory, MB", "index, MB", "index / text"]
    return f"### Build ({figures['settings']['workers']} workers)\n\n" + _table(head, rows)


def _latencies(figures: dict[str, Any]) -> str:
    latency = figures["latency"]
    names = list(figures["builds"])
    rows = []
    for kind, by_name in latency.items():
        rows.append([kind, *(_three(by_name.get(name, {})) for name in names)])
    cpu = latency.get(_EXACT, {})
    cells = [f"{_ms(cpu[name]['cpu_p50'])} / {_ms(cpu[name]['cpu_p95'])}" if name in cpu else "-" for name in names]
    rows.append(["these in processor time of the process (p50 / p95)", *cells])
    lines = ["### Questions: p50 / p95 / p99 in ms", "", _table(["", *names], rows)]
    differing = figures["disagreements"]
    said = "; ".join(f"{name} {count}" for name, count in differing.items())
    refused = [
        f"{name}, {kind}: {times['why']}"
        for kind, t in latency.items()
        for name, times in t.items()
        if "refused" in times
    ]
    lines += ["", "Refused: " + "; ".join(refused) + "."] if refused else []
    lines += ["", f"Answers whose totals or facets differ from the first candidate's: {said or 'none'}."]
    return "\n".join(lines)


def _three(times: dict[str, Any]) -> str:
    said = f"{_ms(times['p50'])} / {_ms(times['p95'])} / {_ms(times['p99'])}" if "p50" in times else "-"
    return f"{said} ({times['refused']} refused)" if "refused" in times else said


def _correctness(figures: dict[str, Any]) -> str:
    rows = [
        [name, c["unit"], *(f"{c[key]:,}" for key in ("phrases", "hits", "missed", "invented", "wrong", "counted"))]
        for name, c in figures.get("correctness", {}).items()
    ]
    head = ["", "unit", "phrases", "hits", "missed", "invented", "phrases with a wrong set", "only counted"]
    return "### Hits against a plain scan of the folded texts\n\n" + _table(head, rows) if rows else ""


def _life(figures: dict[str, Any]) -> str:
    rows = []
    for name, life in figures["life"].items():
        changed, start, served = (life.get(key, {}) for key in ("update_seconds", "start_seconds", "serve"))
        rows.append(
            [
                name,
                f"{changed['p50']:.2f} / {changed['p95']:.2f}" if changed else "-",
                f"{start['median']:.2f} / {start['worst']:.2f}" if start else "-",
                f"{served['first_answer_seconds']:.2f}" if served else "-",
                f"{served['first_page_ms']:.0f} / {served['second_page_ms']:.0f}" if served else "-",
                f"{served['page_p50_ms']:.0f} / {served['page_p95_ms']:.0f}" if served else "-",
                f"{served['private_mb']:.0f}" if served else "-",
                str(served["refused"]) if served else "-",
            ]
        )
    head = ["", "100 changed reports, p50 / p95 s", "`chadang search` from its start, median / worst s",
            "`serve`: start to first page, s", "first / second page, ms", "pages, p50 / p95 ms",
            "private memory after 1,000 pages, MB", "pages refused"]  # fmt: skip
    return "### Besides questions\n\n" + _table(head, rows) if rows else ""


def _segments(figures: dict[str, Any]) -> str:
    rows = []
    for name, by_count in figures.get("segments", {}).items():
        for count, values in by_count.items():
            times = [f"{_ms(t['p50'])} / {_ms(t['p95'])}" for t in values["latency"].values()]
            rows.append([name, count, str(values["segments"]), *times])
    if not rows:
        return ""
    kinds = list(next(iter(next(iter(figures["segments"].values())).values()))["latency"])
    head = ["", "parts written", "segments left", *(f"{kind}, p50 / p95 ms" for kind in kinds)]
    return "### Segments\n\n" + _table(head, rows)


def _targets(figures: dict[str, Any]) -> str:
    words = {True: "met", False: "**not met**", None: "not measured"}
    rows = [[figure, target, value, words[met]] for figure, target, value, met in targets(figures)]
    return "### What was to be reached\n\n" + _table(["figure", "to reach", "measured", ""], rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _number(value: float) -> str:
    return f"{value:,}" if value == int(value) else f"{value:g}"


def _ms(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"
