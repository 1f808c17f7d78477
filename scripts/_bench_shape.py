"""What a text looks like to an index: terms, repetition, lengths; the generated beside the real, where that lies here."""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
import zlib
from collections import Counter
from itertools import pairwise
from pathlib import Path

_SAMPLE = 1_000_000


def shape(text: str) -> dict[str, float]:
    """Return figures of a text's first million characters (fewer are scaled by nothing: compare like with like)."""
    text = text[:_SAMPLE]
    dense = re.sub(r"\s+", "", text)
    pairs = Counter(pairwise(dense))
    raw = text.encode()
    return {
        "characters": len(text),
        "bytes_per_character": round(len(raw) / len(text), 2),
        "distinct_characters": len(set(dense)),
        "distinct_bigrams": len(pairs),
        "distinct_trigrams": len(set(zip(dense, dense[1:], dense[2:], strict=False))),
        "share_of_1000_commonest_bigrams": round(sum(n for _, n in pairs.most_common(1000)) / len(dense), 3),
        "share_of_bigrams_met_once": round(sum(n == 1 for n in pairs.values()) / len(pairs), 2),
        "zlib_ratio": round(len(zlib.compress(raw, 6)) / len(raw), 3),
    }


def real_texts(data: Path) -> dict[str, str]:
    """Return name -> text of the real collections below a folder; what isn't there is left out."""
    chance = random.Random(1)  # noqa: S311
    found = {}
    works = [path.read_text("utf-8") for path in sorted((data / "work-reports-national").glob("*.txt"))]
    chance.shuffle(works)
    found["national work reports"] = "\n".join(works)
    csv.field_size_limit(1 << 30)
    rows = []
    for path in sorted((data / "work-reports-provincial-2026").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows += [max(row, key=len) for row in csv.reader(file) if row]
    found["provincial work reports"] = "\n".join(rows)
    statutes = data / "relevance" / "stard" / "corpus.jsonl.gz"
    if statutes.exists():
        with gzip.open(statutes, "rt", encoding="utf-8") as file:
            articles = [json.loads(line)["text"] for line in file]
        chance.shuffle(articles)
        found["statute articles"] = "\n".join(articles)
    return {name: text for name, text in found.items() if text}


def lengths(sizes: list[int]) -> dict[str, int]:
    """Return quantiles of the lengths of sections."""
    ordered = sorted(sizes)
    at = (("p5", 0.05), ("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("p95", 0.95), ("p99", 0.99))
    return {name: ordered[int(len(ordered) * q)] for name, q in at} | {"longest": ordered[-1]}
