"""Sample reports -> library -> index -> web page in the browser, from a bare Python 3.11.

    python3 scripts/demo.py [--no-browser] [--port N]

Sets up .venv first (once), then runs `chadang demo` with the same arguments. Ctrl+C ends it.
"""

import sys

import _setup


def main(arguments: list[str]) -> int:
    """Run the demo and return its exit status; Ctrl+C is the normal end of it."""
    _setup.set_up("run")
    status = _setup.call([str(_setup.script("chadang")), "demo", *arguments], patience=10)
    return 0 if status == _setup.INTERRUPTED else status


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(_setup.INTERRUPTED)
