"""What the first page of a server waits for: nothing that only few pages need is loaded with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

#: What reads files, draws, writes Office files or checks the API, each of which loads as long as all of a page.
LATER = ("apiflask", "marshmallow", "pydantic", "openpyxl", "docx", "pygal", "lxml.etree", "bs4", "rjieba", "jieba", "pypdf",
         "pypdfium2", "warcio", "corpus.parsing", "corpus.loader", "psutil", "whoosh", "readability", "rapidfuzz",
         "corpus.cleaning", "corpus.kinds", "corpus.encoding", "indexer.compare", "indexer.mixup", "indexer.coverage", "indexer.concordance",
         "indexer.wordings", "webui.routes_report", "webui.morepages")  # fmt: skip


def test_what_few_pages_need_is_not_loaded_with_the_server() -> None:
    program = "import sys, webui.server; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, encoding="utf-8")
    assert set(LATER) & set(done.stdout.split()) == set()


def test_the_first_page_loads_nothing_of_the_others_and_these_answer_when_asked(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from pathlib import Path
from webui.app import create_app, load_all
app = create_app(Path({str(tmp_path)!r}))
client = app.test_client()
print(client.get("/help").status_code, "webui.morepages" in sys.modules)
load_all(app)
print("webui.morepages" in sys.modules, client.get("/wordlists").status_code, client.get("/nowhere").status_code)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, encoding="utf-8")
    assert done.stdout.split("\n") == ["200 False", "True 200 404", ""]
