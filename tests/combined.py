"""Reports whose parts, tables and metadata are known, with irregularities drawn at random. Real places, invented reports."""

from __future__ import annotations

import random
from dataclasses import dataclass

_PROSE = (
    "全年围绕中心工作，健全制度，规范流程，政府信息公开工作平稳有序。",
    "截至12月31日，通过门户网站主动公开信息1246条，其中政务动态类900条，占72%。",
    "按照“先审查、后公开”的原则，严格执行保密审查制度（详见附件），未发生失泄密事件。",
    "成立了由主要负责人任组长的领导小组；各科室明确专人负责，形成了齐抓共管的工作格局。",
)
_AGENCIES = (
    "青岛市市北区教育局", "沭阳县人力资源和社会保障局", "延边州公安局", "国家统计局山东调查总队", "莫力达瓦达斡尔族自治旗水利局",
    "昆明市西山区碧鸡街道办事处", "巴音郭楞蒙古自治州林业局", "北京市公安局海淀分局",
)  # fmt: skip
_OLD = (
    ("概述", "overview"),
    ("主动公开政府信息情况", "proactive"),
    ("依申请公开政府信息情况", "requests"),
    ("咨询和投诉情况", "consultation"),
    ("申请行政复议和提起行政诉讼情况", "review"),
    ("工作人员和费用支出情况", "staffing"),
    ("存在的主要问题和改进情况", "problems"),
    ("其他需要报告的事项", "other"),
)
_NEW = (
    ("总体情况", "overview"),
    ("主动公开政府信息情况", "proactive"),
    ("收到和处理政府信息公开申请情况", "requests"),
    ("因政府信息公开工作被申请行政复议、提起行政诉讼情况", "review"),
    ("存在的主要问题及改进情况", "problems"),
    ("其他需要报告的事项", "other"),
)
_TABLE_2 = {
    "2019": ["第二十条第（一）项", "信息内容|本年新制作数量|本年新公开数量|对外公开总数量", "规章|0|0|0", "规范性文件|3|3|20"],
    "2021": ["第二十条第（一）项", "信息内容|本年制发件数|本年废止件数|现行有效件数", "规章|0|0|0", "行政规范性文件|3|1|20"],
}  # fmt: skip
_LABELS_3 = (
    "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "三、本年度办理结果|（一）予以公开", "（三）不予公开|1.属于国家秘密",
    "2.其他法律行政法规禁止公开", "（四）无法提供|1.本机关不掌握相关政府信息", "（五）不予处理|1.信访举报投诉类申请",
)  # fmt: skip
_OTHERS_3 = {
    "2019": ("（六）其他处理",),
    "2021": ("（六）其他处理|1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "3.其他"),
}
_LAST_3 = ("（七）总计", "四、结转下年度继续办理")
_RESULTS = "结果维持|结果纠正|其他结果|尚未审结|总计"
_RADICALS = str.maketrans({"一": "⼀", "二": "⼆", "八": "⼋", "工": "⼯", "行": "⾏", "人": "⼈", "力": "⼒"})
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Combined:
    """A report's text and what is to be found in it."""

    text: str
    kinds: list[str]
    tables: list[str]
    agency: str
    year: int
    template: str


def combined(seed: int) -> Combined:
    """Return the report of a seed, the same each time."""
    draw = random.Random(seed)
    template = draw.choice(("old", "2019", "2021"))
    year = {"old": draw.choice((2012, 2015, 2018)), "2019": 2020, "2021": draw.choice((2021, 2022, 2023))}[template]
    agency = draw.choice(_AGENCIES)
    title = draw.choice(
        (
            f"{agency}{year}年政府信息公开工作年度报告",
            f"{year}年度{agency}政府信息公开年度报告",
            f"{agency}政府信息公开{year}年年度报告",
            f"{agency}关于{year}年度政府信息公开工作的报告",
        )
    )
    parts = list(
        _NEW if template != "old" else [p for p in _OLD if p[1] in {"overview", "problems"} or _chance(draw, 0.8)]
    )
    kinds = [kind for _, kind in parts]
    lines = [title, *_front(draw, year, [name for name, _ in parts])]
    for heading, body in _parts(draw, template, parts):
        lines += [heading, *body]
    if _chance(draw, 0.5):
        lines += [agency, f"{year + 1}年1月19日"]
    text = _laid_out(draw, lines, title)
    if _chance(draw, 0.12):
        text = f"关于公布{title}的通知\n各有关单位：\n根据《条例》规定，现将《{title}》予以公布。\n{agency}\n{year + 1}年2月1日\n{text}"
        kinds = ["preface", *kinds]
    tables = ["proactive", "requests", "review"] if template != "old" else []
    return Combined(text, kinds, tables, agency, year, template)


def _chance(draw: random.Random, share: float) -> bool:
    return draw.random() < share


def _front(draw: random.Random, year: int, names: list[str]) -> list[str]:
    front = []
    if _chance(draw, 0.3):
        front.append(
            draw.choice((f"发布日期：{year + 1}-01-20 10:22　来源：本站", f"时间：{year + 1}/1/20 【字体：大 中 小】"))
        )
    if _chance(draw, 0.6):
        front.append(
            f"本报告根据《中华人民共和国政府信息公开条例》编制，由{'、'.join(names)}等部分组成，邮箱：a@163.com。"
        )
    if _chance(draw, 0.1):
        front += ["本报告包括：", *(f"{_NUMERALS[i]}、{name}" for i, name in enumerate(names))]
    if _chance(draw, 0.1):
        front += ["目  录", *(f"{_NUMERALS[i]}、{name}…………{i + 1}" for i, name in enumerate(names))]
    return front


def _parts(draw: random.Random, template: str, parts: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    loose, stopped, divided = _chance(draw, 0.3), _chance(draw, 0.15), _chance(draw, 0.5)
    shape = draw.choice(("line", "blank", "bar", "frame", "tab", "space"))
    value = draw.choice(("0", "3", "/", "-", "12"))
    found, number = [], 0
    for name, kind in parts:
        number = max(1, number + draw.choices((1, 2, 0), (92, 4, 4))[0])
        sign = draw.choice(("、", "、", "、 ", " 、", "．", ".")) if loose else "、"
        heading = f"{_NUMERALS[min(number, 9) - 1]}{sign}{name}{'。' if stopped else ''}"
        if template != "old" and kind in {"proactive", "requests", "review"}:
            body = _table(kind, template, shape, value)
        elif divided and kind in {"overview", "problems"}:
            body = [draw.choice(_PROSE)]
            for inner in range(draw.randint(2, 4)):
                bracketed = draw.choice(("（{}）", "({})", "（{})")).format(_NUMERALS[inner])
                body.append(f"{bracketed}加强组织领导。{draw.choice(_PROSE)}")
        else:
            body = [draw.choice(("无。", "本年度没有此类情况。", *_PROSE))]
        found.append((heading, body))
    return found


def _table(kind: str, template: str, shape: str, value: str) -> list[str]:
    if kind == "proactive":
        rows = _TABLE_2[template]
    elif kind == "requests":
        labels = (*_LABELS_3, *_OTHERS_3[template], *_LAST_3)
        rows = [f"{label}|{'|'.join([value] * 7)}" for label in labels]
    else:
        rows = ["|".join([_RESULTS] * 3), "|".join([value] * 15)]
    if shape == "line":
        return [cell for row in rows for cell in row.split("|")]
    if shape == "blank":
        return [line for row in rows for cell in row.split("|") for line in (cell, "")]
    joined = {"bar": " | ", "frame": " | ", "tab": "\t", "space": " "}[shape]
    lines = [row.replace("|", joined) for row in rows]
    return [f"| {line} |" for line in lines] if shape == "frame" else lines


def _laid_out(draw: random.Random, lines: list[str], title: str) -> str:
    if _chance(draw, 0.4):
        lines = [
            f"　　{line}" if line != title and len(line) > 12 and not {"\t", "|"} & set(line) else line
            for line in lines
        ]
    if _chance(draw, 0.25):
        width = draw.choice((28, 34, 40))
        lines = [
            part for line in lines for part in (_wrapped(line, width) if len(line) > 60 and "，" in line else [line])
        ]
    if _chance(draw, 0.25):
        lines = [part for line in lines for part in (line, "")]
    text = "\n".join(lines)
    if _chance(draw, 0.2):
        text = text.translate(_RADICALS)
    if _chance(draw, 0.15):
        text = text.translate(_WIDE)
    if _chance(draw, 0.3):
        text = f"您现在的位置：首页 > 政府信息公开 > 年报\n{text}\n【打印本页】 【关闭窗口】\n"
    return text


def _wrapped(line: str, width: int) -> list[str]:
    return [line[at : at + width] for at in range(0, len(line), width)]
