"""Which citations a claim needs: ALCE's citation precision (Gao et al., EMNLP 2023, section 3.3), by our judge.

A citation is irrelevant when it alone does not support the claim while the others without it still do. It is precise
when the claim is supported and the citation is not irrelevant.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.grounding import Passages
from assistant.records import Answer, Claim


class Checks(Protocol):
    """What is asked of the judge."""

    def check(self, answer: Answer, library: Passages | None = None) -> Answer: ...


def precise_citations(answer: Answer, judge: Checks, library: Passages) -> list[list[bool]]:
    """For each claim one truth value a citation. Claims that say nothing have none."""
    variants = list(_variants(answer.claims))
    checked = judge.check(replace(answer, claims=tuple(claim for _, _, claim in variants)), library).claims
    supported = {
        (place, part): bool(claim.supported) for (place, part, _), claim in zip(variants, checked, strict=True)
    }
    return [list(_precise(place, claim, supported)) for place, claim in enumerate(answer.claims)]


def _variants(claims: Sequence[Claim]) -> Iterator[tuple[int, tuple[int, ...], Claim]]:
    """Each claim that cites several, with one citation alone, and with all but that one."""
    for place, claim in enumerate(claims):
        if len(claim.citations) > 1:
            for number in claim.citations:
                rest = tuple(other for other in claim.citations if other != number)
                for part in ((number,), rest):
                    yield place, part, replace(claim, citations=part)


def _precise(place: int, claim: Claim, supported: dict[tuple[int, tuple[int, ...]], bool]) -> Iterator[bool]:
    for number in claim.citations if claim.state != "no_claim" else ():
        rest = tuple(other for other in claim.citations if other != number)
        needed = not rest or supported[place, (number,)] or not supported[place, rest]
        yield bool(claim.supported) and needed
