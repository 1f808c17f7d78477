"""A hostile page that was kept, opened in a real Chromium: it is seen, runs nothing and asks nothing of anyone."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from test_browser_axe import AXE, checked, violations  # noqa: F401 - fixtures
from test_browser_pages import chromium, pytestmark, serving  # noqa: F401 - fixtures
from test_page_original import BODY, EVIL, built


@pytest.fixture(scope="module")
def elsewhere():
    """Another origin, and what it is asked."""
    asked = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.fixture(scope="module")
def place(tmp_path_factory, elsewhere):
    folder = tmp_path_factory.mktemp("original")
    evil = EVIL.replace("https://evil.example", elsewhere[0])
    link = f'<p><a href="{elsewhere[0]}/click" id="out">点我</a></p>'
    _, ids = built(folder, {"a.html": evil + link + BODY, "b.txt": "云溪市乙局2011年年度报告\n一、概述\n公开12条。\n"})
    with serving(folder / "home") as url:
        yield url, {name.rpartition("/")[2]: report_id for name, report_id in ids.items()}


def test_a_hostile_original_is_seen_and_does_nothing(chromium, place, elsewhere):  # noqa: F811
    url, ids = place
    evil, asked = elsewhere
    context = chromium.new_context()
    page = context.new_page()
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message) or dialog.dismiss())
    page.goto(f"{evil}/reachable")
    assert asked == ["/reachable", "/favicon.ico"][: len(asked)], "the other origin would hear"
    page.wait_for_timeout(500)  # the browser asks for the icon of that page when it likes
    asked.clear()
    page.goto(f"{url}/report/{ids['a.html']}/original", wait_until="load")
    frame = page.frame_locator("iframe")
    assert frame.locator("h1").inner_text().startswith("云溪市林业局2019年")
    title = page.title()
    frame.locator("#out").click(no_wait_after=True)
    page.wait_for_timeout(800)
    assert set(asked) <= {"/favicon.ico"}, "neither by itself nor by a click inside the frame"
    assert (dialogs, page.title()) == ([], title)
    assert page.url.startswith(url)
    # By its own address it is in the same sandbox.
    page.goto(f"{url}/report/{ids['a.html']}/raw?as=page", wait_until="load")
    page.wait_for_timeout(500)
    assert dialogs == []
    assert set(asked) <= {"/favicon.ico"}  # of the page that was opened on purpose: who leads there asks for more
    context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_page_violates_nothing(checked, place, scheme, lang):  # noqa: F811
    url, ids = place
    found = []
    for width in (360, 1440):
        page = checked(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.goto(f"{url}/report/{ids['b.txt']}/original?lang={lang}")
        found += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.goto(f"{url}/report/0123456789abcdef/original?lang={lang}")
        found += violations(page)
    assert found == []
