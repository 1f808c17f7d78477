"""The same report from two places, and corrected versions: linked, counted once, both kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.copies import is_corrected
from corpus.library import Library
from corpus.loader import load
from corpus.model import Report
from indexer import building
from indexer.results import SearchRequest
from indexer.service import open_searcher

TITLE = "云溪市教育局2012年政府信息公开工作年度报告"
BODY = "一、概述\n全年主动公开政府信息128条，其中通过网站公开96条。\n二、主动公开政府信息情况\n" + "".join(
    f"第{n}类信息通过门户网站和公报向社会公开，方便群众查阅。\n" for n in range(30)
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "home" / "library.db") as library:
        yield library


def put(tmp_path: Path, **texts: str) -> Path:
    folder = tmp_path / "f"
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


def by_name(library: Library) -> dict[str, Report]:
    return {Path(report.sources[0]).stem: report for report in library.reports()}


def test_nearly_the_same_text_of_one_agency_and_year_is_a_copy(library: Library, tmp_path: Path) -> None:
    near = BODY.replace("128条", "一百二十八条") + "（此件公开发布）\n"
    other = BODY.replace("公开", "发布").replace("网站", "报纸").replace("群众", "企业和个人")[: len(BODY) // 2]
    folder = put(tmp_path, a=f"{TITLE}\n{BODY}", b=f"{TITLE}\n{near}", c=f"{TITLE}\n{other}")
    load(library, [folder])
    found = by_name(library)
    linked = {name: report.same_as for name, report in found.items() if report.same_as}
    assert len(linked) == 1
    (copy,) = linked
    assert copy in {"a", "b"}
    assert linked[copy] == found[{"a": "b", "b": "a"}[copy]].report_id
    assert found[copy].provenance["same_as"] == "copy"
    assert library.counts()["copies"] == 1


def test_another_year_or_agency_is_no_copy_however_alike(library: Library, tmp_path: Path) -> None:
    folder = put(
        tmp_path,
        a=f"{TITLE}\n{BODY}",
        b=f"{TITLE.replace('2012', '2013')}\n{BODY}",
        c=f"{TITLE.replace('教育', '财政')}\n{BODY}",
    )
    load(library, [folder])
    assert not any(report.same_as for report in library.reports())


def test_a_corrected_version_counts_and_the_earlier_one_is_kept(library: Library, tmp_path: Path) -> None:
    corrected = BODY.replace("128", "129").replace("第3类", "第三类")
    folder = put(tmp_path, a=f"{TITLE}\n{BODY}", b=f"{TITLE}（更正版）\n{corrected}")
    load(library, [folder])
    found = by_name(library)
    assert (found["a"].same_as, found["b"].same_as) == (found["b"].report_id, "")
    assert found["a"].provenance["same_as"] == "version"


@pytest.mark.parametrize(
    "title",
    [
        "某局年度报告（更正版）",
        "某局年度报告(修订)",
        "【更正】某局年度报告",
        "某局年报勘误版",
        "某局年报[已更正]",
        "某局年度报告（2021年1月修订）",
    ],
)
def test_titles_that_say_they_are_corrected(title: str) -> None:
    assert is_corrected(title)


@pytest.mark.parametrize("title", ["某局关于修订预案的报告", "某局年度报告", "更正登记工作报告"])
def test_titles_that_speak_of_corrections(title: str) -> None:
    assert not is_corrected(title)


def test_when_the_report_that_counts_goes_its_copy_counts(library: Library, tmp_path: Path) -> None:
    folder = put(tmp_path, a=f"{TITLE}\n{BODY}", b=f"{TITLE}\n{BODY}（此件公开发布）\n")
    load(library, [folder])
    (counting,) = (name for name, report in by_name(library).items() if not report.same_as)
    (folder / f"{counting}.txt").unlink()
    load(library, [folder], remove_missing=True)
    assert [report.same_as for report in library.reports()] == [""]


def test_the_links_are_the_same_however_the_files_came(tmp_path: Path) -> None:
    texts = {"a": f"{TITLE}\n{BODY}", "b": f"{TITLE}\n{BODY}（此件公开发布）\n", "c": f"{TITLE}（更正版）\n{BODY}。"}
    folder = put(tmp_path, **texts)
    outcomes = set()
    for number, order in enumerate(("abc", "cba", "bca")):
        with Library(tmp_path / f"{number}.db") as library:
            for name in order:
                load(library, [folder / f"{name}.txt"])
            outcomes.add(tuple(sorted((name, r.same_as) for name, r in by_name(library).items())))
    assert len(outcomes) == 1


def test_searches_count_a_report_once_and_say_what_they_left_out(library: Library, tmp_path: Path) -> None:
    folder = put(tmp_path, a=f"{TITLE}\n{BODY}", b=f"{TITLE}\n{BODY}（此件公开发布）\n")
    load(library, [folder])
    building.update(tmp_path / "home")
    searcher = open_searcher(tmp_path / "home")
    try:
        once = searcher.search(SearchRequest('"门户网站和公报"'))
        every = searcher.search(SearchRequest('"门户网站和公报"', copies="all"))
    finally:
        searcher.close()
    assert (once.reports, once.sections, once.copies) == (1, 1, 1)
    assert (every.reports, every.sections, every.copies) == (2, 2, 0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("青岛市四方区", "青岛市四方区人民政府办公室"),
        ("青岛市人力资源和社会保障局", "青岛人社局"),
        ("沭阳县扎下镇", "沭阳县扎下镇人民政府"),
        ("市南区教育局", "青岛市市南区教育局"),
    ],
)
def test_an_agency_spelt_otherwise_is_the_same(library: Library, tmp_path: Path, first: str, second: str) -> None:
    title = "2010年政府信息公开工作年度报告"
    load(library, [put(tmp_path, a=f"{first}{title}\n{BODY}", b=f"{second}{title}\n{BODY}（此件公开发布）\n")])
    assert sum(bool(report.same_as) for report in library.reports()) == 1


def test_offices_of_one_department_side_by_side_are_not_the_same(library: Library, tmp_path: Path) -> None:
    title = "2010年政府信息公开工作年度报告"
    places = ("青岛市工商行政管理局", "青岛市质量技术监督局", "青岛市市南区质量技术监督局", "即墨市质量技术监督局")
    load(library, [put(tmp_path, **{f"n{n}": f"{name}{title}\n{BODY}" for n, name in enumerate(places)})])
    assert not any(report.same_as for report in library.reports())


def test_a_note_above_the_first_part_says_that_a_version_is_corrected(library: Library, tmp_path: Path) -> None:
    note = "更正说明：因统计口径调整，现对原报告数据作如下更正。\n"
    folder = put(tmp_path, a=f"{TITLE}\n{BODY}", b=f"{TITLE}\n{note}{BODY.replace('128', '129')}")
    load(library, [folder])
    found = by_name(library)
    assert (found["a"].same_as, found["b"].same_as) == (found["b"].report_id, "")
    assert found["a"].provenance["same_as"] == "version"


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_another_file_of_the_same_text_adds_what_it_says_beside_it(
    library: Library, tmp_path: Path, order: str
) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    head = "<meta charset=utf-8><meta name=PubDate content='2011-01-30'><meta name=Url content='https://www.a.example/1.html'>"
    lines = "".join(f"<p>{line}</p>" for line in f"{TITLE}\n{BODY}".strip().split("\n"))
    files = {
        "a": ("a.txt", f"{TITLE}\n{BODY}"),
        "b": ("b.html", f"<html><head>{head}</head><body><div id=zoom>{lines}</div></body></html>"),
    }
    for name in order:  # in two loads, one file each
        (folder / files[name][0]).write_text(files[name][1], "utf-8")
        load(library, [folder])
    (report,) = library.reports()
    assert len(report.sources) == 2
    assert report.published_on == "2011-01-30"
    assert report.provenance["published_on"] == ("copy" if order == "ab" else "meta:pubdate")
    before = library.states()
    load(library, [folder])
    assert library.states() == before
