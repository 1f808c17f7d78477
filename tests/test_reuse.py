"""The reuse map of a report: kinds by what there was in its year, for every engine."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from wordedreports import PLACES, worded_report

from chadang import main
from indexer.building import build
from indexer.errors import ReportNotFound
from indexer.reuse import reuse_map
from indexer.service import open_searcher

ALL = "公开内容与群众需求还有差距，更新不够及时。"
OURS = "我们编制了本地特色的公开目录。"
TWO = "公开平台的检索功能有待改进。"
LATER = "引入了智能问答解读政策文件。"
OLD = "建立了档案移交的公开机制。"
NEW = "首次公布了食堂采购的评价结果。"


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def searcher(request, tmp_path_factory):
    home = tmp_path_factory.mktemp(request.param)
    qingdao, jinan, shinan, enshi = PLACES.values()
    reports = [
        worded_report("q18", *qingdao, 2018, problems=OLD),
        worded_report("q19", *qingdao, 2019, overview="2019年收到申请3件，均已答复。", problems=OURS + ALL),
        worded_report(
            "q20", *qingdao, 2020, overview="2020年收到申请40件，均已答复。\n共3件。",
            problems=f"{ALL}{OURS}\n{TWO}{LATER}\n{OLD}{NEW}",
        ),
        worded_report("j20", *jinan, 2020, problems=ALL + TWO),
        worded_report("s17", *shinan, 2017, problems=f"一是{ALL}"),
        worded_report("e22", *enshi, 2022, problems=f"{LATER}{TWO}"),
        worded_report("j22", *jinan, 2022, problems=f"{ALL}{OURS}"),
    ]  # fmt: skip
    copy = replace(worded_report("q20b", *qingdao, 2020, problems=NEW), same_as=reports[2].report_id)
    build(home, [*reports, copy], corpus_id="c", engine=request.param)
    opened = open_searcher(home)
    yield (
        opened,
        dict(zip(("q18", "q19", "q20", "j20", "s17", "e22", "j22", "copy"), [*reports, copy], strict=True)),
        home,
    )
    opened.close()


def _sentences(found):
    return {s.text: s for p in found.paragraphs for s in p.sentences}


def test_each_sentence_is_of_the_kind_that_its_year_made_it(searcher):
    opened, reports, _ = searcher
    found = reuse_map(opened, reports["q20"].report_id)
    said = _sentences(found)
    assert {text: s.reuse for text, s in said.items()} == {
        "本报告根据信息公开条例编制。": "boilerplate",
        "2020年收到申请40件，均已答复。": "last_year",
        "共3件。": None,
        ALL: "boilerplate",
        OURS: "last_year",
        TWO: "elsewhere",
        LATER: "new",
        OLD: "elsewhere",
        NEW: "new",
    }
    assert found.previous is not None
    assert found.previous.report_id == reports["q19"].report_id
    assert (said[ALL].others, said[ALL].agencies, said[ALL].first_year, said[ALL].earliest) == (4, 3, 2017, 1)
    assert said[ALL].first.report_id == reports["s17"].report_id
    assert said[LATER].others == 1
    assert said[LATER].first.report_id == reports["q20"].report_id
    assert said[NEW].others == 0


def test_shares_are_of_the_characters_of_sentences_that_are_wordings(searcher):
    opened, reports, _ = searcher
    found = reuse_map(opened, reports["q20"].report_id)
    assert found.characters["new"] == len(LATER) + len(NEW)
    assert found.characters["elsewhere"] == len(TWO) + len(OLD)
    assert sum(found.share(kind) for kind in found.characters) == pytest.approx(1)


def test_a_paragraph_is_shared_by_those_who_have_all_of_its_wordings(searcher):
    opened, reports, _ = searcher
    found = {p.text: p for p in reuse_map(opened, reports["q20"].report_id).paragraphs}
    assert found[ALL + OURS].others == 2
    assert found[ALL + OURS].first.report_id == reports["q19"].report_id
    assert found[TWO + LATER].others == 1
    assert found[OLD + NEW].others == 0
    assert found["共3件。"].others == 0


def test_what_a_copy_shares_with_its_original_is_no_reuse(searcher):
    opened, reports, _ = searcher
    assert _sentences(reuse_map(opened, reports["copy"].report_id))[NEW].reuse == "new"


def test_a_report_without_an_earlier_one_and_one_that_is_not_there(searcher):
    opened, reports, _ = searcher
    assert reuse_map(opened, reports["s17"].report_id).previous is None
    with pytest.raises(ReportNotFound):
        reuse_map(opened, "nowhere")


def test_the_command_says_it_in_words_and_json(searcher):
    _, reports, home = searcher
    run = CliRunner().invoke(main, ["--home", str(home), "reuse", reports["q20"].report_id, "--json"])
    shares = json.loads(run.stdout)["shares"]
    assert sum(shares.values()) == pytest.approx(1, abs=0.001)
    run = CliRunner().invoke(main, ["--home", str(home), "--lang", "en", "reuse", reports["q20"].report_id])
    assert "[boilerplate · 4 others · earliest here 2017]" in run.stdout
    run = CliRunner().invoke(main, ["--home", str(home), "reuse", "nowhere"])
    assert run.exit_code == 1
    assert "nowhere" in run.stderr
