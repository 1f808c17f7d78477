"""Take the pictures of docs/screenshots from the sample reports, and with --all those to look every page over by.

    python scripts/screenshots.py [--all FOLDER]

Needs playwright and the system's Chromium.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page, sync_playwright
from waitress.server import create_server

import corpus
from corpus.library import Library
from corpus.loader import load
from indexer import building
from indexer.results import SearchRequest
from indexer.saved import SavedSearches
from indexer.service import Services
from webui.app import create_app
from webui.server import listen

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = Path("/usr/bin/chromium")
ARGS = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync".split()
WIDE, MIDDLE, NARROW = (1440, 900), (768, 900), (360, 740)


def pages_of(services: Services) -> dict[str, str]:
    """Name -> path of every page, the emptiest and the longest too."""
    reports = services.by_report(SearchRequest("公开 OR 收费", match="exact", size=50)).groups
    longest = max(reports, key=lambda group: group.sections).report_id

    def search(**params: str) -> str:
        return "/search?" + urlencode(params)

    return {
        "home": "/",
        "results": search(q="公开 收费"),
        "offers": search(q="青岛市 公开 收费"),
        "reports": search(q="公开 收费", group="report", region="370000", lang="en"),
        "empty": search(q='"绝无此语" 青岛市', year="2010..2012"),
        "error": search(q="(" * 2001),
        "report": f"/report/{longest}?" + urlencode({"q": "公开 OR 收费", "match": "exact"}),
        "help": "/help",
        "trend": "/trend?" + urlencode([("q", "收费"), ("q", "行政复议")]),
        "concordance": "/concordance?" + urlencode({"q": "收费"}),
        "coverage": "/coverage?" + urlencode({"q": "减免"}),
        "compare": "/compare",
        "saved": "/saved",
        "wordlists": "/wordlists",
        "original": f"/report/{longest}/original",
    }


def keep_searches(home: Path, services: Services) -> None:
    """Save two searches as they were before some of the reports came."""
    kept = SavedSearches(home)
    kept.add("不予公开的理由", SearchRequest('"不予公开"', "exact"), services.searcher())
    late = kept.add("行政复议被纠正", SearchRequest("行政复议 纠正", "words", "report"), services.searcher())
    with closing(sqlite3.connect(home / "saved.db")) as db, db:
        db.execute("DELETE FROM seen WHERE id = ? AND report_id > '8'", (late.number,))


def main() -> None:
    """Build the samples, serve them, take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page at every width, light and dark")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        with Library(home / "library.db") as library:
            load(library, [Path(corpus.__file__).parent / "samples"])
        building.update(home)
        services = Services(home)
        keep_searches(home, services)
        listening = listen(None)
        served = create_server(create_app(home, services=services), sockets=[listening], threads=4)
        threading.Thread(target=served.run, daemon=True).start()
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        paths = pages_of(services)

        def opened(size: tuple[int, int], scheme: str, path: str) -> Page:
            page = browser.new_page(
                viewport={"width": size[0], "height": size[1]},
                color_scheme="dark" if scheme == "dark" else "light",
                reduced_motion="reduce",
            )
            page.goto(base + path)
            return page

        if args.all:
            args.all.mkdir(parents=True, exist_ok=True)
            for name, path in paths.items():
                for size, scheme in ((WIDE, "light"), (MIDDLE, "light"), (NARROW, "light"), (WIDE, "dark")):
                    page = opened(size, scheme, path)
                    page.screenshot(path=args.all / f"{name}-{size[0]}-{scheme}.png")
                    page.close()
        else:
            target = ROOT / "docs" / "screenshots"
            target.mkdir(exist_ok=True)
            opened(WIDE, "light", paths["results"]).screenshot(path=target / "results.png")
            page = opened(WIDE, "light", paths["report"])
            page.keyboard.press("n")
            page.keyboard.press("n")
            page.wait_for_timeout(300)
            page.screenshot(path=target / "report.png")
            opened(WIDE, "dark", paths["reports"]).screenshot(path=target / "reports-dark.png")
            page = opened(WIDE, "light", paths["home"])
            page.locator("#q").fill("公开 青岛")
            page.locator("[role=option]").first.wait_for()
            page.screenshot(path=target / "suggestions.png")
            opened(NARROW, "light", paths["report"]).screenshot(path=target / "report-narrow.png")
            opened(WIDE, "light", paths["empty"]).screenshot(path=target / "empty.png")
        browser.close()
        served.close()


if __name__ == "__main__":
    main()
