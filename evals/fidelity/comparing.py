"""Words seen against words stored: which are missing, which are added, which changed, and in what order they stand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from evals.fidelity.leftovers import Alignment, changed_numbers, drop_broken, drop_foreign, drop_parted, unmatched
from evals.fidelity.words import Token

FEWEST_FOR_ORDER = 20  # words


@dataclass(frozen=True, slots=True)
class Comparison:
    """`seen` and `stored`: the words that count on either side; `missing` and `added`: those that the other lacks.

    Neither missing nor added are words that differ only in blanks (`parted`, as stored), and words with letters that
    English does not have where tesseract misread these. `changed`: pairs of `missing` and `added`. Of `common` words
    that have an order, `in_order` stand in one order on both sides.
    """

    seen: tuple[Token, ...]
    stored: tuple[Token, ...]
    missing: tuple[Token, ...]
    added: tuple[Token, ...]
    parted: tuple[Token, ...]
    changed: tuple[tuple[Token, Token], ...]
    common: int
    in_order: int

    @property
    def order(self) -> float | None:
        return self.in_order / self.common if self.common >= FEWEST_FOR_ORDER else None


def compare(seen: Sequence[Token], stored: Sequence[Token]) -> Comparison:
    """Compare what was seen of a page with what is stored of it."""
    aligned = Alignment(seen, stored)
    missing, added = unmatched(seen, stored, aligned.seen), unmatched(stored, seen, aligned.stored)
    unsure = {place for place, token in enumerate(seen) if not token.counted} - aligned.seen
    left, before = missing | unsure, set(added)
    drop_parted(seen, left, stored, added)
    drop_parted(stored, added, seen, left)
    parted = before - added
    drop_broken(seen, left, stored, added)
    drop_foreign(aligned.hunks, seen, left, stored, added)
    missing &= left
    common, in_order = _order(seen, stored)
    return Comparison(
        seen=tuple(token for token in seen if token.counted),
        stored=tuple(token for token in stored if token.counted),
        missing=tuple(seen[place] for place in sorted(missing)),
        added=tuple(stored[place] for place in sorted(added)),
        parted=tuple(stored[place] for place in sorted(parted)),
        changed=tuple(changed_numbers(aligned.hunks, seen, missing, stored, added)),
        common=common,
        in_order=in_order,
    )


def _order(seen: Sequence[Token], stored: Sequence[Token]) -> tuple[int, int]:
    counted = [token.text for token in seen if token.counted]
    in_order = [token.text for token in stored if token.in_order]
    return (Counter(counted) & Counter(in_order)).total(), LCSseq.similarity(counted, in_order)
