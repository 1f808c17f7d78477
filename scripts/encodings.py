"""Measure how often corpus.encoding.decode returns exactly the text that was encoded; print tables as Markdown.

    python3 scripts/encodings.py [--pieces 200] [--seed 20101] [--rivals] [--show 10]

Needs the set-up (run it with .venv's Python) and the real texts in ../shared/data. They are cut at random into pieces of
60, 100, 300 and 1000 characters, as they stand and turned into traditional characters (folding.tsv the other way
round), encoded in each encoding that can say them, and decoded with each declaration, right, missing and wrong.
"silent" counts what is worst: another text than was encoded, and no doubt about it. --rivals measures what
charset-normalizer, chardet and faust-cchardet make of the same bytes, those that are installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.encoding import decode
from corpus.errors import UnreadableFile

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
SIZES = (60, 100, 300, 1000)
ENCODINGS = ("utf-8", "utf-8-sig", "gbk", "gb18030", "big5", "cp950", "big5hkscs", "utf-16", "utf-16-le", "utf-16-be")
DECLARATIONS = ("", "utf-8", "gb2312", "gbk", "gb18030", "big5", "iso-8859-1", "windows-1252", "utf-16", "x-unknown")
OUTCOMES = ("exact", "exact, doubted", "flagged", "refused", "silent")


@dataclass(frozen=True, slots=True)
class Trial:
    """One piece in one encoding under one declaration, and what came out."""

    source: str
    size: int
    encoding: str
    declared: str
    outcome: str
    text: str
    found: str


def main() -> None:
    """Print the matrix and, if wanted, the rivals."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pieces", type=int, default=200, help="of each source and size")
    options.add_argument("--seed", type=int, default=20101)
    options.add_argument("--show", type=int, default=0, help="so many silent and flagged results")
    options.add_argument("--rivals", action="store_true")
    chosen = options.parse_args()
    start = time.perf_counter()
    done = list(trials(sources(), chosen.pieces, chosen.seed))
    print(f"{len(done):,} trials in {time.perf_counter() - start:.0f} s, seed {chosen.seed}\n")
    doubted = sum(trial.outcome == "exact, doubted" for trial in done)
    exact = doubted + sum(trial.outcome == "exact" for trial in done)
    silent = sum(trial.outcome == "silent" for trial in done)
    print(
        f"exact {exact:,} ({exact / len(done):.3%}), of these flagged all the same {doubted:,} "
        f"({doubted / max(1, exact):.3%}); silent {silent:,}\n"
    )
    for name in ("encoding", "declared", "source", "size"):
        print(as_markdown(done, name))
    failed = {
        (t.outcome, t.source, t.encoding, t.text): t for t in done if t.outcome in {"silent", "flagged", "refused"}
    }
    for trial in list(failed.values())[: chosen.show]:
        at = next((i for i, (a, b) in enumerate(zip(trial.text, trial.found, strict=False)) if a != b), 0)
        print(f"{trial.outcome}, {trial.source} in {trial.encoding} as {trial.declared!r}, character {at}:")
        print(f"  {trial.text[at : at + 40]!r}\n  {trial.found[at : at + 40]!r}")
    if chosen.rivals:
        print(rivals(chosen.pieces, chosen.seed))


def sources() -> dict[str, str]:
    """Return name -> text: the real ones as they stand, and in traditional characters."""
    found = {
        "national": _joined("work-reports-national/*.txt"),
        "provincial": _joined("work-reports-provincial-2026/*.csv"),
        "qingdao": _joined("qingdao-hrss-2010.txt"),
        "html source": _joined("html/gov-cn-2019/*.html"),
    }
    found["html text"] = re.sub(
        r"\s*\n\s*", "\n", re.sub(r"(?s)<(script|style).*?</\1>|<[^>]*>", "", found["html source"])
    )
    inverse = traditional()
    return found | {f"{name}, traditional": text.translate(inverse) for name, text in found.items()}


def traditional() -> dict[int, str]:
    """Return simplified -> traditional, of several forms the first that Big5 has."""
    inverse: dict[int, str] = {}
    for line in (ROOT / "corpus" / "data" / "folding.tsv").read_text("utf-8").splitlines():
        point, _, folded = line.partition("\t")
        char = chr(int(point, 16))
        single = "\u4e00" <= char <= "\u9fff" and len(folded) == 4
        if single and char.encode("big5", "ignore") and not chr(int(folded, 16)).encode("big5", "ignore"):
            inverse.setdefault(int(folded, 16), char)
    return inverse


def trials(texts: dict[str, str], pieces: int, seed: int) -> Iterator[Trial]:
    """Yield what decode makes of every piece, encoding and declaration."""
    for source, size, piece, encoding, body in bodies(texts, pieces, seed):
        for declared in DECLARATIONS:
            outcome, found = _outcome(piece, body, declared)
            yield Trial(source, size, encoding, declared, outcome, piece, found)


def bodies(texts: dict[str, str], pieces: int, seed: int) -> Iterator[tuple[str, int, str, str, bytes]]:
    """Yield source, size, piece, encoding, encoded piece; characters that an encoding lacks are left out of Big5.

    Pieces with fewer than 5 characters beyond ASCII are left out: there is nothing to tell in them.
    """
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice of pieces
    for source, text in texts.items():
        for size in SIZES:
            for _ in range(pieces):
                at = chance.randrange(len(text) - size)
                piece = text[at : at + size]
                if sum(char > "\x7f" for char in piece) < 5:
                    continue
                for encoding in ENCODINGS:
                    big5 = encoding in {"big5", "cp950", "big5hkscs"}
                    if big5 and "traditional" not in source:
                        continue
                    said = piece.encode(encoding, "ignore").decode(encoding) if big5 or encoding == "gbk" else piece
                    if len(said) > size * 0.9:
                        yield source, size, said, encoding, said.encode(encoding)


def as_markdown(done: list[Trial], name: str) -> str:
    """Return a table of the outcomes by one field of the trials."""
    counts: dict[str, Counter[str]] = {}
    for trial in done:
        counts.setdefault(str(getattr(trial, name)) or "(none)", Counter())[trial.outcome] += 1
    lines = [f"| {name} | trials | exact % | {' | '.join(OUTCOMES)} |", "| --- |" + " ---: |" * (len(OUTCOMES) + 2)]
    for key, row in counts.items():
        exact = 100 * (row["exact"] + row["exact, doubted"]) / row.total()
        lines.append(f"| {key} | {row.total()} | {exact:.2f} | {' | '.join(str(row[o]) for o in OUTCOMES)} |")
    return "\n".join(lines) + "\n"


def rivals(pieces: int, seed: int) -> str:
    """Return the same without declarations, by library: exact % of each encoding, and the time of a piece."""
    detectors = {"this project": _ours, **_installed()}
    lines = [f"| detector | {' | '.join(ENCODINGS)} | ms a piece |", "| --- |" + " ---: |" * (len(ENCODINGS) + 1)]
    material = [
        (piece, encoding, body) for _, _, piece, encoding, body in bodies(sources(), max(1, pieces // 10), seed)
    ]
    for name, detect in detectors.items():
        exact: Counter[str] = Counter()
        start = time.perf_counter()
        for piece, encoding, body in material:
            exact[encoding] += detect(body) == piece
        took = (time.perf_counter() - start) / len(material) * 1000
        total = Counter(encoding for _, encoding, _ in material)
        figures = " | ".join(f"{100 * exact[encoding] / total[encoding]:.1f}" for encoding in ENCODINGS)
        lines.append(f"| {name} | {figures} | {took:.2f} |")
    return "\n".join(lines)


def _joined(pattern: str) -> str:
    texts = "\n".join(path.read_bytes().decode("utf-8-sig", "ignore") for path in sorted(SHARED.glob(pattern)))
    return texts.replace("\ufeff", "")


def _outcome(piece: str, body: bytes, declared: str) -> tuple[str, str]:
    try:
        decoded = decode(body, declared)
    except UnreadableFile:
        return "refused", ""
    if decoded.text == piece:
        return ("exact, doubted" if decoded.doubts else "exact"), decoded.text
    return ("flagged" if decoded.doubts else "silent"), decoded.text


def _ours(body: bytes) -> str | None:
    try:
        return decode(body).text
    except UnreadableFile:
        return None


def _installed() -> dict[str, Callable[[bytes], str | None]]:
    """Return what is installed of the libraries weighed; each after the byte order mark and strict UTF-8, as ours."""
    found: dict[str, Callable[[bytes], str | None]] = {}
    if importlib.util.find_spec("charset_normalizer"):
        import charset_normalizer  # noqa: PLC0415 - optional

        def normalizer(body: bytes) -> str | None:
            best = charset_normalizer.from_bytes(body).best()
            return _named(body, best.encoding if best else None)

        found["charset-normalizer"] = normalizer
    for package, title in (("chardet", "chardet"), ("cchardet", "faust-cchardet")):
        if importlib.util.find_spec(package):
            module = importlib.import_module(package)
            found[title] = lambda body, module=module: _named(body, module.detect(body)["encoding"])
    return found


def _named(body: bytes, encoding: str | None) -> str | None:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    superset = re.sub(r"^(?:gb2312|gbk|hz.*)$", "gb18030", (encoding or "").lower())
    try:
        return body.decode(superset) if superset else None
    except (UnicodeDecodeError, LookupError):
        return None


if __name__ == "__main__":
    main()
