"""The commands of the page: serve, demo."""

from __future__ import annotations

from pathlib import Path

import click

import corpus
from corpus.cli import Settings, pass_settings
from corpus.schema import SCHEMA_VERSION
from webui import server

_PORT = click.option(
    "--port", type=click.IntRange(1, 65535), help=f"Port; the first free one from {server.DEFAULT_PORT} on if left out."
)


@click.command("serve")
@_PORT
@click.option("--browser/--no-browser", default=False, help="Open the page in the browser.")
@pass_settings
def serve_command(settings: Settings, port: int | None, browser: bool) -> None:
    """Serve the web page on this computer (在本机打开网页检索)."""
    _serve(settings, settings.home, port, browser)


@click.command("demo")
@_PORT
@click.option("--browser/--no-browser", default=True, help="Open the page in the browser.")
@pass_settings
def demo_command(settings: Settings, port: int | None, browser: bool) -> None:
    """Try it with the sample reports: load, index, serve (用样例报告试用)."""
    # What loads and builds isn't loaded to serve.
    from corpus.commands import report_summary  # noqa: PLC0415
    from corpus.library import Library  # noqa: PLC0415
    from corpus.loader import load  # noqa: PLC0415
    from indexer.building import update  # noqa: PLC0415

    # A newer program never meets the demo library of an older one, and nothing has to be deleted for it.
    home = settings.home / f"demo-{SCHEMA_VERSION}"
    samples = Path(corpus.__file__).parent / "samples"
    with Library(Settings(home, settings.lang).library_path) as library:
        summary = load(library, [samples])
    report_summary(settings, summary)
    update(home)
    settings.say(
        f'样例库与自己的资料库分开；要在命令行使用它：chadang --home "{home}" status',
        f'The sample library lies apart from your own; on the command line: chadang --home "{home}" status',
    )
    _serve(settings, home, port, browser)


def _serve(settings: Settings, home: Path, port: int | None, browser: bool) -> None:
    def ready(address: str) -> None:
        settings.say(f"网页已就绪：{address}（按 Ctrl+C 停止）", f"Serving {address} (press Ctrl+C to stop)")

    server.serve(home, port, browser, ready=ready)
