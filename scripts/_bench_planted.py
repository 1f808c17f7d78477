"""Planted duplicates: real sentences in invented reports, with other figures, dates and own names; and with other words."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from _bench_plans import OFFICES

from corpus.gazetteer import depth_of, entries
from corpus.model import Block, Report, Section, digest64
from corpus.regions import full_name, region_name, region_path

#: Sentences of one planted report; how often each is planted with changes, and with another word.
_IN_REPORT = 20
VARIANTS = 5
_HAN = re.compile(r"[一-鿿]")
_SENTENCE = re.compile(r"[^。！？；\n]{15,200}[。！？；]")
_DIGITS = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?")
_SHARE = re.compile(r"(?<=百分之)[一二三四五六七八九十]{2,}")
_YEAR = re.compile(r"[一二][九〇○零][一二三四五六七八九〇○零]{2}(?=年)")
_COUNT = re.compile(r"(?<![一二三四五六七八九百千万〇零])[二三四五六七八九]?十[一二三四五六七八九]?(?=[年月日件次项])")
#: Words that may be figures or names: no decoy is made by changing one.
_NO_DECOY = re.compile(
    r"[0-9０-９一二三四五六七八九十百千万亿〇零○两年月日件次项名条起宗份点本我全省市县区旗州是第分之]"
)
_WIDE = str.maketrans("0123456789,:;", "０１２３４５６７８９，：；")


@dataclass(frozen=True, slots=True)
class Writer:
    """An agency that plants: its report of one year has sentences of many sources."""

    agency: str
    region: str
    office: str
    year: int

    def names(self) -> list[str]:
        """How it calls itself: in full, in short, without its place."""
        place = region_name(self.region)
        return [
            self.agency,
            f"{place}{self.office}",
            f"{place[-1]}{self.office}",
            self.office,
            "我局",
            "本机关",
            place,
            place[:-1],
            f"我{place[-1]}",
        ]


@dataclass(frozen=True, slots=True)
class Planted:
    """One sentence as it is planted: which source it comes from, whether its wording is that of the source."""

    source: int
    same: bool
    report_id: str
    text: str


def sources(folder: Path, count: int, chance: random.Random) -> list[str]:
    """Return sentences of the real texts, from all over them, no two alike."""
    every = list(dict.fromkeys(s.strip() for text in _texts(folder) for s in _SENTENCE.findall(text)))
    fitting = [s for s in every if len(_HAN.findall(s)) >= 12 and not s.startswith(tuple("，、”）"))]
    return chance.sample(fitting, min(count, len(fitting)))


def planted(texts: list[str], chance: random.Random) -> tuple[list[Report], list[Planted]]:
    """Return reports with every source once as it is, VARIANTS times with changes that don't count, once with one that does."""
    writers = [_writer(texts, chance) for _ in range(VARIANTS + 2)]
    reports: list[Report] = []
    held: list[Planted] = []
    for number, writer in enumerate(writers):
        for start in range(0, len(texts), _IN_REPORT):
            report_id = digest64("planted", str(number), str(start))
            lines = []
            for source in range(start, min(start + _IN_REPORT, len(texts))):
                own = texts[source]
                same = number <= VARIANTS
                if number:
                    own = _changed(own, writer, chance) if same else _with_another_word(own, chance)
                own = own.replace("<own>", writer.agency)
                lines.append(own)
                held.append(Planted(source, same, report_id, own))
            reports.append(_report(report_id, writer, lines))
    return reports, held


def _changed(text: str, writer: Writer, chance: random.Random) -> str:
    """Return a sentence with other figures, dates, blanks and width; it begins with a name of its own writer, or doesn't."""
    text = _DIGITS.sub(lambda found: _figure(found[0], chance), text)
    text = _YEAR.sub(lambda _: chance.choice(("二〇一八", "二○二一", "2019", "２０２２")), text)
    text = _SHARE.sub(lambda _: chance.choice(("十二", "三十", "四十七")), text)
    text = _COUNT.sub(lambda _: chance.choice(("十三", "二十", "27", "五十六")), text)
    drawn = chance.random()
    if drawn < 0.3:
        text = text.translate(_WIDE)
    elif drawn < 0.6:
        text = re.sub(r"(?<=[0-9，])|(?=[0-9])", " ", text).strip()
    return text.replace("<own>", chance.choice(writer.names()))


def _figure(old: str, chance: random.Random) -> str:
    digits = str(chance.randint(1, 10 ** chance.randint(1, 6)))
    return f"{digits}.{chance.randint(1, 99)}" if re.search(r"[.．]", old) else digits


def _with_another_word(text: str, chance: random.Random) -> str:
    """Return a sentence in which one character is another: no figure, and no part of a name."""
    text = text.replace("<own>", "我局")
    places = [n for n, char in enumerate(text) if _HAN.match(char) and not _NO_DECOY.match(char) and n > 2]
    at = chance.choice(places)
    return text[:at] + chance.choice([c for c in "梅兰竹菊松柏桃李" if c != text[at]]) + text[at + 1 :]


def with_own_names(texts: list[str], chance: random.Random) -> list[str]:
    """Return the sources with a place for an own name before half of them."""
    return [f"<own>{text}" if chance.random() < 0.5 else text for text in texts]


def _writer(texts: list[str], chance: random.Random) -> Writer:
    """Return an agency of a place that no source speaks of: what is its own name must be changed with the writer."""
    codes = sorted(code for code, lines in entries().items() if depth_of(code) > 2 and lines[-1].last is None)
    codes = [code for code in codes if len(region_name(code)) > 2 and region_name(code)[-1] in "市县区"]
    region = chance.choice(codes)
    every = "\n".join(texts)
    for _ in range(5_000):
        if not any(region_name(code)[:2] in every for code in region_path(region)):
            break
        region = chance.choice(codes)
    else:
        raise SystemExit("the sources speak of every place; plant fewer")
    office = chance.choice([office for office in OFFICES if office.endswith("局") and len(office) > 2])
    return Writer(full_name(region) + office, region, office, chance.randint(2012, 2024))


def _report(report_id: str, writer: Writer, lines: list[str]) -> Report:
    title = f"{writer.agency}{writer.year}年政府信息公开工作年度报告"
    sections = []
    for ordinal, (heading, own) in enumerate(((title, []), ("一、总体情况", lines))):
        at, blocks = len(heading) + 1, [Block(f"{report_id}{ordinal}h", "heading", 0, len(heading), ordinal)]
        for number, line in enumerate(own):
            blocks.append(Block(f"{report_id}{ordinal}p{number}", "paragraph", at, at + len(line), number + 2))
            at += len(line) + 1
        path = (heading,) if ordinal else ()
        kind = "overview" if ordinal else "preface"
        text = "\n".join([heading, *own])
        sections.append(
            Section(
                digest64(report_id, str(ordinal)), ordinal, ordinal, "prose", kind, heading, path, text, tuple(blocks)
            )
        )
    return Report(
        report_id, title, "annual_report", "none", writer.agency, writer.region, "", "county", writer.year,
        f"{writer.year + 1}-02-01", "", f"https://planted.example/{report_id}", tuple(sections), provenance={"title": "bench"},
    )  # fmt: skip


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("work-reports-national/*.txt")):
        yield path.read_text("utf-8")
    for path in sorted(folder.glob("work-reports-provincial-2026/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                yield max(row, key=len, default="")
    yield (folder / "qingdao-hrss-2010.txt").read_text("utf-8")
