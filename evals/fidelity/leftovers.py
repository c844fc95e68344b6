"""What two texts do not share, as places in their words, and which of it is no difference after all.

Words are counted as multisets; the alignment only says which of several equal words it is, and what stands in the same
place of both texts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby, product

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from evals.fidelity.words import Token

MOST_PARTS = 4  # a word parted into more pieces is a different word
MOST_IN_PLACE = 60  # words: a longer stretch that differs says of none of its words what it stands for
LEAST_ALIKE = 50  # percent: a number that shares half of its signs with another in its place may be that, changed

Hunk = tuple[range, range]  # places on either side between the same two words that both texts have


class Alignment:
    """Two sequences of words laid side by side: which places match, and the hunks between them that do not."""

    def __init__(self, seen: Sequence[Token], stored: Sequence[Token]) -> None:
        opcodes = Levenshtein.opcodes(texts(seen), texts(stored))
        same = [op for op in opcodes if op.tag == "equal"]
        self.seen = {place for op in same for place in range(op.src_start, op.src_end)}
        self.stored = {place for op in same for place in range(op.dest_start, op.dest_end)}
        groups = [list(ops) for equal, ops in groupby(opcodes, lambda op: op.tag == "equal") if not equal]
        hunks = [(range(a[0].src_start, a[-1].src_end), range(a[0].dest_start, a[-1].dest_end)) for a in groups]
        self.hunks: list[Hunk] = [hunk for hunk in hunks if max(map(len, hunk)) <= MOST_IN_PLACE]


def texts(tokens: Sequence[Token]) -> list[str]:
    return [token.text for token in tokens]


def unmatched(tokens: Sequence[Token], others: Sequence[Token], aligned: set[int]) -> set[int]:
    """The places of counted tokens that are more than the others have, outside what is aligned."""
    too_many = Counter(token.text for token in tokens if token.counted) - Counter(texts(others))
    found = set()
    for place, token in enumerate(tokens):
        if token.counted and place not in aligned and too_many[token.text] > 0:
            too_many[token.text] -= 1
            found.add(place)
    return found


def drop_parted(wholes: Sequence[Token], whole: set[int], parts: Sequence[Token], part: set[int]) -> None:
    """Take out of `whole` and `part` the words that some neighbouring parts make up when joined."""
    made = defaultdict(list)
    for size, start in product(range(2, MOST_PARTS + 1), sorted(part)):
        run = range(start, start + size)
        if part.issuperset(run):
            made[_signs("".join(parts[place].text for place in run))].append(run)
    for place in sorted(whole):
        run = next((run for run in made[_signs(wholes[place].text)] if part.issuperset(run)), range(0))
        if run:
            whole.discard(place)
            part.difference_update(run)


def drop_broken(seen: Sequence[Token], lost: set[int], stored: Sequence[Token], new: set[int]) -> None:
    """Take out words broken at the end of a line where tesseract has something else follow, or of a page."""
    rests = {seen[place].text: place for place in sorted(lost, reverse=True)}
    for place in sorted(place for place in lost if seen[place].broken):
        begun = seen[place].text
        whole = next((p for p in sorted(new) if stored[p].text.startswith(begun) and stored[p].text != begun), None)
        if whole is not None:
            rest = rests.get(stored[whole].text.removeprefix(begun), place)
            new.discard(whole)
            lost -= {place, rest}


def drop_foreign(
    hunks: Sequence[Hunk], seen: Sequence[Token], lost: set[int], stored: Sequence[Token], new: set[int]
) -> None:
    """Take out what tesseract, which reads English here, makes of a word with other letters: "Lourengo"."""
    for here, there in hunks:
        for after in sorted(new.intersection(there)):
            most = stored[after].foreign
            near = (p for p in sorted(lost.intersection(here)) if _distance(seen[p], stored[after]) <= most)
            before = next(near, None) if most else None
            if before is not None:
                lost.discard(before)
                new.discard(after)


def changed_numbers(
    hunks: Sequence[Hunk], seen: Sequence[Token], missing: set[int], stored: Sequence[Token], added: set[int]
) -> Iterator[tuple[Token, Token]]:
    """A missing and an added word in one place, one of them a number, that seem to be the same, changed."""
    for here, there in hunks:
        lost, new = [seen[p] for p in here if p in missing], [stored[p] for p in there if p in added]
        alone = len(lost) == len(new) == 1
        for before in lost:
            alike = [after for after in new if _is_change(before, after, alone)]
            if alike:
                after = max(alike, key=lambda token: fuzz.ratio(before.text, token.text))
                new.remove(after)
                yield before, after


def _signs(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _distance(one: Token, other: Token) -> int:
    return Levenshtein.distance(one.text, other.text)


def _is_change(before: Token, after: Token, alone: bool) -> bool:
    if alone and before.is_number and after.is_number:
        return True
    return (before.is_number or after.is_number) and fuzz.ratio(before.text, after.text) >= LEAST_ALIKE
