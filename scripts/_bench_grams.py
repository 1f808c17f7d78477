"""Lines of the corpus -> what raw tantivy adds: folded text, bigrams joined with blanks, words. Runs in worker processes."""

from __future__ import annotations

import json

from _bench_corpus import Text
from _bench_protocol import folded_units

#: Stands for a blank inside a bigram.
_BLANK = "␠"
#: Two of them stand between units: no phrase, asked with every second bigram, can reach across.
_FILLER = 1
_LINE_FEED = 10


def prepare_lines(lines: list[str]) -> list[tuple[str, int, str, bytes, str, str]]:
    """Return identity, report, kind, folded text, bigrams and words of each section."""
    import numpy as np  # noqa: PLC0415 - optional
    import rjieba  # noqa: PLC0415 - optional

    read = [json.loads(line) for line in lines]
    folded = [folded_units(Text(section_id, report, kind, tuple(texts))) for section_id, report, kind, texts in read]
    # All sections at once: one array operation for a million characters. A unit ends with two line feeds.
    joined = ["".join(f"{unit}\n\n" for unit in units) for units in folded]
    points = np.frombuffer("".join(joined).replace(" ", _BLANK).encode("utf-32-le"), np.uint32)
    grams = np.full((len(points), 3), ord(" "), np.uint32)
    grams[:, 0] = points
    grams[:-1, 1] = points[1:]
    # At a line feed stands a filler; before one, the last character is a gram of its own: its second half is white space.
    grams[points == _LINE_FEED, :2] = _FILLER
    written = grams.tobytes().decode("utf-32-le")
    found = []
    at = 0
    for (section_id, report, kind, _), units, text in zip(read, folded, joined, strict=True):
        end = at + len(text)
        body = "\n".join(units)
        words = " ".join(word for word in rjieba.cut(body, True) if word.isalnum())
        found.append((section_id, report, kind, body.encode(), written[3 * at : 3 * end], words))
        at = end
    return found
