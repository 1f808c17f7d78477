"""What the bench's reports are about: agencies of all the country with their years; and the wording that all share."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

from corpus.gazetteer import depth_of, entries
from corpus.regions import full_name

ROOT = Path(__file__).resolve().parent.parent
#: Reports are about so long; the bench asks for sections.
SECTIONS_A_REPORT = 9.5
YEARS = range(2008, 2025)
OFFICES = """
教育局 财政局 公安局 民政局 司法局 人力资源和社会保障局 生态环境局 交通运输局
卫生健康委员会 水利局 农业农村局 商务局 文化和旅游局 应急管理局 审计局 市场监督管理局
统计局 发展和改革委员会 工业和信息化局 科学技术局 税务局 林业和草原局 体育局 城市管理局
国有资产监督管理委员会 民族宗教事务局 行政审批服务局 大数据管理局 信访局 医疗保障局 退役军人事务局 住房和城乡建设局
自然资源局 气象局 人民政府
""".split()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a report is about before a word of it is written."""

    number: int
    region: str
    office: str
    year: int
    work: bool


def plans(sections: int, seed: int) -> list[Plan]:
    """Return the plans of about so many sections: agencies of all the country, each with its years."""
    chance = random.Random(f"plans-{seed}")  # noqa: S311 - a repeatable bench, not a secret
    codes = sorted(code for code, lines in entries().items() if depth_of(code) > 2 and lines[-1].last is None)
    chance.shuffle(codes)
    wanted = round(sections / SECTIONS_A_REPORT)
    found: list[Plan] = []
    taken: set[tuple[str, str]] = set()
    while len(found) < wanted:
        # Some regions publish a lot, most little.
        pair = (codes[int(len(codes) * chance.random() ** 1.7)], chance.choice(OFFICES))
        if pair in taken:
            continue
        taken.add(pair)
        work = pair[1] == "人民政府" and chance.random() < 0.6
        found += [Plan(len(found) + i, *pair, year, work) for i, year in enumerate(YEARS)]
    return found[:wanted]


def sample_sentences() -> dict[str, list[str]]:
    """Return kind -> the sentences of the bundled samples, which every agency writes with figures of its own."""
    from corpus.parsing import READERS, parse  # noqa: PLC0415 - all readers: workers needn't load them

    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "corpus" / "samples").iterdir()):
        if path.suffix not in READERS:
            continue
        report = parse(path.read_bytes(), path.name, path.name)
        names = sorted({report.agency, full_name(report.region), full_name(report.region)[3:]} - {""}, key=len)
        for section in report.sections:
            if section.form == "prose" and report.doctype == "annual_report":
                text = section.text
                for name in reversed(names):
                    text = text.replace(name, "本机关")
                sentences = re.findall(r"[^。\n]{8,120}。", text)
                found.setdefault(section.kind, []).extend(s for s in sentences if "虚构" not in s)
    return found
