"""The mix-up check of a draft: wording of others with its sources, whose draft it is, files of any format."""

from __future__ import annotations

import json
import zipfile

import pytest
from click.testing import CliRunner
from docx import Document
from samples import SAMPLES
from strategies import Part, build_report

from chadang import main
from corpus.draft import draft_of_file, draft_of_text, text_of
from corpus.errors import UnreadableFile
from corpus.workers import Pool
from indexer.building import build
from indexer.errors import QueryRejected
from indexer.mixup import MOST_CHARACTERS, Own, check, own_of
from indexer.service import open_searcher

SENTENCE = "依申请公开答复的规范化水平还需要进一步加以提高。"
PARAGRAPH = "全年通过门户网站公开本部门规范性文件十二件，同步发布解读材料九件，在线访谈两期，回应群众关切问题三十一个，满意率为百分之九十八。"
PAIR = "重大决策预公开目录由办公室每季度更新一次。年度公开要点由各科室对照清单逐项落实。"
DRAFT = f"""青岛市财政局2024年政府信息公开工作年度报告
一、总体情况
2023年度，济南市教育局主动公开信息。{SENTENCE}
{PARAGRAPH.replace("十二", "十五")}
"""


def report(name, agency, region, year, *paragraphs):
    parts = [Part("", (), 0, "preface"), Part("一、总体情况", paragraphs, 1, "overview")]
    title = f"{agency}{year}年政府信息公开工作年度报告"
    return build_report(name, title, parts, agency=agency, region=region, year=year, published_on=f"{year + 1}-01-30")


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def home(request, tmp_path_factory):
    if request.param == "tantivy":
        pytest.importorskip("tantivy", reason="tantivy has no wheel for this machine; Whoosh serves there")
    made = tmp_path_factory.mktemp(request.param)
    reports = [
        report("a", "济南市财政局", "370100", 2021, SENTENCE, PARAGRAPH, PAIR),
        report(
            "b",
            "烟台市财政局",
            "370600",
            2019,
            f"本局认真工作。{SENTENCE}",
            "烟台市财政局收到公开申请12件，均已在期限内答复申请人。",
        ),
        report("c", "青岛市财政局", "370200", 2023, SENTENCE, PARAGRAPH),
    ]
    build(made, reports, corpus_id="test", engine=request.param)
    return made


@pytest.fixture(scope="module")
def searcher(home):
    opened = open_searcher(home)
    yield opened
    opened.close()


def checked(searcher, text=DRAFT, **own):
    draft = draft_of_text(text)
    return check(searcher, draft, own_of(draft, **own), seconds=60)


def test_whose_draft_it_is_is_read_from_it_and_what_is_given_goes_before():
    draft = draft_of_text(DRAFT)
    assert own_of(draft) == Own("青岛市财政局", "370200", 2024)
    assert own_of(draft, "济南市财政局", "济南市", 2022) == Own("济南市财政局", "370100", 2022)
    with pytest.raises(QueryRejected):
        own_of(draft, region="无此地")


def test_names_and_years_of_others_are_found_with_their_place(searcher):
    found = checked(searcher)
    assert [(each.kind, each.text, each.sure) for each in found.names] == [
        ("year", "2023年", True),
        ("agency", "济南市教育局", True),
    ]
    assert all(found.paragraphs[each.paragraph][slice(*each.span)] == each.text for each in found.names)


def test_a_sentence_of_others_is_found_with_the_earliest_first_and_the_own_reports_left_out(searcher):
    (sentence,) = [each for each in checked(searcher).shared if each.text == SENTENCE]
    assert (sentence.text, sentence.reports, sentence.agencies) == (SENTENCE, 2, 2)
    assert [source.agency for source in sentence.sources] == ["烟台市财政局", "济南市财政局"]


def test_a_sentence_with_other_figures_and_its_own_names_is_the_same_wording(searcher):
    draft = DRAFT.replace(SENTENCE, "青岛市财政局收到公开申请4567件，均已在期限内答复申请人。")
    (found,) = [each for each in checked(searcher, draft).shared if "收到公开申请" in each.text]
    assert (found.reports, found.sources[0].agency) == (1, "烟台市财政局")
    assert found.sources[0].similarity < 100


def test_sentences_that_follow_each_other_in_one_report_are_one_finding(searcher):
    draft = DRAFT.replace(SENTENCE, PAIR)
    (found,) = [each for each in checked(searcher, draft).shared if "预公开" in each.text]
    assert found.text.endswith("逐项落实。")
    assert (found.reports, [source.agency for source in found.sources]) == (1, ["济南市财政局"])


def test_a_paragraph_with_other_words_is_found_as_nearly_the_same(searcher):
    (near,) = [each for each in checked(searcher, DRAFT.replace("门户网站", "官方网站")).shared if not each.reports]
    assert near.sources[0].agency == "济南市财政局"
    assert 90 < near.sources[0].similarity < 100


def test_a_draft_of_one_s_own_words_has_no_finding(searcher):
    found = checked(
        searcher, "青岛市财政局2024年政府信息公开工作年度报告\n一、总体情况\n今年新办了财政资金直达查询的窗口。"
    )
    assert (found.names, found.shared, found.complete) == ((), (), True)


def test_when_time_runs_out_names_are_there_and_the_rest_is_said(searcher):
    draft = draft_of_text(DRAFT)
    found = check(searcher, draft, own_of(draft), seconds=-1)
    assert len(found.names) == 2
    assert not found.complete


def test_a_draft_that_is_too_long_is_refused(searcher):
    with pytest.raises(QueryRejected):
        checked(searcher, "公开信息。\n" * (MOST_CHARACTERS // 4))


def test_a_file_of_another_format_is_read_and_a_folder_of_reports_is_none(tmp_path):
    word = Document()
    for line in DRAFT.splitlines():
        word.add_paragraph(line)
    word.save(tmp_path / "文稿.docx")
    assert SENTENCE in text_of(draft_of_file(tmp_path / "文稿.docx"))
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "empty.txt").write_bytes(b"")
    for name in ("bad.pdf", "empty.txt", "missing.txt"):
        with pytest.raises(UnreadableFile):
            draft_of_file(tmp_path / name)
    table = next(SAMPLES.rglob("*.csv"), None)
    if table is not None:
        with pytest.raises(UnreadableFile):
            draft_of_file(table)


def test_an_archive_is_not_read_to_its_end_to_be_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(3_000):
            archive.writestr(f"{number}.txt", f"{number}年报告。")
    seen = []
    real = Pool.results

    def counted(self, tasks):
        for each in real(self, tasks):
            seen.append(each)
            yield each

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Pool, "results", counted)
        with pytest.raises(UnreadableFile, match="several reports"):
            draft_of_file(tmp_path / "many.zip")
    assert len(seen) < 10


def run(home, *arguments, stdin=None):
    return CliRunner().invoke(main, ["--home", str(home), *arguments], input=stdin)


def test_the_command_prints_words_and_json(home, tmp_path):
    file = tmp_path / "稿.txt"
    file.write_text(DRAFT, "utf-8")
    words = run(home, "check", str(file))
    assert "【济南市教育局】" in words.stdout
    assert "2 个别的机关的 2 份报告用同一表述" in words.stdout
    english = run(home, "--lang", "en", "check", "-", stdin=DRAFT)
    assert "another agency" in english.stdout
    printed = json.loads(run(home, "check", str(file), "--json").stdout)
    assert [each["kind"] for each in printed["names"]] == ["year", "agency"]
    assert printed["shared"][0]["sources"][0]["title"].startswith("烟台市")
    missing = run(home, "check", str(tmp_path / "none.txt"))
    assert missing.exit_code == 1
    assert "none.txt；请检查路径" in missing.stderr
    assert "--agency、--region、--year" in run(home, "check", "-", stdin="没有写明是谁的一段话。").stdout
    assert "--agency" not in words.stdout
    assert run(home, "check", str(file), "--region", "无此地").exit_code == 1
    assert (
        run(home, "check", str(file), "--year", "2022", "--agency", "济南市财政局", "--region", "济南市").exit_code == 0
    )
