"""Compare ways to find the main text of unknown page designs; print recall and precision as Markdown.

    python3 scripts/maintext.py [--with trafilatura readability resiliparse justext] [--verbose]

The pages are invented: reports of the bundled samples in fourteen designs without a known container, and, where
../shared/data is, the policy pages of gov.cn with their ids and classes renamed. Figures are shares of the pieces of five
characters that a report and what was found have in common. The libraries compared need not be installed to run.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from _page_designs import DESIGNS, PROSE_AROUND, page  # noqa: E402

from corpus.document import Document  # noqa: E402
from corpus.htmlreader import read_html  # noqa: E402


def text_of(document: Document) -> str:
    """Return the text of a document's blocks."""
    return "\n".join(block.text for block in document.blocks)


def ours(text: str) -> str:
    """Our own rule."""
    return text_of(read_html(text.encode()))


def trafilatura(text: str) -> str:
    """Return trafilatura's text, set to favour recall."""
    from trafilatura import extract  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415

    return extract(text, favor_recall=True, include_tables=True, include_comments=False) or ""


def readability(text: str) -> str:
    """Return readability's text."""
    from lxml import html as parser  # noqa: PLC0415
    from readability import Document as Page  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415

    return str(parser.fromstring(Page(text).summary()).text_content())


def resiliparse(text: str) -> str:
    """Return resiliparse's text."""
    from resiliparse.extract.html2text import extract_plain_text  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415

    return str(extract_plain_text(text, main_content=True))


def justext(text: str) -> str:
    """Return justext's text; it has no Chinese stop words, so the rules that count them are off."""
    import justext as library  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415

    return "\n".join(
        p.text
        for p in library.justext(text.encode(), frozenset(), max_link_density=0.3, stopwords_low=0, stopwords_high=0)
        if not p.is_boilerplate
    )


def scores(found: str, wanted: str) -> tuple[float, float]:
    """Return recall and precision over pieces of five characters."""
    a, b = pieces(found), pieces(wanted)
    both = (a & b).total()
    return both / max(b.total(), 1), both / max(a.total(), 1)


def pieces(text: str) -> Counter[str]:
    """Return the pieces of five characters of a text, blanks and rules of tables left out."""
    text = re.sub(r"[\s|　]+", "", text)
    return Counter(text[n : n + 5] for n in range(len(text) - 4))


def anonymous(text: str, seed: int) -> str:
    """Return a page whose ids and classes are renamed at random."""
    source = random.Random(seed)  # noqa: S311
    return re.sub(
        r"""(?i)\b(id|class)\s*=\s*(["'])[^"']*\2""",
        lambda m: f'{m[1]}="{source.choice("xyz")}{source.randrange(99)}"',
        text,
    )


def cases() -> Iterable[tuple[str, str, str]]:
    """Yield (design, page, report text)."""
    for path in sorted((ROOT / "corpus" / "samples").glob("*.html"))[::3]:
        document = read_html(path.read_bytes())
        title = document.titles[0][1]
        blocks = list(document.blocks)
        for design in DESIGNS:
            yield design.__name__, page(design(blocks, title), title), text_of(document)
        for design in PROSE_AROUND:
            yield design.__name__, page(design(blocks, title), title), text_of(document)
            start = "\n".join(block.text for block in blocks[:7])
            yield f"{design.__name__}, short", page(design(blocks[:7], title), title), start
    for number, path in enumerate(sorted((ROOT.parent / "shared/data/html/gov-cn-2019").glob("*.html"))):
        yield "gov.cn renamed", anonymous(path.read_text("utf-8"), number), text_of(read_html(path.read_bytes()))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--with", dest="others", nargs="*", default=[], choices=["trafilatura", "readability", "resiliparse", "justext"]
    )
    chosen = parser.parse_args().others
    ways = {"ours": ours, **{name: globals()[name] for name in chosen}}
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for design, text, wanted in cases():
        for way, extract in ways.items():
            found.setdefault((design, way), []).append(scores(extract(text), wanted))
    print(f"| design | {' | '.join(ways)} |\n|---|{'---|' * len(ways)}")
    designs = list(dict.fromkeys(design for design, _ in found))
    for design in designs:
        print(f"| {design} | {' | '.join(shown(found[design, way]) for way in ways)} |")
    print(f"| **all** | {' | '.join(shown([s for d in designs for s in found[d, way]]) for way in ways)} |")


def shown(values: list[tuple[float, float]]) -> str:
    """Return mean recall, worst recall and mean precision."""
    recalls, precisions = zip(*values, strict=True)
    return f"{statistics.mean(recalls):.3f} (worst {min(recalls):.2f}) / {statistics.mean(precisions):.3f}"


if __name__ == "__main__":
    main()
