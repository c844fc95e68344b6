"""What a reader has seen in a file and not read, counted, and said in one short sentence for each kind."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal

LeftOutKind = Literal[
    "picture", "chart", "object", "formula", "struck", "hidden", "sheet", "row", "column", "error", "uncalculated"
]

_NAME_OF_FILE = re.compile(r"[\w./:\\ -]*\.(?:png|jpe?g|gif|bmp|tiff?|svg|webp|[ew]mf)", re.I)
_GUESS = re.compile(r"automatically generated|AI-generated content", re.I)
_SENTENCES: dict[LeftOutKind, tuple[str, str]] = {
    "picture": ("1 picture was not read.", "{} pictures were not read."),
    "chart": ("1 chart was not read.", "{} charts were not read."),
    "object": ("1 embedded object was not read.", "{} embedded objects were not read."),
    "formula": ("1 mathematical formula was not read.", "{} mathematical formulas were not read."),
    "struck": ("Struck-out text was left out in 1 place.", "Struck-out text was left out in {} places."),
    "hidden": ("Hidden text was left out in 1 place.", "Hidden text was left out in {} places."),
    "sheet": ("1 hidden sheet was left out.", "{} hidden sheets were left out."),
    "row": ("1 hidden row was left out.", "{} hidden rows were left out."),
    "column": ("1 hidden column was left out.", "{} hidden columns were left out."),
    "error": ("1 cell shows an error and was left out.", "{} cells show errors and were left out."),
    "uncalculated": (
        "1 formula has no stored value: open the file in Excel or LibreOffice, save it and add it again.",
        "{} formulas have no stored values: open the file in Excel or LibreOffice, save it and add it again.",
    ),
}


def description(text: str | None) -> str:
    """What a picture is said to show, on one line; "" where a program said it: the name of a file, or its own guess.

    >>> description("A map\\nof posts"), description("image001.png"), description("A duck. Automatically generated")
    ('A map of posts', '', '')
    """
    said = " ".join((text or "").split())
    return "" if _NAME_OF_FILE.fullmatch(said) or _GUESS.search(said) else said


class LeftOut:
    """Counts what is left out.

    >>> left = LeftOut()
    >>> left.count("picture", 3)
    >>> list(left.sentences())
    ['3 pictures were not read.']
    """

    def __init__(self) -> None:
        self._counted: Counter[LeftOutKind] = Counter()

    def count(self, kind: LeftOutKind, times: int = 1) -> None:
        """Something of this kind was left out, so often."""
        self._counted[kind] += times

    def sentences(self) -> Iterator[str]:
        """One sentence for each kind, always in the same order."""
        for kind, (one, many) in _SENTENCES.items():
            if times := self._counted[kind]:
                yield one if times == 1 else many.format(f"{times:,}")
