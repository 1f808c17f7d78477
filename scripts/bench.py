"""Measure build time, start-up, memory and latency on a generated library; print a table as Markdown.

    python3 scripts/bench.py [--sections 3000] [--queries 200] [--json FILE]
    python3 scripts/bench.py --load [--files 3000] [--formats .txt,.html]

With --load it measures instead how fast files of each format come into a library, the CPU seconds that they take (which
other work on the machine disturbs less than the wall clock), and the loading process's memory.

The library is made of sentences of the bundled samples, shuffled with a stated seed, with other figures, years and
agencies: text that resembles the real, in any size. Page latencies are those of a real server on 127.0.0.1, facets,
snippets and HTML included. Timings are of the machine that runs it: compare figures of one run only.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
SEED = 20101
AGENCIES = [
    (region, code, office)
    for region, code in [
        ("山东省青岛市", "370200"), ("江苏省苏州市", "320500"), ("四川省成都市", "510100"), ("云南省昆明市", "530100"),
        ("陕西省西安市", "610100"), ("黑龙江省哈尔滨市", "230100"), ("湖南省长沙市", "430100"), ("江苏省沭阳县", "321322"),
    ]
    for office in ["教育局", "财政局", "公安局", "民政局", "人力资源和社会保障局", "生态环境局", "交通运输局", "卫生健康委员会"]
]  # fmt: skip
HEADINGS = ["概述", "主动公开政府信息情况", "依申请公开政府信息情况", "咨询和投诉情况", "行政复议和行政诉讼情况",
            "工作人员和费用支出情况", "存在的主要问题和改进情况", "其他需要报告的事项"]  # fmt: skip
NUMERALS = "一二三四五六七八"


def main() -> None:
    """Run the bench."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sections", type=int, default=3_000)
    options.add_argument("--queries", type=int, default=200)
    options.add_argument("--load", action="store_true")
    options.add_argument("--files", type=int, default=3_000)
    options.add_argument("--formats", default="")
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    if chosen.load:
        sys.path.insert(0, str(ROOT))
        from _bench_load import FORMATS_MEASURED, load_table  # noqa: PLC0415 - after the path is set

        print(load_table(chosen.files, tuple(filter(None, chosen.formats.split(","))) or FORMATS_MEASURED))
        return
    with tempfile.TemporaryDirectory(prefix="chadang-bench-") as folder:
        figures = measure(Path(folder), chosen.sections, chosen.queries)
    print(as_markdown(figures))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1), "utf-8")


def measure(folder: Path, sections: int, queries: int) -> dict[str, object]:
    """Return all figures for a library of about so many sections."""
    texts, home = folder / "texts", folder / "home"
    characters = write_reports(texts, sections)
    figures: dict[str, object] = {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "characters": characters,
    }
    figures["load_seconds"] = timed(lambda: chadang(home, "load", str(texts)))
    figures["index_seconds"] = timed(lambda: chadang(home, "index"))
    status = json.loads(chadang(home, "status", "--json"))
    figures["sections"] = status["index"]["sections"]
    figures["reports"] = status["index"]["reports"]
    figures["index_bytes_per_text_byte"] = round(size_of(home / "index") / size_of(texts), 2)
    starts = [timed(lambda: chadang(home, "search", '"依申请公开"', "--json")) for _ in range(7)]
    figures["command_line_seconds"] = {"median": round(statistics.median(starts), 3), "worst": round(max(starts), 3)}
    figures["one_changed_report_seconds"] = one_change(home, texts)
    figures["page_milliseconds"] = page_latencies(home, queries, texts)
    return figures


def write_reports(folder: Path, sections: int) -> int:
    """Write reports of eight parts with some (一)(二) below; return the number of characters."""
    chance = random.Random(SEED)  # noqa: S311 - a repeatable bench, not a secret
    sentences = list(sample_sentences())
    folder.mkdir(parents=True)
    written = characters = number = 0
    while written < sections:
        region, _, office = AGENCIES[number % len(AGENCIES)]
        year = 2008 + number // len(AGENCIES)
        lines = [
            f"{region}{office}{year}年政府信息公开工作年度报告",
            f"发布日期：{year + 1}-01-{chance.randint(10, 28)}",
        ]
        lines.append(paragraph(chance, sentences))
        written += 1
        for part, heading in enumerate(HEADINGS):
            lines += [f"{NUMERALS[part]}、{heading}", paragraph(chance, sentences)]
            written += 1
            for child in range(chance.choice([0, 0, 1, 2])):
                lines += [f"（{NUMERALS[child]}）{chance.choice(HEADINGS)[:6]}", paragraph(chance, sentences)]
                written += 1
        text = "\n".join(lines)
        characters += len(text)
        (folder / f"{number:05}.txt").write_text(text, "utf-8")
        number += 1
    return characters


def sample_sentences() -> Iterator[str]:
    """Yield the sentences of the bundled samples."""
    sys.path.insert(0, str(ROOT))
    from corpus.parsing import READERS, parse  # noqa: PLC0415 - after the path is set

    for path in sorted((ROOT / "corpus" / "samples").iterdir()):
        if path.suffix in READERS:
            for section in parse(path.read_bytes(), path.name, path.name).sections:
                if section.form == "prose":
                    yield from (s for s in re.findall(r"[^。\n]{8,120}。", section.text) if "虚构" not in s)


def paragraph(chance: random.Random, sentences: list[str]) -> str:
    """Return a paragraph of a few sentences with figures of its own; now and then a long one."""
    count = chance.choice([2, 3, 3, 4, 5, 30])
    return "".join(
        re.sub(r"\d{2,}", lambda _: str(chance.randint(10, 9999)), chance.choice(sentences)) for _ in range(count)
    )


def page_latencies(home: Path, queries: int, texts: Path) -> dict[str, dict[str, float]]:
    """Return p50, p95 and the worst of the result page per kind of query, asked one after the other."""
    port = 8_900 + os.getpid() % 1_000
    command = [*program(home), "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(port)
            chance = random.Random(SEED)  # noqa: S311
            kinds = query_kinds(chance, texts)
            found = {kind: latencies(port, [make() for _ in range(queries)]) for kind, make in kinds.items()}
            everything = [t for times in found.values() for t in times]
            memory = resident(server.pid)
        finally:
            server.terminate()
    summary = {kind: quantiles(times) for kind, times in found.items()}
    return summary | {"all": quantiles(everything), "resident_megabytes": {"after": memory}}


def query_kinds(chance: random.Random, texts: Path) -> dict[str, Callable[[], dict[str, str]]]:
    """Return what each kind of query asks; phrases are drawn from the texts themselves."""
    lines = [
        line for path in sorted(texts.iterdir())[:40] for line in path.read_text("utf-8").split("\n") if len(line) > 40
    ]

    def piece(low: int, high: int) -> str:
        line = chance.choice(lines)
        size = chance.randint(low, high)
        at = chance.randrange(len(line) - size)
        return line[at : at + size].replace('"', "")

    common = ["政府信息", "公开", "工作", "2012", "行政复议", "依申请公开", "信息公开工作"]
    return {
        "exact common phrase": lambda: {"q": f'"{chance.choice(common)}"'},
        "exact random phrase": lambda: {"q": f'"{piece(2, 12)}"'},
        "two words": lambda: {"q": f"{chance.choice(common)} {piece(2, 4)}"},
        "one character": lambda: {"q": f'"{piece(1, 1)}"'},
        "near": lambda: {"q": '"公开 情况"~20'},
        "sentence": lambda: {"q": piece(24, 40)},
        "filtered": lambda: {"q": chance.choice(common), "region": "370200", "kind": "review"},
        "deep page": lambda: {"q": "公开", "page": str(chance.randint(20, 60))},
        "no query": lambda: {"q": "", "sort": "date"},
    }


def latencies(port: int, asked: list[dict[str, str]]) -> list[float]:
    """Return the milliseconds each page took."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times = []
    for parameters in asked:
        started = time.perf_counter()
        connection.request("GET", "/search?" + urlencode(parameters))
        answer = connection.getresponse()
        answer.read()
        times.append((time.perf_counter() - started) * 1000)
        assert answer.status == 200, (answer.status, parameters)
    connection.close()
    return times


def one_change(home: Path, texts: Path) -> float:
    """Return the seconds that loading and indexing one changed report takes."""
    path = texts / "00000.txt"
    path.write_text(path.read_text("utf-8") + "\n本年度另有一项变更。", "utf-8")
    return timed(lambda: (chadang(home, "load", str(path)), chadang(home, "index")))


def program(home: Path) -> list[str]:
    """Return the command line of this checkout."""
    return [sys.executable, str(ROOT / "chadang.py"), "--home", str(home)]


def chadang(home: Path, *arguments: str) -> str:
    """Run a command; return what it printed."""
    return subprocess.run([*program(home), *arguments], check=True, capture_output=True, encoding="utf-8").stdout


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 3)


def quantiles(times: list[float]) -> dict[str, float]:
    """Return p50, p95 and the worst."""
    ordered = sorted(times)
    at = {name: ordered[min(len(ordered) - 1, int(len(ordered) * q))] for name, q in (("p50", 0.5), ("p95", 0.95))}
    return {name: round(value, 1) for name, value in (at | {"worst": ordered[-1]}).items()}


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder; a file that is linked twice counts once."""
    sizes = {(s.st_dev, s.st_ino): s.st_size for s in (p.stat() for p in folder.rglob("*") if p.is_file())}
    return sum(sizes.values())


def resident(pid: int) -> float:
    """Return the resident memory of a process in MB where the system tells (Linux), else 0."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmRSS:\s+(\d+)", status.read_text()) if status.exists() else None
    return round(int(found[1]) / 1024, 1) if found else 0.0


def wait_for(port: int) -> None:
    """Wait until the server answers."""
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server didn't start")


def as_markdown(figures: dict[str, object]) -> str:
    """Return the figures as tables."""
    pages = figures["page_milliseconds"]
    start = figures["command_line_seconds"]
    assert isinstance(pages, dict)
    assert isinstance(start, dict)
    lines = [
        f"Machine: {figures['machine']}. {figures['sections']} sections of {figures['reports']} reports, "
        f"{figures['characters']} characters; seed {SEED}.",
        "",
        "| figure | value |",
        "| --- | --- |",
        f"| load | {figures['load_seconds']} s |",
        f"| index | {figures['index_seconds']} s |",
        f"| index size / text size (UTF-8) | {figures['index_bytes_per_text_byte']} |",
        f"| one changed report, loaded and indexed (two processes) | {figures['one_changed_report_seconds']} s |",
        f"| `chadang search`, start of the process to answer, median / worst | {start['median']} / {start['worst']} s |",
        f"| resident memory of `serve` after all queries | {pages['resident_megabytes']['after']} MB |",
        "",
        "| result page (HTML, facets, ten snippets) | p50 ms | p95 ms | worst ms |",
        "| --- | --- | --- | --- |",
    ]
    for kind, values in pages.items():
        if "p50" in values:
            lines.append(f"| {kind} | {values['p50']} | {values['p95']} | {values['worst']} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
