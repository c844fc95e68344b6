"""What a reader leaves out, counted by kind, and said in one sentence each: no loss is silent."""

from collections import Counter
from typing import Literal

from assistant.reading.blocks.document import DocumentBuilder

Loss = Literal[
    "struck",
    "marked",
    "hidden",
    "picture",
    "chart",
    "diagram",
    "object",
    "formula",
    "sheet",
    "row",
    "column",
    "error",
    "uncalculated",
    "comment",
    "part",
]

_SENTENCES: dict[Loss, tuple[str, str]] = {
    "picture": (
        "1 picture has no description and was not read.",
        "{} pictures have no description and were not read.",
    ),
    "chart": ("1 chart was not read.", "{} charts were not read."),
    "diagram": ("1 diagram was not read.", "{} diagrams were not read."),
    "object": ("1 embedded object was not read.", "{} embedded objects were not read."),
    "formula": ("1 mathematical formula was not read.", "{} mathematical formulas were not read."),
    "struck": ("Struck-out text was left out in 1 place.", "Struck-out text was left out in {} places."),
    "marked": (
        "Text that a reviewer marked as struck out was read in 1 place: see whether it still holds.",
        "Text that reviewers marked as struck out was read in {} places: see whether it still holds.",
    ),
    "hidden": ("Hidden text was left out in 1 place.", "Hidden text was left out in {} places."),
    "sheet": ("1 hidden sheet was left out.", "{} hidden sheets were left out."),
    "row": ("1 hidden row was left out.", "{} hidden rows were left out."),
    "column": ("1 hidden column was left out.", "{} hidden columns were left out."),
    "error": ("1 cell shows an error and was left out.", "{} cells show errors and were left out."),
    "uncalculated": (
        "1 formula has no stored value: open the file in Excel or LibreOffice, save it and add it again.",
        "{} formulas have no stored values: open the file in Excel or LibreOffice, save it and add it again.",
    ),
    "comment": (
        "1 comment on an empty or hidden cell was left out.",
        "{} comments on empty or hidden cells were left out.",
    ),
    "part": (
        "1 part of another kind was inserted here and was not read.",
        "{} parts of other kinds were inserted here and were not read.",
    ),
}


class Losses(Counter[Loss]):
    """How often each kind of thing was left out, or read in doubt ("marked")."""

    def tell(self, builder: DocumentBuilder) -> None:
        """Warn of each kind."""
        for loss, (once, often) in _SENTENCES.items():
            if count := self[loss]:
                builder.warn(once if count == 1 else often.format(f"{count:,}"))
