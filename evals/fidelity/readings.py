"""What was read of a page is kept: a change of our reader costs a new comparison, but no page is seen twice."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.fidelity import drawing, sight
from evals.fidelity.sampling import Place, Source
from evals.fidelity.sight import SeenWord

DPI = 250
AROUND = 6  # pages before and after, whose heads and feet say what returns


@dataclass(frozen=True, slots=True)
class Reading:
    """The words that tesseract sees on a page, and for each page around it the lines at head and foot."""

    words: list[SeenWord]
    around: list[list[str]]


class Readings:
    """The readings under a folder, by digest of the file, page, resolution and version of tesseract."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kind = f"{DPI}dpi-" + re.sub(r"[^\w.+-]", "_", sight.version())
        folder.mkdir(parents=True, exist_ok=True)

    def page_count(self, source: Source) -> int:
        """How many pages the file has; 0 when PDFium does not open it."""
        kept = self._kept(f"{source.sha256}.json")
        if kept is None:
            kept = {"pages": drawing.page_count(source.path) or 0}
            self._keep(f"{source.sha256}.json", kept)
        return int(kept["pages"])

    def has(self, place: Place) -> bool:
        return (self._folder / self._name(place)).exists()

    def of(self, place: Place) -> Reading | None:
        """The reading of a page, made where it is not kept yet; None when the page cannot be drawn or read."""
        kept = self._kept(self._name(place))
        if kept is None:
            kept = _read(place)
            if kept is None:
                return None
            self._keep(self._name(place), kept)
        return Reading(sight.words_of(kept["tables"]), kept["around"])

    def _name(self, place: Place) -> str:
        return f"{place.source.sha256}-{place.page}-{self._kind}.json"

    def _kept(self, name: str) -> dict[str, Any] | None:
        try:
            kept: dict[str, Any] = json.loads((self._folder / name).read_text("utf-8"))
        except FileNotFoundError:
            return None
        return kept

    def _keep(self, name: str, data: dict[str, Any]) -> None:
        """A file appears whole or not at all, so that a run that was stopped leaves no half reading."""
        half = self._folder / f"{name}.half"
        half.write_text(json.dumps(data), "utf-8")
        half.replace(self._folder / name)


def _read(place: Place) -> dict[str, Any] | None:
    path, page = place.source.path, place.page
    picture = drawing.picture(path, page, DPI)
    tables = sight.look(picture, DPI) if picture else None
    if tables is None:
        return None
    first = max(1, min(page - AROUND, place.pages - 2 * AROUND))
    last = min(place.pages, first + 2 * AROUND)
    return {"tables": tables, "around": drawing.edge_lines(path, first, last)}
