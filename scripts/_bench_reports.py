"""Invented reports for the bench: parts, tables and near-copies as the official templates and their users make them."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from _bench_plans import OFFICES, Plan
from _bench_vocabulary import Clauses

from corpus.departments import department_of
from corpus.folding import is_han
from corpus.kinds import kind_of
from corpus.model import Block, BlockForm, Report, Section, SectionForm, digest64
from corpus.regions import full_name, level_of
from corpus.tables import row_text

_OLD = ["概述", "主动公开政府信息情况", "依申请公开政府信息情况", "咨询和投诉情况", "行政复议和行政诉讼情况",
        "工作人员和费用支出情况", "存在的主要问题和改进情况", "其他需要报告的事项"]  # fmt: skip
_NEW = ["总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况",
        "存在的主要问题及改进情况", "其他需要报告的事项"]  # fmt: skip
_WORK = ["过去一年工作回顾", "面临的困难和问题", "今年的总体要求和目标", "今年的重点工作", "加强政府自身建设"]
_CHILDREN = [
    "主动公开情况",
    "依申请公开情况",
    "政府信息管理情况",
    "平台建设情况",
    "监督保障情况",
    "组织领导情况",
    "重点领域信息公开",
    "公开渠道",
]
_NUMERALS = "一二三四五六七八九十"
#: Kind -> median and spread (of the logarithm) of the characters of its sections.
_LENGTHS = {"preface": (110, 0.5), "overview": (215, 0.9), "proactive": (195, 0.9), "requests": (125, 0.9),
            "consultation": (55, 0.8), "review": (34, 0.7), "staffing": (55, 0.7), "problems": (195, 0.8),
            "other": (24, 1.1), "body": (1900, 1.0)}  # fmt: skip
_LONGEST = 30_000
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
#: Share of the sentences of a report's parts that are everyone's wording; of clauses that others write too.
_STOCK = 0.4
_KNOWN = 0.5
_LIKE_LAST_YEAR = 0.15
_LIKE_ANOTHER = 0.04


@dataclass(slots=True)
class _Draft:
    level: int
    form: SectionForm
    kind: str
    heading: str
    path: tuple[str, ...]
    blocks: list[tuple[BlockForm, str]] = field(default_factory=list)


class Maker:
    """Makes reports; each chunk from its own seed, whoever makes it."""

    def __init__(self, sentences: dict[str, list[str]]) -> None:
        self._sentences = sentences
        self._topics = {office: Clauses(office) for office in OFFICES}
        self._chance = random.Random()  # noqa: S311
        self._earlier: dict[str, list[str]] = {}

    def reports(self, seed: str, wanted: Sequence[Plan]) -> Iterator[Report]:
        """Yield the reports of one chunk."""
        self._chance = random.Random(seed)  # noqa: S311
        self._earlier = {}
        for office, topic in self._topics.items():
            topic.restart(f"{seed}-{office}")
        for plan in wanted:
            yield self._report(plan)

    def _report(self, plan: Plan) -> Report:
        agency = full_name(plan.region) + plan.office
        subject = "政府工作报告" if plan.work else "政府信息公开工作年度报告"
        title = f"{agency}{plan.year}年{subject}"
        drafts = self._work_report(plan, title) if plan.work else self._annual_report(plan, title)
        change = self._habit()
        report_id = digest64("bench", str(plan.number))
        return Report(
            report_id=report_id,
            title=title,
            doctype="work_report" if plan.work else "annual_report",
            template="none" if plan.work else "old" if plan.year < 2019 else "2019" if plan.year < 2021 else "2021",
            agency=agency,
            region=plan.region,
            department=_department(plan.office),
            level=level_of(plan.region),
            year=plan.year,
            published_on=f"{plan.year + 1}-{self._chance.randint(1, 3):02}-{self._chance.randint(1, 28):02}",
            document_number="",
            source_url=f"https://reports.example/{plan.number}.html",
            sections=_sections(report_id, drafts, change),
            provenance={"title": "bench"},
        )

    def _annual_report(self, plan: Plan, title: str) -> list[_Draft]:
        chance = self._chance
        new = plan.year >= 2019
        drafts = [_Draft(0, "prose", "preface", title, (), [("heading", title)])]
        self._fill(drafts[0], plan)
        names = _NEW if new else chance.sample(_OLD, 8)[: chance.choice((6, 7, 8))]
        for number, name in enumerate(names if new else sorted(names, key=_OLD.index)):
            heading = f"{_NUMERALS[number]}、{name}"
            kind = kind_of(heading)
            part = _Draft(1, "prose", kind, heading, (heading,), [("heading", heading)])
            drafts.append(part)
            self._fill(part, plan)
            if new and 1 <= number <= 3 and chance.random() < 0.6:
                drafts.append(_Draft(2, "table", kind, "", part.path, self._table(number + 1)))
            elif number < 2 and chance.random() < 0.5:
                for place, child in enumerate(chance.sample(_CHILDREN, 2 if chance.random() < 0.4 else 1)):
                    below = f"（{_NUMERALS[place]}）{child}"
                    drafts.append(_Draft(2, "prose", kind, below, (heading, below), [("heading", below)]))
                    self._fill(drafts[-1], plan)
        return drafts

    def _work_report(self, plan: Plan, title: str) -> list[_Draft]:
        drafts = [_Draft(0, "prose", "preface", title, (), [("heading", title)])]
        self._fill(drafts[0], plan)
        for number, name in enumerate(_WORK):
            heading = f"{_NUMERALS[number]}、{name}"
            drafts.append(_Draft(1, "prose", "body", heading, (heading,), [("heading", heading)]))
            self._fill(drafts[-1], plan)
        return drafts

    def _fill(self, draft: _Draft, plan: Plan) -> None:
        """Write a section's paragraphs; some are last year's with other figures, some another office's."""
        chance = self._chance
        own, others = f"{plan.region}{plan.office}{draft.heading[2:]}", draft.heading[2:]
        drawn = chance.random()
        held = self._earlier.get(own if drawn < _LIKE_LAST_YEAR else others)
        if held and drawn < _LIKE_LAST_YEAR + _LIKE_ANOTHER:
            paragraphs = [self._figures(text, plan.year) for text in held]
        else:
            paragraphs = list(self._paragraphs(draft.kind, plan))
        self._earlier[own] = self._earlier[others] = paragraphs
        draft.blocks += [("paragraph", text) for text in paragraphs]

    def _paragraphs(self, kind: str, plan: Plan) -> Iterator[str]:
        chance = self._chance
        median, spread = _LENGTHS[kind]
        left = min(_LONGEST, median * 2.718281828 ** chance.gauss(0, spread))
        stock = self._sentences.get(kind, [])
        topic = self._topics[plan.office]
        while left > 0:
            size = min(left, chance.choice((60, 90, 120, 180, 260)))
            sentences = []
            while size > 0:
                if stock and chance.random() < _STOCK:
                    sentence = self._figures(stock[int(len(stock) * chance.random() ** 1.6)], plan.year)
                else:
                    count = min(chance.choice((1, 2, 2, 3, 3, 4, 6)), 1 + int(size / 12))
                    clauses = [topic.known() if chance.random() < _KNOWN else topic.fresh() for _ in range(count)]
                    sentence = chance.choice("，，，，；").join(clauses) + "。"
                sentences.append(sentence)
                size -= len(sentence)
                left -= len(sentence)
            yield "".join(sentences)

    def _figures(self, text: str, year: int) -> str:
        """Return wording with other figures; years stay near the report's."""
        chance = self._chance

        def other(found: re.Match[str]) -> str:
            figure = found[0]
            if len(figure) == 4 and figure.startswith("20"):
                return str(year + (figure[-1] == "0"))
            return str(chance.randint(10 ** (len(figure) - 1), 10 ** len(figure) - 1)) if len(figure) < 9 else figure

        return re.sub(r"\d+", other, text)

    def _table(self, number: int) -> list[tuple[BlockForm, str]]:
        head, labels, columns = _statutory(number)
        chance = self._chance
        rows = [head]
        for label in labels:
            zeros = chance.random() < 0.7
            rows.append([label, *(str(0 if zeros else int(10 ** (chance.random() * 3))) for _ in range(columns))])
        return [("row", row_text(row)) for row in rows]

    def _habit(self) -> Callable[[str], str] | None:
        """Return how a report's makers write: full-width digits, traditional characters, blanks around figures."""
        drawn = self._chance.random()
        if drawn < 0.03:
            return lambda text: text.translate(_FULL_WIDTH)
        if drawn < 0.05:
            return lambda text: text.translate(_traditional())
        if drawn < 0.09:
            return lambda text: re.sub(r"\d+", r" \g<0> ", text)
        return None


def _sections(report_id: str, drafts: list[_Draft], change: Callable[[str], str] | None) -> tuple[Section, ...]:
    seen: Counter[str] = Counter()
    position = 0
    found = []
    for ordinal, draft in enumerate(drafts):
        blocks = []
        texts = []
        at = 0
        for form, written in draft.blocks:
            text = change(written) if change and form == "paragraph" else written
            seen[text] += 1
            blocks.append(Block(digest64(report_id, text, str(seen[text])), form, at, at + len(text), position))
            texts.append(text)
            at += len(text) + 1
            position += 1
        first = blocks[0].block_id if ordinal else "first"
        section_id = digest64(report_id, "section", first)
        found.append(
            Section(section_id, ordinal, draft.level, draft.form, draft.kind, draft.heading, draft.path,
                    "\n".join(texts), tuple(blocks))
        )  # fmt: skip
    return tuple(found)


@cache
def _department(office: str) -> str:
    return department_of(office)


@cache
def _statutory(number: int) -> tuple[list[str], list[str], int]:
    """Return head, labels of rows and number of columns of a statutory table."""
    labels: dict[str, list[str]] = {}
    for line in (files("corpus") / "data" / "templates.tsv").read_text("utf-8").splitlines():
        if line.startswith(f"{number}\t"):
            _, role, label = line.split("\t")
            labels.setdefault(role, []).append(label)
    columns = min(7, len(labels.get("column", ["", ""])))
    rows = labels.get("row") or ["本年度"]
    return ["", *labels.get("column", [])[:columns]], rows[:25], columns


@cache
def _traditional() -> dict[int, str]:
    """Return simplified -> traditional, from the table that folds them."""
    found: dict[int, str] = {}
    for line in (files("corpus") / "data" / "folding.tsv").read_text("utf-8").splitlines():
        point, _, folded = line.partition("\t")
        if len(folded) == 4 and is_han(chr(int(folded, 16))) and 0x4E00 <= int(point, 16) <= 0x9FFF:
            found.setdefault(int(folded, 16), chr(int(point, 16)))
    return found
