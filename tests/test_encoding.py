"""Bytes to text: each encoding under each declaration, broken bytes, mojibake, what is no text."""

from __future__ import annotations

import importlib.util
import random
import sys
from collections import Counter
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import ROOT, need_shared

from corpus.encoding import Decoded, decode
from corpus.errors import UnreadableFile
from corpus.plausibility import mean_surprise

PROSE = (
    "青山市教育局认真贯彻落实政府信息公开条例，全年通过门户网站主动公开信息一百二十三条，"
    "受理公众依申请公开四十五件，均已按期答复，没有发生行政复议和行政诉讼。"
)
TABLE = (
    "项目\t2019年\t2020年\n主动公开(条)\t123\t145\n依申请公开(件)\t4\t7\n行政复议(件)\t0\t1\n"
    "咨询电话：0532-1234567，网址 www.example，共３页\n"
)
TRADITIONAL = (
    "青山市教育局認真貫徹落實政府信息公開條例，全年通過門戶網站主動公開信息一百二十三條，"
    "受理公眾依申請公開四十五件，均已按期答覆，沒有發生行政復議和行政訴訟。"
)
NAMES = PROSE + "参加人员：朱镕基、李喆、王玥、陈赟、张翀、刘堃、赵𬭸、孙䶮、周㛃、吴犇。"
SIMPLE = [PROSE, TABLE, NAMES]
DECLARED = ["", "utf-8", "gb2312", "GBK", "gb18030", "big5", "iso-8859-1", "windows-1252", "utf-16", "nonsense"]
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("text", [*SIMPLE, TRADITIONAL], ids=["prose", "table", "names", "traditional"])
def test_unicode_and_gb_come_back_under_every_declaration(text: str, declared: str) -> None:
    for encoding in [*UNICODE, "gb18030"]:
        assert decode(text.encode(encoding), declared).text == text, encoding
    common = text.encode("gbk", "ignore").decode("gbk")
    found = decode(common.encode("gbk"), declared)
    assert (found.text, found.encoding, found.doubts) == (common, "gb18030", ())


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("encoding", ["big5", "cp950", "big5hkscs"])
def test_big5_comes_back_under_every_declaration(encoding: str, declared: str) -> None:
    found = decode(TRADITIONAL.encode(encoding), declared)
    assert (found.text, found.encoding, found.doubts) == (TRADITIONAL, "big5", ())


def test_big5_is_read_as_windows_writes_it_and_with_the_characters_of_hong_kong() -> None:
    windows = TRADITIONAL + "九～十月／共￥5萬元"
    assert decode(windows.encode("cp950")).text == windows
    hongkong = TRADITIONAL + "二〇一〇年，深水埗、鰂魚涌，①概述②情況"
    assert decode(hongkong.encode("big5hkscs")).text == hongkong


@pytest.mark.parametrize(
    ("written", "encoding"),
    [("•概述", "big5"), ("•概述", "big5hkscs"), ("約翰‧甘迺迪", "cp950"), ("①概述", "big5hkscs"), ("い", "cp950")],
)
def test_a_code_that_the_tables_of_big5_read_otherwise_as_plausibly_is_flagged(written: str, encoding: str) -> None:
    assert decode((TRADITIONAL + written).encode(encoding), "big5").doubts == ("encoding_guessed",)


def test_big5_that_its_tables_read_alike_or_one_far_better_is_not_flagged() -> None:
    for text in (TRADITIONAL + "九～十月／共￥5萬元，約翰·甘迺迪", TRADITIONAL):
        assert decode(text.encode("cp950"), "big5").doubts == ()
    hongkong = TRADITIONAL + "①概述②情況③其他④附件"
    assert decode(hongkong.encode("big5hkscs")) == Decoded(hongkong, "big5")


COMMON = st.sampled_from(sorted(set(PROSE + TABLE + NAMES)))


@settings(max_examples=150, deadline=None)
@given(st.text(COMMON, min_size=60, max_size=120), st.sampled_from([*UNICODE, "gb18030"]), st.sampled_from(DECLARED))
def test_a_text_of_common_characters_comes_back_or_is_flagged(text: str, encoding: str, declared: str) -> None:
    found = decode(text.encode(encoding), declared)
    assert found.text == text or found.doubts


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(DECLARED))
def test_any_bytes_are_text_or_refused(body: bytes, declared: str) -> None:
    try:
        assert isinstance(decode(body, declared), Decoded)
    except UnreadableFile as error:
        assert error.zh
        assert error.en


def test_utf16_of_plain_ascii_is_told_without_a_mark() -> None:
    text = "Report 2010\nTotal: 123 items, 45 requests, no review.\n" * 2
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode(text.encode(encoding), "utf-8").text == text
    assert decode(text.encode(), "big5") == Decoded(text, "utf-8")
    assert decode(b"") == Decoded("", "utf-8")


def test_a_mark_rules_even_against_the_declaration() -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert decode(PROSE.encode(encoding), "gb2312").text == PROSE
    assert decode(b"\xef\xbb\xbf" + PROSE.encode("gbk")).text == PROSE  # a mark set before what was GBK


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16", "utf-16-le"])
def test_a_file_cut_within_a_character_is_read_and_flagged(encoding: str) -> None:
    found = decode((TRADITIONAL + "完").encode(encoding)[:-1])
    assert found.text == TRADITIONAL + "\ufffd"
    assert "broken_bytes" in found.doubts
    assert "\ufffd" in found.excerpt


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_stray_bytes_are_flagged_and_the_rest_is_right(encoding: str) -> None:
    lines = [f"{number}、{PROSE}{PROSE}\n".encode(encoding) for number in range(20)]
    found = decode(b"\xff".join(lines), "big5")
    assert found.doubts == ("broken_bytes",)
    assert found.text.count(PROSE) == 40


def test_a_lost_byte_that_shifts_a_line_is_flagged() -> None:
    good = f"{PROSE}\n".encode("gbk") * 10
    shifted = PROSE.encode("gbk")[1:-1] + b"\n"
    assert "mojibake" in decode(good + shifted + good).doubts


@pytest.mark.parametrize(("most", "part"), [("gbk", "utf-8"), ("utf-8", "gbk")])
@pytest.mark.parametrize("lines", [1, 10])
def test_a_line_in_another_encoding_is_read_and_flagged(most: str, part: str, lines: int) -> None:
    text = f"{PROSE}\n" * lines
    found = decode(text.encode(most) + "附件：统计表说明与要求\n".encode(part) + text.encode(most))
    assert found.text == f"{text}附件：统计表说明与要求\n{text}"
    assert found.doubts == ("encoding_guessed",)


def test_a_part_of_a_line_in_another_encoding_is_flagged() -> None:
    page = f"{PROSE}\n".encode("gbk") * 10 + PROSE.encode("gbk") + PROSE.encode()
    assert set(decode(page).doubts) & {"mojibake", "broken_bytes"}


def test_utf8_of_scripts_with_two_bytes_a_letter_is_no_gbk() -> None:
    for text in ("ھۆكۈمەت ئۇچۇرلىرىنى ئاشكارىلاش", "Раскрытие информации правительства"):
        assert decode(text.encode(), "gbk") == Decoded(text, "utf-8")
    assert decode("联通公司的网站".encode("gbk")).text == "联通公司的网站"
    assert decode("联通".encode("gbk"), "gbk").text == "联通"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_nuls_at_the_end_are_no_text(encoding: str) -> None:
    for text in (PROSE, f"{PROSE}\n"):
        assert decode(text.encode(encoding) + bytes(4096)).text == text


@pytest.mark.parametrize(
    ("was", "read_as"),
    [("utf-8", "gb18030"), ("utf-8", "latin-1"), ("gbk", "latin-1"), ("utf-8", "big5hkscs")],
)
def test_text_that_was_decoded_wrongly_before_is_flagged(was: str, read_as: str) -> None:
    wrong = PROSE.encode(was).decode(read_as, "replace").replace("\ufffd", "?")
    found = decode(f"{PROSE}\n{wrong}\n{PROSE}".encode())
    assert "mojibake" in found.doubts
    assert found.excerpt
    assert found.excerpt[:3] in wrong


@pytest.mark.parametrize("lost", ["锟斤拷锟斤拷", "烫烫烫烫", "屯屯屯"])
def test_what_was_lost_for_good_is_flagged(lost: str) -> None:
    assert decode(f"{PROSE}{lost}{PROSE}".encode()).doubts == ("mojibake",)


@pytest.mark.parametrize(
    "text", [PROSE, TABLE, NAMES, TRADITIONAL, PROSE + "屯昌县防烫伤，横浜路，café ÷ £5，Ångström，㎝，沙家浜"]
)
def test_clean_text_is_not_called_mojibake(text: str) -> None:
    assert decode(text.encode()).doubts == ()


def test_private_use_characters_are_a_doubt_not_a_failure() -> None:
    text = PROSE + "\ue000"
    for encoding in ("utf-8", "gb18030"):
        found = decode(text.encode(encoding))
        assert (found.text, found.doubts, found.excerpt) == (text, ("private_use",), "\ue000")


@pytest.mark.parametrize("seed", range(5))
def test_binary_data_is_refused(seed: int) -> None:
    noise = random.Random(seed).randbytes(3000)
    for body in (noise, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + noise, b"PK\x03\x04" + noise, noise * 100):
        with pytest.raises(UnreadableFile):
            decode(body)


def test_a_long_text_is_told_by_its_samples_and_read_whole() -> None:
    text = "<p>plain ascii first</p>\n" * 8000 + f"{PROSE}\n" * 2000
    for encoding in ("gb18030", "utf-16-le"):
        assert decode(text.encode(encoding), "big5") == Decoded(text, encoding)


def test_chinese_is_less_surprising_than_the_same_bytes_read_wrongly() -> None:
    for text in (PROSE, TRADITIONAL, TABLE):
        assert mean_surprise(text) < 12
    assert mean_surprise(PROSE.encode().decode("gb18030", "replace")) > 16
    assert mean_surprise("plain") == 0


@pytest.mark.data
def test_real_texts_come_back_under_every_declaration() -> None:
    need_shared()
    script = _script()
    outcomes: dict[tuple[str, str], Counter[bool]] = {}
    silent = 0
    done = list(script.trials(script.sources(), 5, 7))
    for trial in done:
        exact = trial.outcome in {"exact", "exact, doubted"}
        silent += trial.outcome == "silent"
        for row in (trial.encoding, "encoding"), (trial.declared, "declared"), (trial.source, "source"):
            outcomes.setdefault(row, Counter())[exact] += 1
    assert len(done) > 10_000
    assert {row: count for row, count in outcomes.items() if count[True] < 0.99 * count.total()} == {}
    assert silent == 0


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("encodings_script", ROOT / "scripts" / "encodings.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("encoding", ["hz", "utf-7"])
@pytest.mark.parametrize("declared", [None, "", "utf-8", "gb2312"])
def test_seven_bits_are_read_and_flagged_unless_the_file_names_them(encoding: str, declared: str | None) -> None:
    page = f"<html><body><p>{PROSE}</p><a href='a+b.html?x=1'>+</a></body></html>"
    found = decode(page.encode(encoding), encoding if declared is None else declared)
    assert (found.text, found.encoding) == (page, encoding)
    assert found.doubts == (() if declared is None else ("encoding_guessed",))


@pytest.mark.parametrize(
    "text",
    ["x = a + b; // ~{name~} is +ABCabcDEF/abc012+xyz", "https://a.example/?q=+5Y2X5Lqs5aSn5a2m+abc", "~{~} ~~ ~{ab"],
)
def test_signs_that_look_like_seven_bits_are_plain_text(text: str) -> None:
    assert decode(text.encode()) == Decoded(text, "utf-8")


def test_mail_in_iso_2022_says_what_to_do() -> None:
    with pytest.raises(UnreadableFile, match="ISO-2022"):
        decode(b"\x1b$)A\x0eVPND\x0f plain")


def test_a_page_of_one_line_may_be_of_two_encodings() -> None:
    said = "2021年，我局认真落实条例要求，扎实推进政务公开各项工作，现将有关情况报告如下。"
    page = f"<p>{said}</p>".encode() * 3 + "<p>附件下载：统计表</p>".encode("gbk")
    read = decode(page)
    assert read.text == f"<p>{said}</p>" * 3 + "<p>附件下载：统计表</p>"
    assert "encoding_guessed" in read.doubts
    # Sentences of an even number of bytes can be read as GBK, too.
    even = "<p>政府信息公开工作年度报告</p>".encode() * 9 + "<p>附件下载：统计表</p>".encode("gbk")
    assert even.decode("gb18030")
    assert decode(even).text == "<p>政府信息公开工作年度报告</p>" * 9 + "<p>附件下载：统计表</p>"
    # A byte that was lost makes no GBK of the sentence around it.
    torn = said.encode() * 5
    read = decode(torn[:100] + torn[101:])
    assert read.text.replace("\ufffd", "").startswith(said[:20]) and read.text.endswith(said)
    assert read.doubts == ("broken_bytes",)
