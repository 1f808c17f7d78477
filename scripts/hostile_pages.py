"""Read pages made to break a reader, in full size; print time and memory of each as Markdown.

    python3 scripts/hostile_pages.py

Each page is read in a process of its own; 30 s and 1 GB are the limits of the design.
"""

# ruff: noqa: E501 - a table of pages
from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from corpus.errors import UnreadableFile
from corpus.parsing import parse

TEXT = "全年主动公开政府信息1203条，均按期答复。" * 3
MEGABYTE = 1_000_000


def filled(piece: str, size: int = MEGABYTE) -> str:
    """Return a page of a text and as many of one piece as fill the size."""
    return f"<html><body><p>{TEXT}</p>" + piece * (size // len(piece))


PAGES = {
    "100,000 deep": "<div>" * 100_000 + TEXT + "</div>" * 100_000,
    "200,000 attributes": "<p " + " ".join(f"a{n}='{n}'" for n in range(200_000)) + f">{TEXT}</p>",
    "200,000 attributes with signs": "<p " + " ".join(f"a{n}='<{n}>'" for n in range(200_000)) + f">{TEXT}</p>",
    "1 MB without punctuation": "<p>" + "字" * MEGABYTE,
    "12 MB in one paragraph": "<p>" + "字，" * 6 * MEGABYTE,
    "1 MB in lines": filled("字<br>"),
    "entities": filled("&nbsp;&amp;&#1;"),
    "NULs": filled("\0"),
    "rowspans": filled("<tr><td rowspan=65534 colspan=1000>格<td>1").replace("</p>", "</p><table border=1>", 1),
    **{f"1 MB of {piece}": filled(piece) for piece in (
        "<table>", "<table><tr><td>", "<table><tr><td>甲</td><td>1</td></tr><tr><td>乙</td></tr></table>", "<a>链", "<td>格",
        "<b>粗", "<p>段。", "<ul><li>项", "<ol><li>项", "<li>项", "<div id=zoom>", "<div id=zoom></div>", "<div class=title>题</div>",
        "<!--正文开始-->", "<!-- ", "<h2>题", "<h2>题</h2>", "<td>索引号：<td>文号：", "<p>发布日期：", "<div hidden>", "<div class=share>", "<", "&", "</p>",
        "<select><option>", "<form>", "<font><p>", "<pre>行\n", "<li><b>索引号：</b>一</li>", "<br>", "<p><b>题</b></p><p>一段正文二十个字以上的一段正文二十个字以上</p>",
        "<a href=x>年度报告</a>",
    )},
}  # fmt: skip


def read(page: str, answer: Connection) -> None:
    """Read a page and send (seconds, megabytes, outcome)."""
    start = time.process_time()
    try:
        outcome = f"{len(parse(page.encode(), 'a.html', 'a').text):,} characters"
    except UnreadableFile as error:
        outcome = f"refused: {error}"
    answer.send((time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, outcome))


def main() -> None:
    """Print the table."""
    print("| page | CPU s | MB | outcome |\n|---|---|---|---|")
    for name, page in PAGES.items():
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("fork").Process(target=read, args=(page, theirs))
        process.start()
        if ours.poll(90):
            seconds, megabytes, outcome = ours.recv()
            print(f"| {name[:50]!r} | {seconds:.1f} | {megabytes:.0f} | {outcome} |", flush=True)
        else:
            print(f"| {name[:50]!r} | **over 90** | | |", flush=True)
        process.kill()
        process.join()


if __name__ == "__main__":
    main()
