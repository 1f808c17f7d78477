"""Four small reports for the hand-written examples; a section is called by report letter and ordinal."""

from __future__ import annotations

from strategies import Part, build_report

A = build_report(
    "A",
    "2010年度青岛市人力资源和社会保障局政府信息公开工作报告",
    [
        Part("", ("根据《政府信息公开条例》，现公布本报告。",), 0, "preface"),
        Part("一、概述", ("全年主动公开政府信息15件。", "公开", "信息均已归档。"), 1, "overview"),
        Part("二、依申请公开情况", ("收到申请 5 件，均已按时答复。",), 1, "requests"),
        Part("（一）同意公开。", ("同意公开3件，答复及时。",), 2, "requests", line="glued"),
        Part("", ("信访 | 0", "国家秘密 | 3"), 2, "requests", "table", "none"),
        Part("三、行政复议和行政诉讼情况", ("未发生因政府信息公开被申请行政复议的情况。",), 1, "review"),
    ],
    agency="青岛市人力资源和社会保障局",
    region="370200",
    department="人力资源和社会保障",
    level="prefecture",
    year=2010,
    published_on="2011-01-30",
    document_number="青人社〔2011〕5号",
    template="old",
)
B = build_report(
    "B",
    "黄浦区２０１５年政府信息公开年度报告",
    [
        Part("", ("本报告由黄浦区人民政府编制。",), 0, "preface"),
        Part("一、总体情况", ("主动公开信息 120 条。",), 1, "overview"),
        Part("二、行政复议情况", ("行政复议 5 件，答复 2 件。行政诉讼 0 件。",), 1, "review"),
        Part("三、其他", (), 1, "other"),
    ],
    agency="黄浦区人民政府",
    region="310101",
    department="政府",
    level="county",
    year=2015,
    published_on="2016-03-31",
    document_number="黄府办[2016]8号",
    template="2019",
)
C = build_report(
    "C",
    "关于开发区的通知",
    [
        Part("", ("國發(1985)33號", "開發區政府公開。"), 0, "body"),
        Part("工作要求", ("及时复议",), 1, "body"),
    ],
    doctype="document",
)
D = build_report(
    "D",
    "文字样本",
    [
        Part("", (), 0, "body", line="none"),
        Part("样本甲", ("二○一○年⼀月，⾏政復議〔2009〕7號。",), 1, "body"),
        Part("样本乙", ("Straße ＮＯ　５ und No 5 A\u00a0\u00a0B aaa",), 1, "body"),
        Part("样本丙", ("第①项“依申请”公\u200b开",), 1, "body"),
    ],
    agency="山东省人民政府",
    region="370000",
    level="province",
    year=2009,
    doctype="policy",
)
FIXED = (A, B, C, D)
LABELS = {
    section.section_id: f"{letter}{section.ordinal}"
    for letter, report in zip("abcd", FIXED, strict=True)
    for section in report.sections
}
EVERYTHING = sorted(LABELS.values())
