"""Serving: on this computer only, on a free port, and the commands that do it."""

from __future__ import annotations

import socket
import threading
import urllib.request

import pytest
from click.testing import CliRunner
from test_page_world import build_samples

from corpus.cli import Settings
from corpus.library import SCHEMA_VERSION
from webui import commands, server
from webui.errors import PortBusy


def test_a_busy_port_is_passed_over_but_an_explicit_one_is_an_error():
    with server.listen(None) as first, server.listen(None) as second:
        ports = {sock.getsockname() for sock in (first, second)}
        assert len(ports) == 2
        assert {host for host, _ in ports} == {"127.0.0.1"}
        with pytest.raises(PortBusy) as caught:
            server.listen(first.getsockname()[1])
    assert "--port" in caught.value.text("zh")
    assert "--port" in caught.value.text("en")


def test_a_real_server_answers(tmp_path):
    build_samples(tmp_path)
    told = threading.Event()
    addresses = []

    def ready(address):
        addresses.append(address)
        told.set()

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    thread = threading.Thread(target=server.serve, args=(tmp_path, port, False), kwargs={"ready": ready}, daemon=True)
    thread.start()
    assert told.wait(20)
    assert addresses == [f"http://127.0.0.1:{port}/"]
    with urllib.request.urlopen(addresses[0], timeout=20) as answer:  # noqa: S310 - our own address
        assert answer.status == 200
        assert answer.headers["Content-Security-Policy"]
        assert "waitress" not in str(answer.headers).lower()


@pytest.fixture
def served(monkeypatch):
    calls = []

    def serve(home, port, open_browser, *, ready):
        calls.append((home, port, open_browser))
        ready("http://127.0.0.1:1/")

    monkeypatch.setattr(server, "serve", serve)
    return calls


def run(command, tmp_path, *args, lang="zh"):
    return CliRunner().invoke(command, args, obj=Settings(tmp_path, lang))


def test_serve_serves_the_home_and_opens_no_browser_unasked(tmp_path, served):
    result = run(commands.serve_command, tmp_path, "--port", "4321")
    assert result.exit_code == 0
    assert "http://127.0.0.1:1/" in result.output
    run(commands.serve_command, tmp_path, "--browser")
    assert served == [(tmp_path, 4321, False), (tmp_path, None, True)]


def test_demo_loads_indexes_and_opens_the_browser_and_can_be_run_again(tmp_path, served):
    for _ in range(2):
        result = run(commands.demo_command, tmp_path, lang="en")
        assert result.exit_code == 0, result.output
        assert (tmp_path / f"demo-{SCHEMA_VERSION}" / "index" / "current").exists()
    run(commands.demo_command, tmp_path, "--no-browser")
    assert served == [(tmp_path / f"demo-{SCHEMA_VERSION}", None, True)] * 2 + [
        (tmp_path / f"demo-{SCHEMA_VERSION}", None, False)
    ]


def test_serve_offers_no_other_host(tmp_path):
    assert run(commands.serve_command, tmp_path, "--host", "0.0.0.0").exit_code == 2  # noqa: S104 - refused


def test_a_busy_port_is_one_line_and_exit_1(tmp_path):
    with server.listen(None) as busy:
        result = run(commands.serve_command, tmp_path, "--port", str(busy.getsockname()[1]))
    assert result.exit_code == 1
    assert len(result.output.strip().splitlines()) == 1
