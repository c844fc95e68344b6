"""What a reader leaves out, counted by kind, and said in one sentence each: no loss is silent."""

from collections import Counter
from typing import Literal

from assistant.reading.document import DocumentBuilder

Loss = Literal["struck", "hidden", "picture", "chart", "diagram", "object", "part"]

_SENTENCES: dict[Loss, tuple[str, str]] = {
    "struck": ("Struck-out text was left out in 1 place.", "Struck-out text was left out in {} places."),
    "hidden": ("Hidden text was left out in 1 place.", "Hidden text was left out in {} places."),
    "picture": (
        "1 picture has no description and was not read.",
        "{} pictures have no description and were not read.",
    ),
    "chart": ("1 chart keeps no values and was not read.", "{} charts keep no values and were not read."),
    "diagram": ("1 diagram was not read.", "{} diagrams were not read."),
    "object": ("1 embedded object was not read.", "{} embedded objects were not read."),
    "part": (
        "1 part of another kind was inserted here and was not read.",
        "{} parts of other kinds were inserted here and were not read.",
    ),
}


class Losses(Counter[Loss]):
    """How often each kind of thing was left out."""

    def tell(self, builder: DocumentBuilder) -> None:
        """Warn of each kind that was left out."""
        for loss, (once, often) in _SENTENCES.items():
            if count := self[loss]:
                builder.warn(once if count == 1 else often.format(count))
