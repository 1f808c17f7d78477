"""Numbering, sections, kinds: pure text in, sections out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cleaning import is_dateline, is_junk, paragraphs, unspaced
from corpus.kinds import kind_of
from corpus.numbering import heading_line
from corpus.splitting import RawBlock, split
from corpus.textreader import from_lines

LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "一、概述",
                "二、主动公开政府信息情况",
                "（一）主要做法。全年公开12条。",
                "(二)其他",
                "1.第一项",
                "四、结转下年度继续办理",
                "引言",
                "某市某局2010年政府信息公开工作年度报告",
            ]
        ),
        st.text(alphabet="政府信息公开一二、（）()。， 　12\u00a0⼀", min_size=1, max_size=40).filter(
            lambda t: t.strip()
        ),
    ),
    max_size=14,
)


def sections(*lines: str, doctype: str = "annual_report") -> list[tuple[int, str, str]]:
    return [(s.level, s.kind, s.heading) for s in split("r", "题", doctype, [RawBlock("paragraph", x) for x in lines])]


@given(LINES, st.sampled_from(["annual_report", "policy"]))
def test_nothing_of_the_text_is_lost(lines: list[str], doctype: str) -> None:
    found = split("r", lines[0] if lines else "题", doctype, [RawBlock("paragraph", line) for line in lines])
    assert "\n".join(section.text for section in found if section.blocks) == "\n".join(lines)
    for section in found:
        assert "\n".join(section.block_text(block) for block in section.blocks) == section.text


@given(LINES, st.lists(st.lists(st.sampled_from(["规章 | 1", "四、结转 | 2"]), min_size=1, max_size=3), max_size=2))
def test_blocks_in_their_order_are_the_text_also_around_tables(lines: list[str], tables: list[list[str]]) -> None:
    raw = [RawBlock("paragraph", line) for line in lines]
    for number, rows in enumerate(tables, 1):
        raw[number:number] = [RawBlock("row", row, number) for row in rows]
    found = split("r", "题", "annual_report", raw)
    blocks = sorted((b.position, s.block_text(b)) for s in found for b in s.blocks)
    assert [text for _, text in blocks] == [block.text for block in raw]
    assert len({s.section_id for s in found}) == len(found)
    assert len({b.block_id for s in found for b in s.blocks}) == len(raw)


@given(LINES)
def test_ids_hang_on_the_text_not_on_the_place(lines: list[str]) -> None:
    before = split("r", "题", "annual_report", [RawBlock("paragraph", line) for line in lines])
    after = split("r", "题", "annual_report", [RawBlock("paragraph", line) for line in ["新的首段", *lines]])
    ids = {b.block_id for s in before for b in s.blocks}
    if "新的首段" not in lines:
        assert ids < {b.block_id for s in after for b in s.blocks}


@pytest.mark.parametrize(
    ("line", "level", "heading"),
    [
        ("一、概述", 1, "一、概述"),
        ("一 、概述", 1, "一 、概述"),
        ("一、 政府信息公开", 1, "一、 政府信息公开"),
        ("一   概  述", 1, "一   概  述"),
        ("⼀、总体情况", 1, "⼀、总体情况"),
        ("第一部分 总体情况", 1, "第一部分 总体情况"),
        ("（一）主动公开", 2, "（一）主动公开"),
        ("（一) 主动公开", 2, "（一) 主动公开"),
        ("（一）主动公开情况。主要通过网站公开。", 2, "（一）主动公开情况。"),
        ("(一)深化《条例》贯彻,工作不断深入。", 2, "(一)深化《条例》贯彻,工作不断深入。"),
        ("引 言", 1, "引 言"),
        ("附表", 1, "附表"),
    ],
)
def test_a_heading_is_recognised_as_printed(line: str, level: int, heading: str) -> None:
    found = heading_line(line)
    assert found is not None
    assert (found.level, line[: found.end]) == (level, heading)


@pytest.mark.parametrize(
    "line",
    [
        "1.第一项",
        "（1）第一项",
        "四、结转下年度继续办理",
        "一、本年新收政府信息公开申请数量",
        "（七）总计",
        "一是加强领导",
        "二〇一〇年工作",
        "一、" + "很长的一句话" * 20,
        "",
        "一、",
    ],
)
def test_what_is_no_section_heading_stays_text(line: str) -> None:
    assert heading_line(line) is None


def test_children_inherit_the_kind_and_tables_hang_below_their_section() -> None:
    raw = [
        RawBlock("paragraph", "二、主动公开政府信息情况"),
        RawBlock("paragraph", "（一）咨询渠道"),
        RawBlock("row", "规章 | 1", 1),
        RawBlock("row", "规范性文件 | 2", 1),
        RawBlock("paragraph", "表后的话。"),
        RawBlock("paragraph", "三、收到和处理政府信息公开申请情况"),
        RawBlock("row", "四、结转下年度继续办理 | 0", 2),
    ]
    found = split("r", "题", "annual_report", raw)
    assert [(s.form, s.level, s.kind, s.heading_path[-1:]) for s in found] == [
        ("prose", 0, "preface", ()),
        ("prose", 1, "proactive", ("二、主动公开政府信息情况",)),
        ("prose", 2, "proactive", ("（一）咨询渠道",)),
        ("table", 3, "proactive", ("（一）咨询渠道",)),
        ("prose", 1, "requests", ("三、收到和处理政府信息公开申请情况",)),
        ("table", 2, "requests", ("三、收到和处理政府信息公开申请情况",)),
    ]
    assert found[2].text == "（一）咨询渠道\n表后的话。"
    assert found[3].text == "规章 | 1\n规范性文件 | 2"


def test_a_report_without_headings_is_one_section() -> None:
    assert sections("第一段。", "第二段。") == [(0, "body", "题")]


def test_headings_of_other_reports_are_body() -> None:
    assert sections("一、主动公开", doctype="work_report") == [(0, "preface", "题"), (1, "body", "一、主动公开")]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("一、概述", "overview"),
        ("一、总体情况", "overview"),
        ("二、主动公开政府信息情况", "proactive"),
        ("三、依申请公开政府信息情况", "requests"),
        ("三、收到和处理政府信息公开申请情况", "requests"),
        ("四、咨询和投诉情况", "consultation"),
        ("五、申请行政复议和提起行政诉讼情况", "review"),
        ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", "review"),
        ("六、工作人员和费用支出情况", "staffing"),
        ("七、工作存在的主要问题和改进情况", "problems"),
        ("八、其他需要报告的事项", "other"),
        ("九、附表", "appendix"),
        ("引言", "preface"),
        ("某某专项", "body"),
    ],
)
def test_kinds_are_canonical_across_templates(heading: str, kind: str) -> None:
    assert kind_of(heading) == kind


def test_soft_line_breaks_are_joined_and_paragraphs_kept() -> None:
    lines = [
        "  联系邮箱：a@163.com",
        "",
        "，网址：某局)。",
        "  第二段以逗号结尾，",
        "这里继续。",
        "  第三段。",
        "  第四段",
    ]
    assert list(paragraphs(lines)) == [
        "联系邮箱：a@163.com，网址：某局)。",
        "第二段以逗号结尾，这里继续。",
        "第三段。",
        "第四段",
    ]


def test_hard_wrapped_text_is_joined_at_its_width() -> None:
    body = "全年主动公开政府信息两千四百条其中机构信息三条公文法规四百条规划计划二十三条统计信息三十七条财政信息两条"
    wrapped = [f"　　{body[:36]}", body[36:] + body[:22], "。", f"　　{body[:36]}"] + [body[:38]] * 6 + ["完。"]
    joined = list(paragraphs(wrapped))
    assert joined == [f"{body}{body[:22]}。", f"{body[:36]}{body[:38] * 6}完。"]


@pytest.mark.parametrize(
    "line",
    [
        "【字号：大 中 小】",
        "字体大小: 打印",
        "您的位置：首页 > 政府信息公开",
        "扫一扫在手机打开当前页",
        "【打印本页】 【关闭窗口】",
        "上一篇：某通知",
        "大 中 小",
        "主办单位：某局　网站标识码：3702000000　样ICP备1号",
    ],
)
def test_the_pages_junk_is_known(line: str) -> None:
    assert is_junk(line)


@pytest.mark.parametrize(
    "line",
    [
        "接待时间：工作日上午9:00-11:30",
        "扫描二维码即可下载申报书模板。",
        "字号使用三号仿宋体。",
        "承办单位：市科技局综合科",
        "本单位网站已完成公安备案，公网安备编号齐全，全年运行平稳。",
        "打印设备采购12台。",
        "您的位置信息受保护，网站不予公开。共3条。",
        "分析问题",
        "下载量持续增长，共12次。",
    ],
)
def test_text_that_begins_like_junk_is_text(line: str) -> None:
    assert not is_junk(line)


def test_the_line_below_a_title_is_metadata() -> None:
    assert is_dateline("青岛政务网 发布日期 : 2011-01-30 来源 : 青岛市人力资源和社会保障局:")
    assert is_dateline("时间：2026-02-09")
    for text in ("接待时间：工作日上午9:00-11:30", "统计时间：2010年1月1日至12月31日", "时间：另行通知"):
        assert not is_dateline(text)
    assert not is_dateline("时间紧、任务重，我局来源广泛地征求意见。")


def test_a_centred_title_does_not_make_one_paragraph_of_a_text() -> None:
    full = "某某局全年主动公开政府信息二千四百条其中机构信息三条公文法规四百条。"
    assert len(list(paragraphs(["        某某局年度报告", *[full] * 10]))) == 11


@pytest.mark.parametrize("line", ["（二）不予公开情况", "（三）其他处理情况", "（一）予以公开的主要做法"])
def test_a_heading_that_begins_like_a_tables_row_is_a_heading(line: str) -> None:
    assert heading_line(line) is not None


def test_a_tab_after_a_number_is_no_border_of_a_cell() -> None:
    lines = ["一、\t概述", "1.\t全年公开信息12条。", "2.\t答复申请3件。", "3.\t其他。"]
    blocks = from_lines(lines).blocks
    assert {block.form for block in blocks} == {"paragraph"}
    assert heading_line(blocks[0].text) is not None


def test_lines_divided_by_tabs_or_bars_are_a_table() -> None:
    for border in ("|", "｜", "\t"):
        rows = [f"规章{border}{n}{border}0" for n in range(3)]
        assert [block.text for block in from_lines(rows).blocks] == [f"规章 | {n} | 0" for n in range(3)]


WORDINGS = {
    "overview": """
        一、概述 一、概况 一、总体情况 一、基本情况 总体概述 一、工作开展情况 一、政府信息公开工作概述
        一、政府信息公开工作总体情况 （一）组织领导情况 （二）制度建设情况 重点领域信息公开 回应社会关切
        平台建设 监督保障 政府信息管理情况 政策解读
    """,
    "proactive": """
        二、主动公开政府信息情况 二、主动公开情况 二、政府信息主动公开情况 二、主动公开政府信息的情况
        二、行政机关主动公开政府信息情况 二、主动公开的主要内容 主动公开 二、主动公开信息的范围和形式
    """,
    "requests": """
        三、依申请公开政府信息情况 三、收到和处理政府信息公开申请情况 三、政府信息依申请公开情况
        三、依申请公开办理情况 三、受理政府信息公开申请情况 三、依申请公开政府信息的办理情况
        三、政府信息公开申请情况 三、公开申请的受理和答复 三、申请办理情况 依申请公开
    """,
    "consultation": """
        四、咨询和投诉情况 四、咨询处理情况 四、政府信息公开咨询处理情况 四、政府信息公开咨询情况
        四、群众咨询投诉情况 四、举报投诉情况 四、公众咨询情况
    """,
    "review": """
        五、申请行政复议和提起行政诉讼情况 四、政府信息公开行政复议、行政诉讼情况
        四、因政府信息公开工作被申请行政复议、提起行政诉讼情况 五、因政府信息公开申请行政复议、提起行政诉讼情况
        五、复议、诉讼和申诉情况 五、行政复议及行政诉讼情况 六、行政复议、提起诉讼情况 五、复议诉讼情况
        政府信息公开行政申诉情况
    """,
    "staffing": """
        六、工作人员和费用支出情况 五、政府信息公开的收费及减免情况 五、收费及减免情况 六、工作人员和政府支出情况
        六、人员和经费 六、机构和人员情况 六、政府支出与收费情况 六、费用收取情况 六、政府信息公开经费情况
        六、机构建设和保障经费情况
    """,
    "problems": """
        七、存在的主要问题和改进情况 五、政府信息公开工作存在的主要问题及改进措施 五、存在的主要问题及改进情况
        五、存在问题及改进情况 七、存在的不足和下一步打算 七、主要问题与改进措施 七、问题及改进
        七、存在的困难和今后的工作 七、下一步工作安排 七、今后工作打算 七、工作中的不足
    """,
    "other": """
        六、其他需要报告的事项 八、其他需要说明的事项 八、其它需要报告的事项 八、其他事项 八、其他情况
        八、需要说明的事项 八、其他有关情况 八、需要报告的其他事项
    """,
    "appendix": """
        九、附表 附表 附件 附录 附表1 附：政府信息公开情况统计表 附件：2010年政府信息公开情况统计表
        附表：指标统计表 政府信息公开情况统计表 附件1
    """,
    "preface": """
        引言 引言 前言 序言 一、引言
    """,
    "body": """
        一、加快转变发展方式 某某专项 二、着力改善民生
    """,
}


@pytest.mark.parametrize("kind", WORDINGS)
def test_real_wordings_of_headings_have_their_kind(kind: str) -> None:
    headings = WORDINGS[kind].split()
    assert {heading: kind_of(heading) for heading in headings} == dict.fromkeys(headings, kind)


TABLE_LINES = st.lists(
    st.sampled_from(
        [
            "第二十条第（一）项",
            "信息内容",
            "本年新",
            "制作数量",
            "规章",
            "0",
            "行政许可 3 - 4",
            "| 12 |",
            "三",
            "、",
            "本",
            "年",
            "度",
            "申请人情况",
            "自然人",
            "总计",
            "一、本年新收政府信息公开申请数量",
            "（三）不予公开",
            "1.属于国家秘密",
            "四、结转下年度继续办理",
            "四、政府信息公开行政复议、行政诉讼情况",
            "行政复议",
            "行政诉讼",
            "结果维持",
            "统计指标",
            "条",
            "全年平稳。",
            "",
            "乱入的字",
        ]
    ),
    max_size=40,
)


@given(TABLE_LINES)
def test_tables_put_together_again_lose_and_add_no_character(lines: list[str]) -> None:
    def said(texts: list[str]) -> str:
        return "".join("".join(texts).replace("|", "").split())

    blocks = from_lines(lines).blocks
    assert said([block.text for block in blocks]) == said(lines)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("请 与 我 局 联 系 ， 地 址 90 号 ， 邮 编 ： 223100", "请与我局联系，地址90号，邮编：223100"),
        ("Windows 10 与 macOS 都 能 用", "Windows 10 与 macOS 都 能 用"),
        ("全年 公开 信息", "全年 公开 信息"),
    ],
)
def test_only_a_letter_spaced_line_loses_its_blanks(line: str, shown: str) -> None:
    assert unspaced(line) == shown


def test_a_figure_alone_in_a_sentence_is_no_page_number() -> None:
    lines = ["2010年我局主动公开政府信息共", "12", "条，其中网站公开", "13", "条。"]
    assert "12" in "".join(paragraphs(lines)) and "13" in "".join(paragraphs(lines))


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("一  概述。全年公开信息一百条。", "一  概述。"),
        ("二　主动公开政府信息情况。全年公开一百条。", "二　主动公开政府信息情况。"),
        ("一 是抓好信息公开工作情况。再抓落实。", ""),
        ("三 个方面情况。其中一个。", ""),
        ("十 二项措施。其中一项。", ""),
        ("二 公开了一百条。其中一条。", ""),
    ],
)
def test_a_title_glued_to_its_text_and_parted_from_its_number_by_a_blank(line: str, heading: str) -> None:
    found = heading_line(line)
    assert (line[: found.end] if found else "") == heading
