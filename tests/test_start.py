"""What the first page of a server waits for: nothing that only few pages need is loaded with it."""

from __future__ import annotations

import subprocess
import sys

#: What reads files, draws, writes Office files or checks the API, each of which loads as long as all of a page.
LATER = ("apiflask", "marshmallow", "pydantic", "openpyxl", "docx", "pygal", "lxml.etree", "bs4", "rjieba", "jieba", "pypdf",
         "pypdfium2", "warcio", "corpus.parsing", "corpus.loader", "psutil", "whoosh", "readability")  # fmt: skip


def test_what_few_pages_need_is_not_loaded_with_the_server() -> None:
    program = "import sys, webui.server; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, encoding="utf-8")
    assert set(LATER) & set(done.stdout.split()) == set()
