"""Wrong use of the command line in both languages, and commands in messages that work as they stand."""

from __future__ import annotations

import re
import shlex

import pytest
from click.testing import CliRunner
from test_page_world import build_samples

from chadang import main
from corpus.cli import at_home, bare_home, program
from indexer.deadline import too_slow
from indexer.service import Searcher


def said(*args, **env):
    return CliRunner().invoke(main, [str(arg) for arg in args], env=env)


@pytest.mark.parametrize(
    ("args", "chinese", "english"),
    [
        (["serch", "x"], "没有命令“serch”", "No such command"),
        (["--nope"], "没有选项 --nope", "No such option"),
        (["search"], "缺少参数 QUERY", "Missing argument"),
        (["saved", "foo"], "没有命令“foo”", "No such command"),
        (["search", "a", "b"], "多出了参数：b", "unexpected extra argument"),
        (["search", "x", "--filter"], "选项 --filter 后面缺少值", "requires an argument"),
        (["search", "x", "--page", "abc"], "--page 的值无效：“abc”不是数字", "not a valid integer"),
        (["search", "x", "--match", "foo"], "“foo”不是 'auto'", "is not one of"),
        (["serve", "--port", "99999999"], "不在 1<=x<=65535 的范围内", "not in the range"),
    ],
)
def test_wrong_use_is_said_in_chinese_with_english_beside_it(args, chinese, english):
    answer = said(*args)
    assert answer.exit_code == 2
    assert answer.output.splitlines()[-1].startswith("错误：")
    assert chinese in answer.output
    assert english in answer.output
    for asked in ([*("--lang", "en"), *args], args):
        in_english = said(*asked, **({} if asked is not args else {"CHADANG_LANG": "en"}))
        assert (in_english.exit_code, re.search("[一-鿿]", in_english.output)) == (2, None)


def test_a_group_without_a_command_still_shows_its_help():
    assert "rename" in said("saved").output
    assert "错误" not in said("saved").output


def test_commands_in_messages_name_the_home_folder_that_was_given(tmp_path):
    home = tmp_path / "a home"
    answer = said("--home", home, "search", "x")
    assert answer.exit_code == 1
    suggested = re.search(r"运行 (chadang --home .*? index)$", answer.output.strip())
    assert shlex.split(suggested[1]) == ["chadang", "--home", str(home), "index"]
    # Where a bare command would take the same folder, it stays bare.
    assert "运行 chadang index" in said("search", "x", CHADANG_HOME=str(home)).output


def test_only_commands_of_ours_get_a_home_folder(tmp_path):
    assert at_home("见 /opt/chadang index，或 chadang-index", tmp_path) == "见 /opt/chadang index，或 chadang-index"
    assert at_home("（chadang status）", tmp_path) == f"（chadang --home {tmp_path} status）"
    assert at_home("chadang status", bare_home()) == "chadang status"
    assert program(bare_home()) == ["chadang"]


def test_a_search_that_takes_too_long_says_how_to_wait_longer(tmp_path, monkeypatch):
    home = build_samples(tmp_path)
    assert said("--home", home, "search", "公开", "--timeout", "5").exit_code == 0

    def slow(searcher, _):
        assert searcher.limits.seconds == 0.5
        raise too_slow()

    monkeypatch.setattr(Searcher, "search", slow)
    answer = said("--home", home, "search", "公开", "--timeout", "0.5")
    assert answer.exit_code == 1
    assert "--timeout 秒数（现为 0.5）" in answer.output
