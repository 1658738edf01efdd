"""The empty page, as scripts/build-page leaves it: program, style and licences."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Iterable, Iterator

from ..script import EX_SOFTWARE, EX_UNAVAILABLE, Failure, lift_limits

ROOT = Path(__file__).resolve().parents[3]
BUILDER = ROOT / "scripts/build-page"
EMPTY_PAGE = ROOT / "build/report/page.html"  # in the user's cache where this may not be written
# Where the page takes the run in.
MARK = "<!-- run -->"


def built_page() -> str:
    """Builds the empty page if that has not been done, and returns it; Failure if it cannot be built."""
    if sys.stderr.isatty() and not EMPTY_PAGE.exists():
        print("report: building the page's program, for the first time only", file=sys.stderr)
    done = subprocess.run([BUILDER, "--where"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          preexec_fn=lift_limits)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        code = done.returncode if done.returncode > 0 else EX_SOFTWARE
        raise Failure(code, lines[-1].removeprefix("build-page: ") if lines else "scripts/build-page failed")
    empty = Path(done.stdout.rstrip("\n"))
    try:
        page = empty.read_text(encoding="utf-8")
    except OSError as error:
        raise Failure(EX_UNAVAILABLE, f"{os.path.relpath(empty, ROOT)}: {error.strerror}; remove it and try again") from None
    if page.count(MARK) != 1:
        raise Failure(EX_SOFTWARE, f"{os.path.relpath(empty, ROOT)}: has no place for a run; remove it and try again")
    return page


def filled(page: str, contents: dict[str, object], streams: Iterable[bytes]) -> Iterator[bytes]:
    """The page with a run in it, piece by piece."""
    before, after = page.split(MARK)
    yield before.encode()
    yield _block("application/json", "contents", as_script(contents))
    for number, stream in enumerate(streams):
        yield _block("text/plain", f"group-{number}", base64.b64encode(stream))
    yield after.encode()


def as_script(contents: dict[str, object]) -> bytes:
    """JSON that no browser takes for the end of a script, whatever texts are in it."""
    text = json.dumps(contents, allow_nan=False, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").encode()


def _block(kind: str, name: str, data: bytes) -> bytes:
    return b'<script type="%s" id="%s">%s</script>\n' % (kind.encode(), name.encode(), data)
