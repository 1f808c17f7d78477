"""Load damaged files by the thousand, and bombs: nothing may stop a load, and every failure must be a listed record.

    python scripts/hostile.py [--files 10000] [--seed 1]

Every file in tests/examples/formats and corpus/samples is damaged in many ways (bytes changed, cut, repeated, swapped,
spliced with another file) and loaded by worker processes together with good files; then each bomb by itself, with its
time and the largest memory of a worker. Exit status 1 if a file is neither in the library nor among the failures, if a
good file is missing, or if a bomb takes more than 30 s (and the time to start a worker) or 1 GB.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.library import Library  # noqa: E402 - after the path is set
from corpus.loader import LoadSummary, load  # noqa: E402

_BATCH = 1_000
_GOOD = "云溪市教育局{year}年政府信息公开工作年度报告\n一、概述\n全年公开信息{n}条。\n"
_SECONDS = 30.0
_MEMORY = 1 << 30


def seeds() -> list[Path]:
    """Return the files that are damaged."""
    return sorted(
        path
        for folder in (ROOT / "tests" / "examples" / "formats", ROOT / "corpus" / "samples")
        for path in folder.iterdir()
        if path.is_file() and path.name not in {"README.md", "expected.json"}
    )


def damaged(body: bytes, other: bytes, dice: random.Random) -> bytes:
    """Return a file's bytes after one to some hundred accidents."""
    result = bytearray(body)
    for _ in range(dice.choice([1, 1, 3, 10, 100])):
        if not result:
            return b""
        at = dice.randrange(len(result))
        end = min(len(result), at + dice.choice([1, 2, 16, 1_000]))
        kind = dice.randrange(7)
        if kind == 0:
            result[at] = dice.randrange(256)
        elif kind == 1:
            del result[at:end]
        elif kind == 2:
            result[at:at] = result[at:end] * dice.choice([1, 2, 50])
        elif kind == 3:
            result[at:end] = bytes(end - at)
        elif kind == 4:
            result[at:end] = other[at:end]
        elif kind == 5:
            result[at] ^= 1 << dice.randrange(8)
        else:
            result[at:end] = dice.choice([b"9" * 12, b"<" * 40, b"\xff" * 9, b"(" * 30, b"0 0 R ", b"-1"])
    return bytes(result[: dice.randrange(len(result))] if result and dice.random() < 0.15 else result)


def load_damaged(home: Path, count: int, seed: int) -> list[str]:
    """Load so many damaged files among good ones; return what went wrong with the load itself."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    bodies = [(path, path.read_bytes()) for path in seeds()]
    problems: list[str] = []
    done = 0
    with Library(home / "library.db") as library:
        while done < count:
            folder = home / f"batch{done}"
            folder.mkdir()
            names = []
            for number in range(min(_BATCH, count - done)):
                path, body = bodies[(done + number) % len(bodies)]
                name = f"{number:05}-{path.name}"
                (folder / name).write_bytes(damaged(body, dice.choice(bodies)[1], dice))
                names.append(name)
            for number in range(20):
                text = _GOOD.format(year=2008 + number % 10, n=f"{done}{number:02}")
                (folder / f"{number * 50:05}-good.txt").write_text(text, "utf-8")
            summary = load(library, [folder], workers=os.cpu_count() or 2)
            problems += _missing(library, folder, names, summary)
            done += len(names)
            print(f"  {done} damaged files: {summary.added} reports, {len(summary.failed)} failures", flush=True)
            for path in folder.iterdir():
                path.unlink()
    return problems


def _missing(library: Library, folder: Path, names: list[str], summary: LoadSummary) -> Iterator[str]:
    for name in names:
        if library.source_at(str(folder / name)) is None:
            yield f"{name} is neither in the library nor among the failures"
    for number in range(20):
        source = library.source_at(str(folder / f"{number * 50:05}-good.txt"))
        if source is None or not source.report_id:
            yield f"the good file {number} of {folder.name} is missing"
    if any(not (failure.reason_zh and failure.reason_en) for failure in summary.failed):
        yield "a failure has no reason"


def docx_bomb(folder: Path) -> None:
    """A DOCX whose document inflates to 1 GB."""
    with zipfile.ZipFile(folder / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>')
            for _ in range(1_000):
                part.write(b"<w:p/>" * 175_000)


def pdf_bomb(folder: Path) -> None:
    """A PDF with a page whose content inflates to 1 GB, three times over."""
    packer = zlib.compressobj()
    inner = b"".join(packer.compress(b"0 0 m 1 1 l S " * 75_000) for _ in range(1_000)) + packer.flush()
    stream = zlib.compress(inner)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 3 0 R 3 0 R]/Count 3>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    (folder / "bomb.pdf").write_bytes(_pdf(parts))


def pdf_forms(folder: Path) -> None:
    """A PDF whose form draws a form a hundred times, seven deep, and one whose forms draw each other."""
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</F4 4 0 R/F5 5 0 R"
        b"/F6 6 0 R/F7 7 0 R/F8 8 0 R/F9 9 0 R>>>>>>"
    )
    start = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page]
    for name, last in (("laughs.pdf", b"0 0 m 1 1 l S " * 1_000), ("circle.pdf", b"/F5 Do /F6 Do ")):
        forms = [*(b"/F%d Do " % number * 100 for number in range(5, 10)), last]
        head = b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Length %d>>stream\n%s\nendstream"
        (folder / name).write_bytes(_pdf([*start, *(head % (len(form), form) for form in forms)]))


def _pdf(parts: list[bytes]) -> bytes:
    """Return a PDF of these objects, the first is its catalog."""
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, start)
    return bytes(out)


def deep_html(folder: Path) -> None:
    """HTML 100,000 elements deep."""
    (folder / "deep.html").write_text("<html><body>" + "<div>" * 100_000 + "深处的正文" + "</div>" * 100_000, "utf-8")


def many_attributes(folder: Path) -> None:
    """An element with 200,000 attributes."""
    listed = " ".join(f'a{number}="x"' for number in range(200_000))
    (folder / "attributes.html").write_text(f"<html><body><div {listed}>正文</div></body></html>", "utf-8")


def long_run(folder: Path) -> None:
    """1 MB without any punctuation, as text and as a page."""
    run = "政府信息公开工作年度报告" * 28_000
    (folder / "run.txt").write_text(run, "utf-8")
    (folder / "run.html").write_text(f"<html><body><p>{run}</p></body></html>", "utf-8")


def nested_zip(folder: Path) -> None:
    """ZIP in ZIP in ZIP … each with ten copies of the next, 63 MB of zeros inside; and one that holds itself many deep."""
    body = b"\0" * (63 << 20)
    for _ in range(6):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10):
                archive.writestr(f"{number}.zip" if body[:2] == b"PK" else f"{number}.txt", body)
        body = out.getvalue()
    (folder / "nested.zip").write_bytes(body)


def link_loop(folder: Path) -> None:
    """Links that lead to themselves and to the folder above."""
    (folder / "one.txt").symlink_to(folder / "two.txt")
    (folder / "two.txt").symlink_to(folder / "one.txt")
    (folder / "up").symlink_to(folder, target_is_directory=True)


def long_line(folder: Path) -> None:
    """A line of JSON of 100 MB between good ones."""
    good = '{"title": "云溪市教育局2010年政府信息公开工作年度报告", "text": "一、概述\\n全年公开信息12条。"}\n'
    with (folder / "long.jsonl").open("w", encoding="utf-8") as out:
        out.write(good)
        out.write('{"text": "' + "公" * (34 << 20) + '"}\n')
        out.write(good.replace("2010", "2011"))


BOMBS: tuple[Callable[[Path], None], ...] = (
    docx_bomb,
    pdf_bomb,
    pdf_forms,
    deep_html,
    many_attributes,
    long_run,
    nested_zip,
    link_loop,
    long_line,
)


def load_bomb(home: Path, bomb: Callable[[Path], None]) -> tuple[LoadSummary, float, int]:
    """Load a bomb with good files around it; return the summary, the seconds, and a worker's largest memory in bytes."""
    folder = home / bomb.__name__
    folder.mkdir(parents=True)
    bomb(folder)
    for number, name in enumerate(("000-good.txt", "zzz-good.txt")):
        (folder / name).write_text(_GOOD.format(year=2010 + number, n=bomb.__name__), "utf-8")
    largest = 0
    stop = threading.Event()

    def watch() -> None:
        nonlocal largest
        while not stop.wait(0.02):
            for child in psutil.Process().children(recursive=True):
                try:
                    largest = max(largest, child.memory_info().rss)
                except psutil.Error:
                    continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.monotonic()
    try:
        with Library(home / f"{bomb.__name__}.db") as library:
            summary = load(library, [folder], workers=2)
    finally:
        stop.set()
        watcher.join()
    return summary, time.monotonic() - started, largest


def main() -> None:
    """Run everything and print what happened."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--files", type=int, default=10_000)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        started = time.monotonic()
        problems = load_damaged(home, chosen.files, chosen.seed) if chosen.files else []
        print(f"{chosen.files} damaged files in {time.monotonic() - started:.0f} s")
        print("| bomb | seconds | worker MB | reports | failures |\n| --- | --- | --- | --- | --- |")
        for bomb in BOMBS:
            summary, seconds, memory = load_bomb(home, bomb)
            print(
                f"| {bomb.__name__} | {seconds:.1f} | {memory >> 20} | {summary.added} | {len(summary.failed)} |",
                flush=True,
            )
            if summary.added < 2 or seconds > _SECONDS + 5 or memory > _MEMORY:
                problems.append(f"{bomb.__name__}: {summary.added} reports, {seconds:.1f} s, {memory >> 20} MB")
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
