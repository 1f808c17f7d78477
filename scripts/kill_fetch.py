"""Kill `chadang fetch` at random moments, let it finish, and check that nothing was lost or asked too often.

    python scripts/kill_fetch.py --kills 100

A site on loopback serves listings, articles (some in two pages, some with a file, some moved); the real command is
started and ended with SIGKILL again and again. At the end every page and file is in the WARC exactly as served, once,
and no page was asked more often than once plus the times it was in flight when the process was killed. Exit status 1
if anything of this fails.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.fetching import warc_files  # noqa: E402
from corpus.warcstore import read_pages  # noqa: E402
from tests.fetch_site import Answer, LoopbackSite, loopback_site, site_text  # noqa: E402

_PER_LISTING = 25
_EACH = 10
_AT_WORK = 0.75


def main() -> None:
    """Run the kills, print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--pages", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))  # noqa: S311
    given = parser.parse_args()
    chance = random.Random(given.seed)  # noqa: S311 - no secret
    with loopback_site() as site, tempfile.TemporaryDirectory() as folder:
        bodies = _fill(site, given.pages, chance)
        home = Path(folder)
        (home / "site.toml").write_text(site_text(site.url, top="attachments = true", article=r"/a\d+\.html"), "utf-8")
        in_flight, kills, moments = _kill(site, home, given.kills, chance)
        finished = subprocess.run(_command(home), env=_environment(), capture_output=True, text=True, check=False)
        problems = _problems(site, home, bodies, in_flight)
        if finished.returncode:
            problems.append(f"the last run ended with {finished.returncode}: {finished.stderr}")
    if sum(in_flight.values()) * 4 < given.kills:
        problems.append("too few kills met a page in flight to show anything")
    print(f"seed {given.seed}: {kills} kills, {sum(in_flight.values())} of them with a page in flight; {moments}")
    print(f"{len(bodies)} pages and files, {sum(site.asked().values())} requests; {finished.stdout.strip()}")
    for problem in problems[:20]:
        print("PROBLEM", problem)
    raise SystemExit(bool(problems) or kills < given.kills)


def _fill(site: LoopbackSite, pages: int, chance: random.Random) -> dict[str, bytes]:
    bodies = {f"/a{n}.html": chance.randbytes(chance.choice((50, 5_000, 60_000))) for n in range(pages)}
    names = list(bodies)
    for name in names[::_EACH]:  # some articles have a second page, some a file, and some are reached by a redirect
        bodies[name] = f"<html><a href='{name[:-5]}_1.html'>2</a><a href='f{name[2:-5]}.zip'>附件</a>".encode()
        bodies[f"{name[:-5]}_1.html"] = b"<html>" + chance.randbytes(5_000)
        bodies[f"/f{name[2:-5]}.zip"] = b"PK" + chance.randbytes(50_000)
    for path, body in bodies.items():
        site.paths[path] = Answer(body, wait=chance.uniform(0, 0.03))
    count = -(-pages // _PER_LISTING)
    for name in names[1::_EACH]:
        site.paths[f"/old{name}"] = Answer(status=301, headers={"Location": name})
    names = [f"/old{name}" if f"/old{name}" in site.paths else name for name in names]
    for number in range(count):
        path = f"/index_{number}.html" if number else "/index.html"
        site.listing(
            path,
            names[number * _PER_LISTING : (number + 1) * _PER_LISTING],
            f"<script>createPageHTML({count}, {number}, 'index', 'html')</script>",
        )
    return bodies


def _kill(site: LoopbackSite, home: Path, wanted: int, chance: random.Random) -> tuple[Counter[str], int, str]:
    in_flight: Counter[str] = Counter()
    states: Counter[str] = Counter()
    kills = 0
    while kills < wanted:
        process = subprocess.Popen(
            _command(home), env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        asked = len(site.log)
        if chance.random() < _AT_WORK:  # however slowly the process starts, most kills are to meet it at its work
            while len(site.log) == asked and process.poll() is None:
                time.sleep(0.005)
        try:
            process.wait(chance.uniform(0, 0.4 if len(site.log) > asked else 1.6))
            break  # it finished: no more to kill
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        kills += 1
        flying = _flying(home)
        in_flight.update(flying)
        states[f"{len(flying)} in flight"] += 1
        for path in warc_files(home, "test"):
            sum(1 for _ in read_pages(path))  # readable at every moment
    return in_flight, kills, ", ".join(f"{name}: {number}" for name, number in sorted(states.items()))


def _flying(home: Path) -> list[str]:
    path = home / "fetch/test/frontier.db"
    if not path.exists():
        return []
    database = sqlite3.connect(path)
    try:
        rows = database.execute("SELECT url FROM pages WHERE state = 'in_flight'").fetchall()
    except sqlite3.OperationalError:
        return []  # killed before the tables were made
    finally:
        database.close()
    return ["/" + url.split("/", 3)[3] for (url,) in rows]


def _problems(site: LoopbackSite, home: Path, bodies: dict[str, bytes], in_flight: Counter[str]) -> list[str]:
    saved: dict[str, list[bytes]] = {}
    for path in warc_files(home, "test"):
        for record in read_pages(path):
            saved.setdefault("/" + record.page.url.split("/", 3)[3], []).append(record.page.body)
    found = [
        f"{path} is in the WARC {len(saved.get(path, []))} times" for path in bodies if len(saved.get(path, [])) != 1
    ]
    found += [f"{path} isn't as served" for path, body in bodies.items() if body not in saved.get(path, [body])]
    for path, asked in site.asked().items():
        if path != "/robots.txt" and asked > 1 + in_flight[path]:
            found.append(f"{path} was asked {asked} times, killed in flight {in_flight[path]} times")
    return found


def _command(home: Path) -> list[str]:
    fetch = ["fetch", "--allow-loopback", str(home / "site.toml")]
    return [sys.executable, "-m", "chadang", "--home", str(home), "--lang", "en", *fetch]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    began = time.monotonic()
    try:
        main()
    finally:
        print(f"{time.monotonic() - began:.0f} s")
