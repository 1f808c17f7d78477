"""Compare what pypdf and PDFium make of PDF files whose text is known; print shares, choices and CPU time as Markdown.

    .venv/bin/python scripts/pdfreaders.py [--damaged 150]

The bundled samples are printed by Chromium (with running heads and page numbers) and, where LibreOffice is installed, by
it. A figure is the share of a report's paragraphs, headings and rows that come back exactly, blanks left out. Then the PDF
examples of the tests are damaged: how many are read, and by which.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from _page_designs import fragment  # noqa: E402
from mutations import FORMATS, mutations  # noqa: E402

from corpus.document import Document  # noqa: E402
from corpus.errors import UnreadableFile  # noqa: E402
from corpus.folding import fold  # noqa: E402
from corpus.htmlreader import read_html  # noqa: E402
from corpus.layout import read_layout  # noqa: E402
from corpus.pdfplain import SAMPLE, read_plain  # noqa: E402
from corpus.pdfreader import _pages, read_pdf  # noqa: E402
from corpus.textreader import from_lines, read_text  # noqa: E402

STYLE = "body{font:12pt 'Noto Serif CJK SC',serif} table{border-collapse:collapse} td{border:1px solid #000}"
PARAGRAPH = "<p style='text-indent:2em;margin:4pt 0'>{}</p>"
DAMAGED = ("report", "table", "statutory-tables", "furnished")


def pages_of(folder: Path) -> dict[str, set[str]]:
    """Write the samples as pages to print; return what each says."""
    said = {}
    for path in sorted((ROOT / "corpus" / "samples").glob("*-*.*")):
        document = read_html(path.read_bytes()) if path.suffix == ".html" else read_text(path.read_bytes())
        blocks = list(document.blocks)
        page = f"<html><head><meta charset=utf-8><style>{STYLE}</style></head><body>{fragment(blocks, PARAGRAPH)}"
        (folder / f"{path.stem}.html").write_text(page, "utf-8")
        said[path.stem] = texts_of(document)
    return said


def by_chromium(folder: Path, target: Path) -> None:
    """Print every page of a folder to PDF."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    margin = {"top": "2cm", "bottom": "2cm", "left": "2.5cm", "right": "2.5cm"}
    found = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found)
        for page in sorted(folder.glob("*.html")):
            tab = browser.new_page()
            tab.goto(page.as_uri())
            tab.pdf(path=target / f"{page.stem}.pdf", format="A4", display_header_footer=True, margin=margin)
            tab.close()
        browser.close()


def by_libreoffice(folder: Path, target: Path) -> None:
    """Print every page of a folder to PDF, by Writer."""
    profile = (target / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf:writer_web_pdf_Export"]
    subprocess.run([*command, "--outdir", target, *folder.glob("*.html")], check=True, capture_output=True)


def texts_of(document: Document) -> set[str]:
    """Return the texts of a document's blocks without blanks."""
    return {fold("".join(block.text.split())) for block in document.blocks}


def by_layout(body: bytes) -> Document:
    """Return what PDFium and the layout make of a file."""
    return from_lines(read_layout(_pages(body)[0]).lines)


def line(printer: str, folder: Path, said: dict[str, set[str]]) -> str:
    """Return a row of the table: shares, choices, seconds a file."""
    shares: dict[str, list[float]] = {"pypdf": [], "PDFium": [], "chosen": []}
    ways: dict[str, Callable[[bytes], Document]] = {
        "pypdf": lambda body: read_plain(body).document,
        "PDFium": by_layout,
        "chosen": read_pdf,
    }
    seconds: Counter[str] = Counter()
    chosen: Counter[str] = Counter()
    for name, wanted in said.items():
        body = (folder / f"{name}.pdf").read_bytes()
        for way, read in ways.items():
            started = time.process_time()
            document = read(body)
            seconds[way] += time.process_time() - started
            shares[way].append(len(wanted & texts_of(document)) / len(wanted))
        chosen[document.read_by] += 1
        started = time.process_time()
        read_plain(body, SAMPLE)
        seconds["sample"] += time.process_time() - started
    cells = [printer, str(len(said)), *(f"{statistics.mean(found):.3f}" for found in shares.values())]
    cells += [str(dict(chosen)), *(f"{seconds[way] / len(said) * 1000:.0f}" for way in ("sample", "PDFium", "chosen"))]
    return f"| {' | '.join(cells)} |"


def damaged(times: int) -> Counter[str]:
    """Return how many damaged copies of the PDF examples are read, by which, and how many PDFium alone would have refused."""
    found: Counter[str] = Counter()
    for name in DAMAGED:
        for body in mutations((FORMATS / f"{name}.pdf").read_bytes(), times):
            try:
                read_by = read_pdf(body).read_by
            except UnreadableFile:
                found["refused"] += 1
                continue
            found[read_by] += 1
            try:
                if read_by == "pypdf" and not any(page.glyphs for page in _pages(body)[0]):
                    found["no text by PDFium"] += 1
            except UnreadableFile:
                found["not opened by PDFium"] += 1
    return found


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--damaged", type=int, default=150, help="damaged copies of each of four examples")
    chosen = parser.parse_args()
    printers = {"Chromium": by_chromium}
    if shutil.which("soffice"):
        printers["LibreOffice"] = by_libreoffice
    print("| printed by | files | pypdf | PDFium | chosen | whose | CPU ms a file: pypdf | PDFium | both, and choice |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        said = pages_of(folder)
        for printer, write in printers.items():
            target = folder / printer
            target.mkdir()
            write(folder, target)
            print(line(printer, target, said))
    print(f"\nDamaged copies: {dict(damaged(chosen.damaged))}")


if __name__ == "__main__":
    main()
