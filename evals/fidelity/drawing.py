"""What PDFium shows of a file, asked of a process of its own: a file that crashes, hangs or explodes costs itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

TIMEOUT_S = 60
MEMORY_MB = 2048
MOST_PIXELS = 16_000_000  # A3 at 290 dpi; a larger page is drawn coarser
_CHILD = Path(__file__).with_name("child.py")


def page_count(path: Path) -> int | None:
    """How many pages the file has; None when PDFium does not open it."""
    said = _asked("count", path)
    return int(said) if said else None


def edge_lines(path: Path, first: int, last: int) -> list[list[str]]:
    """The lines at head and foot of the pages `first` to `last`, from 1, as the file's own text has them."""
    said = _asked("edges", path, str(first), str(last))
    lines: list[list[str]] = json.loads(said) if said else []
    return lines


def picture(path: Path, page: int, dpi: int, kind: str = "PNG", most_pixels: int = MOST_PIXELS) -> bytes | None:
    """The page, from 1, as a picture; None when it cannot be drawn."""
    return _asked("picture", path, str(page), str(dpi), str(most_pixels), kind)


def _asked(what: str, path: Path, *more: str) -> bytes | None:
    limits = (str(MEMORY_MB), str(TIMEOUT_S))
    command = [sys.executable, "-P", str(_CHILD), *limits, what, str(path.absolute()), *more]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=True, env=environment)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout
