"""The worst pages of a sample as one HTML file: what each shows beside what is stored of it."""

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from evals.fidelity import drawing
from evals.fidelity.figures import shares
from evals.fidelity.pages import ComparedPage
from evals.fidelity.sides import Stored
from evals.fidelity.words import Token

WORST_PAGES = 25
DPI, MOST_PIXELS = 90, 1_500_000  # of the pictures: a page is read well and weighs some 100 kB


def write(target: Path, measured: dict[str, Any], pages: Sequence[ComparedPage]) -> None:
    """The figures and the worst pages to the file `target`."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("report.html.j2").render(
        measured=measured,
        worst=[_shown(page) for page in worst(pages)],
        show=lambda value: "undefined" if value is None else f"{value:.3f}",
    )
    target.write_text(page, "utf-8", errors="replace")


def worst(pages: Sequence[ComparedPage]) -> list[ComparedPage]:
    """Pages where a number seems to have changed, then those with the lowest recall, then those with most added."""
    return sorted((page for page in pages if page.comparison), key=_badness)[:WORST_PAGES]


def _badness(page: ComparedPage) -> tuple[Any, ...]:
    assert page.comparison
    found = {name: part / whole if whole else 0.0 for name, (part, whole) in shares(page.comparison).items()}
    return (
        not page.comparison.changed,
        found["word recall"],
        -found["words added"],
        page.place.source.name,
        page.place.page,
    )


def _shown(page: ComparedPage) -> dict[str, Any]:
    """What the template shows of a page."""
    assert page.comparison and page.reading and page.stored and page.left_out is not None
    made = page.comparison
    picture = drawing.picture(page.place.source.path, page.place.page, DPI, "JPEG", MOST_PIXELS)
    words = page.reading.words
    return {
        "source": page.place.source.name,
        "page": page.place.page,
        "shares": {name: part / whole if whole else None for name, (part, whole) in shares(made).items()},
        "picture": base64.b64encode(picture).decode() if picture else None,
        "boxes": [(token.text, words[place].box) for token in made.missing for place in range(token.start, token.end)],
        "stored": list(_marked(page.stored, made.added)),
        "changed": [(before.text, after.text) for before, after in made.changed],
        "missing": [token.text for token in made.missing],
        "added": [token.text for token in made.added],
        "parted": [token.text for token in made.parted],
        "left_out": list(page.left_out.values()),
    }


def _marked(stored: Stored, added: Sequence[Token]) -> Iterator[tuple[str, bool]]:
    """The stored text in pieces, and whether tesseract did not see the piece."""
    end = 0
    for token in added:
        if token.start >= end:
            yield stored.text[end : token.start], False
            yield stored.text[token.start : token.end], True
            end = token.end
    yield stored.text[end:], False
