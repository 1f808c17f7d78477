"""检索说明: the paragraph on method that a paper prints, from the facts of a search. Pure."""

from __future__ import annotations

from corpus.regions import full_name
from indexer.exporting import Facts
from indexer.fields import CODES

_FIELDS = {
    "region": ("地区", "region"), "agency": ("机关", "agency"), "department": ("所属系统", "department"),
    "level": ("行政层级", "level"), "year": ("报告年度", "report year"), "kind": ("章节类型", "section kind"),
    "form": ("形式", "form"), "doctype": ("报告类型", "report type"), "template": ("报告格式", "template"),
}  # fmt: skip
_MATCH = {
    "exact": ("精确匹配（检索词须原样连续出现）", "exact matching (each term stands verbatim)"),
    "words": (
        "分词匹配（检索词切分为词，各词均须出现）",
        "matching by words (terms are cut into words, all of which must occur)",
    ),
    "most": ("部分匹配（至少出现四分之一的实词）", "partial matching (at least a quarter of the content words occur)"),
}
_SCOPE = {
    "section": ("各条件须在同一章节内满足", "all conditions within one section"),
    "report": ("各条件可分布于整篇报告", "conditions met anywhere in the report"),
}


def methods_note(facts: Facts, lang: str) -> str:
    """Return the paragraph in a language ("zh" or "en"); it says nothing that the facts don't."""
    english = lang == "en"
    return _english(facts) if english else _chinese(facts)


def filter_words(text: str, lang: str) -> str:
    """Return a filter as ``filter_texts`` writes it in words: 地区=山东省青岛市."""
    english = lang == "en"
    field, _, value = text.partition("=")
    exclude = field.endswith("!")
    field = field.removesuffix("!")
    name = _FIELDS.get(field, (field, field))[english]
    if not value:
        value = "not stated" if english else "未注明"
    elif field == "region":
        value = full_name(value) or value
    elif value in CODES.get(field, {}):
        value = CODES[field][value][english]
    if exclude:
        return f"{name} not {value}" if english else f"{name}≠{value}"
    return f"{name} = {value}" if english else f"{name}＝{value}"


def _chinese(facts: Facts) -> str:
    day = facts.exported_at[:10]
    what = f"检索式为“{facts.query}”（解读为：{facts.read_as}）" if facts.query else "未限定检索词，取全部章节"
    filters = "；".join(filter_words(text, "zh") for text in facts.filters) or "无"
    copies = "同一报告的副本和旧版不重复计入" if facts.copies == "once" else "同一报告的副本和旧版均计入"
    text = (
        f"检索于 {day} 使用查档（{facts.program}，{facts.engine} 引擎）在语料版本 {facts.corpus_id} 上进行。"
        f"{what}；采用{_MATCH[facts.match][0]}，不区分简繁体、全半角和大小写，忽略汉字旁的空格；检索范围："
        f"{_SCOPE[facts.scope][0]}；筛选条件：{filters}；{copies}。"
        f"共命中 {facts.sections} 个章节，分属 {facts.reports} 份报告。"
    )
    unit = "个章节" if facts.unit == "section" else "份报告"
    if facts.sample:
        return text + f"从中以随机种子 {facts.seed} 抽取 {facts.rows} {unit}。"
    return text


def _english(facts: Facts) -> str:
    day = facts.exported_at[:10]
    what = (
        f"The query was “{facts.query}”, read as: {facts.read_as}" if facts.query else "No query was set: every section"
    )
    filters = "; ".join(filter_words(text, "en") for text in facts.filters) or "none"
    copies = (
        "copies and earlier versions of a report were counted once"
        if facts.copies == "once"
        else "copies and earlier versions of a report were all counted"
    )
    text = (
        f"The search was made on {day} with Chadang ({facts.program}, engine {facts.engine}) on corpus version "
        f"{facts.corpus_id}. {what}; {_MATCH[facts.match][1]}, regardless of simplified or traditional characters, "
        f"width and case, blanks beside Han characters ignored; scope: {_SCOPE[facts.scope][1]}; filters: {filters}; {copies}. "
        f"It found {facts.sections} sections in {facts.reports} reports."
    )
    unit = "sections" if facts.unit == "section" else "reports"
    if facts.sample:
        return text + f" {facts.rows} {unit} were drawn at random from them (seed {facts.seed})."
    return text
