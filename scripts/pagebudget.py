"""Hold every page to its budget: weight, requests, layout shift; and the server's first view of results.

    .venv/bin/python scripts/pagebudget.py [--home HOME] [--queries 60] [--write]

HOME is a library that is there and indexed (449,000 sections: scripts/bench.py --folder); else the samples are. Each page
is opened in Chromium, 1440 and 360 pixels wide, with an empty cache. Its weight is every byte sent, nothing compressed,
less the text of the report or of the hits, which is what the reader came for. The first view of results is measured
within the server: one request a query, each asked for the first time, whole page with facets; the budget is of CPU time,
which is the clock of a machine that does nothing else. Exit status 1 over budget.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, Response, sync_playwright
from waitress.server import create_server

import corpus
from corpus.library import Library
from corpus.loader import load
from indexer import building
from indexer.results import Limits, SearchRequest
from indexer.segment import default_segmenter
from indexer.service import Services
from webui.app import create_app
from webui.server import listen

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = Path("/usr/bin/chromium")
ARGS = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync".split()
WIDTHS = ((1440, 900), (360, 740))
#: The budget: bytes without the text, shift of the layout (what the web calls good is 0.1), milliseconds at the median.
MOST_BYTES, MOST_SHIFT, MOST_MS = 150_000, 0.0, 200.0
QUERY = "依申请公开"
#: A machine that is at work elsewhere is slow, which is no fault of a page.
_PATIENT = Limits(seconds=60.0)
#: What of a page is the text of reports: an article, titles, headings and snippets of hits, the lines of a concordance.
TEXTS = "article.text, .hit h3, .hit .path, .snippet, .in-report, table.kwic td, .compare-table td"
_SHIFTS = """
window.__shift = 0;
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.__shift += e.value; })
  .observe({ type: 'layout-shift', buffered: true });
"""
_SETTLED_MS = 400


@dataclass(frozen=True, slots=True)
class Weighed:
    """One page: bytes sent, of these text of reports, requests, the largest shift of the two widths."""

    name: str
    sent: int
    text: int
    requests: int
    shift: float

    @property
    def weight(self) -> int:
        """The bytes that aren't text of reports."""
        return self.sent - self.text

    @property
    def kept(self) -> bool:
        """Whether the page is within its budget."""
        return self.weight <= MOST_BYTES and self.shift <= MOST_SHIFT


def pages_of(services: Services) -> dict[str, str]:
    """Return name -> path of every page of the program, with something on it."""
    reports = services.by_report(SearchRequest(QUERY, match="exact", size=50)).groups
    longest = max(reports, key=lambda group: group.sections).report_id
    asked = urlencode({"q": QUERY, "match": "exact"})
    return {
        "home": "/",
        "results": f"/search?{urlencode({'q': QUERY})}",
        "results, 50 hits": f"/search?{asked}&size=50",
        "results by report": f"/search?{asked}&group=report",
        "no result": "/search?" + urlencode({"q": '"绝无此语"'}),
        "report": f"/report/{longest}?{asked}",
        "citations": f"/report/{longest}/cite",
        "comparison": f"/compare?{urlencode({'a': longest, 'b': reports[0].report_id})}",
        "trend": f"/trend?{asked}",
        "concordance": f"/concordance?{asked}",
        "collocates": f"/concordance?{asked}&view=collocates&year=2012",
        "coverage": "/coverage",
        "word lists": "/wordlists",
        "help": "/help",
        "API": "/api/docs",
        "error": f"/search?{urlencode({'q': '(' * 2001})}",
        "not found": "/nothing",
    }


def weighed(browser: Browser, base: str, name: str, path: str) -> Weighed:
    """Open a page in both widths and weigh it."""
    found: list[Weighed] = []
    for width, height in WIDTHS:
        context = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        answers: list[Response] = []
        page.on("response", lambda answer, kept=answers: kept.append(answer))
        page.add_init_script(_SHIFTS)
        answer = page.goto(base + path, wait_until="load", timeout=180_000)
        if answer is None or answer.status >= 500:
            name = f"{name} (failed: {answer.status if answer else 'no answer'})"  # an error page is light, and no page
        page.wait_for_timeout(_SETTLED_MS)
        sent = sum(len(answer.body()) for answer in answers if answer.status == 200 or answer.url == base + path)
        found.append(Weighed(name, sent, text_in(page), len(answers), float(page.evaluate("window.__shift"))))
        context.close()
    return replace(found[0], shift=round(max(each.shift for each in found), 4))


def text_in(page: Page) -> int:
    """Return how many bytes of a page are text of reports."""
    script = (
        "css => [...document.querySelectorAll(css)].filter(e => !e.parentElement.closest(css))"
        ".reduce((sum, e) => sum + new TextEncoder().encode(e.textContent.replace(/\\s+/g, ' ')).length, 0)"
    )
    return int(page.evaluate(script, TEXTS))


def first_views(home: Path, count: int) -> list[tuple[float, float]]:
    """Return the milliseconds in which the server makes the first view of results, by the clock and of CPU.

    The queries are words of the corpus itself.
    """
    services = Services(home, _PATIENT)
    services.warm()
    queries = queries_of(services, count)
    client = create_app(home, services=services).test_client()
    client.get("/", headers={"Host": "127.0.0.1"})  # templates are compiled once for all
    client.get(f"/search?{urlencode({'q': QUERY})}", headers={"Host": "127.0.0.1"})
    times = []
    for query in queries:
        started, busy = time.perf_counter(), time.process_time()
        answer = client.get(f"/search?{urlencode({'q': query})}", headers={"Host": "127.0.0.1"})
        times.append(((time.perf_counter() - started) * 1000, (time.process_time() - busy) * 1000))
        if answer.status_code != 200:
            raise SystemExit(f"{query}: {answer.status_code}")
    return times


def queries_of(services: Services, count: int) -> list[str]:
    """Return words and pairs of words from hits all over the library, each once: as people type them."""
    found: dict[str, None] = {}
    segmenter = default_segmenter()
    for number in range(1, 100):
        hits = services.search(SearchRequest("公开", match="exact", page=number * 3, size=100)).hits
        for place, hit in enumerate(hits):
            words = [word for word in segmenter.words(hit.snippet.text) if re.fullmatch(r"[一-鿿]{2,6}", word)]
            if len(words) > 3:
                at = place % (len(words) - 1)
                found[words[at] if len(found) % 2 else f"{words[at]} {words[at + 1]}"] = None
            if len(found) == count:
                return list(found)
        if not hits:
            break
    return list(found)


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve a home; yield its address."""
    services = Services(home, _PATIENT)
    services.warm()
    listening = listen(None)
    server = create_server(create_app(home, services=services), sockets=[listening], threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.close()


def as_markdown(pages: Sequence[Weighed], times: Sequence[tuple[float, float]], sections: int) -> str:
    """Return the tables."""
    lines = ["| page | KB without text | KB of text | requests | layout shift |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {each.name} | {each.weight / 1000:.1f}{'' if each.kept else ' **over**'} | {each.text / 1000:.1f} "
        f"| {each.requests} | {each.shift:g} |"
        for each in pages
    ]
    lines += [
        "",
        f"| first view of results, {sections:,} sections, {len(times)} queries | median ms | 95th percentile | worst |",
        "| --- | --- | --- | --- |",
    ]
    for name, which in (("CPU", 1), ("clock", 0)):
        ordered = sorted(each[which] for each in times)
        p95 = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
        lines.append(f"| {name} | {statistics.median(ordered):.0f} | {p95:.0f} | {ordered[-1]:.0f} |")
    return "\n".join(lines)


def write_into(document: Path, text: str) -> None:
    """Put the tables between their marks in a document."""
    marks = re.compile(r"(<!-- pagebudget -->\n).*?(<!-- end pagebudget -->)", re.DOTALL)
    whole = document.read_text("utf-8")
    if not marks.search(whole):
        raise SystemExit(f"{document} has no place for it: <!-- pagebudget --> ... <!-- end pagebudget -->")
    document.write_text(marks.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", whole), "utf-8")


def samples(folder: Path) -> Path:
    """Return a home with the sample reports."""
    with Library(folder / "library.db") as library:
        load(library, [Path(corpus.__file__).parent / "samples"])
    building.update(folder)
    return folder


def main() -> int:
    """Weigh the pages and print the tables; 1 if one is over its budget."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--home", type=Path)
    options.add_argument("--queries", type=int, default=60)
    options.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = chosen.home or samples(Path(folder))
        sections = Services(home).manifest().sections
        times = first_views(home, chosen.queries)
        with served(home) as base, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
            pages = [weighed(browser, base, *each) for each in pages_of(Services(home, _PATIENT)).items()]
            browser.close()
    text = as_markdown(pages, times, sections)
    print(text)
    if chosen.write:
        write_into(ROOT / "docs" / "performance.md", text)
    over = [each.name for each in pages if not each.kept]
    # By CPU: by the clock whatever else the machine does would count.
    late = statistics.median(each[1] for each in times) > MOST_MS
    if over or late:
        print(f"over budget: {', '.join(over)}{' first view of results' if late else ''}", file=sys.stderr)
    return 1 if over or late else 0


if __name__ == "__main__":
    sys.exit(main())
