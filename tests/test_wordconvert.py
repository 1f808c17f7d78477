"""DOC through LibreOffice: what is read, what is killed, what is said where it isn't installed."""

from __future__ import annotations

import importlib.util
import os
import resource
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mutations import FORMATS

from corpus import wordconvert
from corpus.errors import UnreadableFile
from corpus.library import Library
from corpus.loader import load
from corpus.parsing import read
from corpus.sniff import suffix_of

HAVE = wordconvert.find_office()
needs_office = pytest.mark.skipif(
    not HAVE and not os.environ.get("CI"), reason="DOC TESTS NOT RUN: LibreOffice (soffice) isn't installed"
)
RTF = (
    r"{\rtf1\ansi\ansicpg936\uc0\pard\outlinelevel0 \u19968\u12289\u24635\u20917\par\pard \u20840\u24180 5 \u20214\u12290\par"
    r"\trowd\cellx2000\cellx4000\pard\intbl \u39033\cell \u25968\cell\row\pard \par}"
)


def program(folder, lines: str) -> str:
    """A program that stands in for LibreOffice."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@needs_office
def test_a_doc_made_by_office_is_read():
    if not HAVE:
        pytest.fail("LibreOffice (soffice) isn't installed")
    doc = wordconvert.converted(RTF.encode("ascii"), "doc")
    assert suffix_of(doc, ".bin") == ".doc"
    if importlib.util.find_spec("corpus.docxreader") is None:
        pytest.skip("DOC IS NOT READ YET: corpus/docxreader.py isn't there")
    texts = [block.text for block in read(doc, ".wps").blocks]
    assert texts == ["一、总况", "全年5 件。", "项 | 数"]


@needs_office
def test_several_are_converted_at_once_each_in_a_profile_of_its_own(tmp_path):
    if not HAVE:
        pytest.fail("LibreOffice (soffice) isn't installed")
    folder = tmp_path / "in"
    folder.mkdir()
    whole = (FORMATS / "report.doc").read_bytes()
    for name in ("a.doc", "b.wps", "c.wpt"):  # WPS Writer's own files are of DOC's format
        (folder / name).write_bytes(whole)
    (folder / "torn.doc").write_bytes(whole[:3_000])
    with Library(tmp_path / "library.db") as library:
        summary = load(library, [folder], workers=2)
        (report,) = library.reports()
    assert sorted(Path(source).name for source in report.sources) == ["a.doc", "b.wps", "c.wpt"]
    assert any(section.form == "table" for section in report.sections)
    assert ["save as DOCX" in failure.reason_en for failure in summary.failed] == [True]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_a_load_lists_what_libreoffice_fails_on_and_takes_the_rest(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    program(tmp_path / "bin", "exit 77")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.doc").write_bytes((FORMATS / "report.doc").read_bytes())
    (folder / "b.docx").write_bytes((FORMATS / "report.docx").read_bytes())
    with Library(tmp_path / "library.db") as library:
        summary = load(library, [folder], workers=2)
    assert summary.added == 1
    assert [("a.doc" in failure.source, failure.reason_zh) for failure in summary.failed] == [
        (True, "LibreOffice 无法转换这个文件，可能已损坏或有密码；请用 WPS 或 Word 另存为 DOCX 后重新导入")
    ]


@needs_office
@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_it_works_within_the_limits_of_a_worker():
    if not HAVE:
        pytest.fail("LibreOffice (soffice) isn't installed")
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, resource.getrlimit(resource.RLIMIT_AS)[1]));"
        f"from corpus.wordconvert import converted; print(len(converted({RTF.encode('ascii')!r})))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=90)
    assert int(done.stdout) > 1000


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_what_hangs_is_killed_with_all_that_it_started(tmp_path):
    fake = program(tmp_path, f"(sleep 600 & echo $! > {tmp_path}/pid; wait)")
    with pytest.raises(UnreadableFile, match="save as DOCX"):
        wordconvert.converted(b"x", office=fake, seconds=1.0)
    child = int((tmp_path / "pid").read_text())
    for _ in range(100):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        if (state := open(f"/proc/{child}/stat").read().split()[2]) == "Z":  # noqa: PTH123, SIM115
            return
        time.sleep(0.05)
    pytest.fail(f"the child is alive ({state})")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_the_child_has_a_private_profile_without_macros_and_limits_of_its_own(tmp_path):
    fake = program(
        tmp_path, f'ulimit -t > {tmp_path}/cpu; cp -r "$HOME/profile" {tmp_path}/kept; echo "$@" > {tmp_path}/said'
    )
    soft = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(UnreadableFile, match="can't convert"):
        wordconvert.converted(b"x", office=fake)
    assert resource.getrlimit(resource.RLIMIT_AS) == soft
    assert int((tmp_path / "cpu").read_text()) <= 60
    profile = (tmp_path / "kept/user/registrymodifications.xcu").read_text(encoding="utf-8")
    assert '"MacroSecurityLevel" oor:op="fuse"><value>3<' in profile
    said = (tmp_path / "said").read_text()
    assert "-env:UserInstallation=file://" in said
    assert "--headless --norestore" in said


def test_without_libreoffice_it_says_to_save_as_docx(monkeypatch):
    monkeypatch.setattr(wordconvert, "find_office", lambda: "")
    with pytest.raises(UnreadableFile) as failure:
        wordconvert.converted(b"x")
    assert "另存为 DOCX" in failure.value.zh
    assert "save as DOCX" in failure.value.en
