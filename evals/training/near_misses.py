"""Claims made by rule from the corpus and the manuals: supported ones in other words, and near misses by one turn.

    python -m evals.training.near_misses --manuals FOLDER [--show N]

Claims come in twins on one passage. Both are a sentence reworded by operations that keep its meaning; one is then
turned in one place: a number, a name, a "not". Turns take what they put in from the same passage where they can, so
that the overlap of words does not tell. No passage is used that the pairs for judging the judge stand on.
"""

import argparse
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.grounding import Judge
from assistant.grounding.words import words
from assistant.sentences import split_sentences
from evals.statistics import auroc
from evals.training import wordings
from evals.training.wordings import (
    BOUND,
    COUNTRIES,
    MONTH_OF_A_DATE,
    MONTHS,
    NUMBER,
    PEOPLES,
    YEAR,
    expand,
    lower_first,
    names,
    number_value,
    reword,
    upper_first,
    written_like,
)

CORPUS = Path(__file__).parents[2] / "corpus"
JUDGED = Path(__file__).parents[1] / "judge_pairs" / "ssr.jsonl"
TWINS_A_KIND = 400
TWINS_ELSEWHERE = 150  # what another passage says is told apart by its words: a few are enough
SEED = 0
MEASURED = 400  # twins that the floors are measured on
PASSAGE_WORDS = (35, 95)  # a passage is sentences in a row that hold about so many words
CLAIM_WORDS = (8, 34)
RUN = 8  # so many words in a row that a judged passage has too, and the passage is left out

# A sentence that leans on what went before is no claim that stands alone.
_LEANING = re.compile(
    r"^(?:It|Its|They|Their|This|These|Those|That|Such|He|His|She|Her|Both|Another|Others?|Each|Then|There|Here|Also|"
    r"What|When|Where|Who|How|Why|See|Note|Neither|The (?:same|latter|former|other|second|third|first|two|three)|We|"
    r"Our|You|Your|Of (?:these|those|them)|Once|Even|To (?:this|that)|Instead|Finally|First|Second|Third|Number|"
    r"Percentage)\b"
)
_CONNECTIVE = re.compile(
    r"^(?:But|And|Yet|So|Thus|However|Therefore|Moreover|Similarly|In addition|Furthermore|Nevertheless),? (?=\w)"
)
_DEBRIS = re.compile(r"[|#_<>{}•%*\[\]“”\"…]|- \w|\d\.\d|\w- |\b(?:below|above|see|fig|table|box|annex|IDDRS)\b", re.I)


@dataclass(frozen=True, slots=True)
class Source:
    """Sentences in a row of one document (`group`), without marks of notes."""

    group: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class MadePair:
    """A claim on a passage. `twin` numbers the two claims made together, one of each label."""

    premise: str
    claim: str
    label: int
    group: str
    kind: str
    twin: int


def read_sources(files: Iterable[Path], judged: Path = JUDGED) -> list[Source]:
    """The passages of Markdown files that share no run of words with a passage for judging the judge."""
    premises = [json.loads(line)["premise"] for line in judged.read_text("utf-8").splitlines()]
    taken = {run for premise in premises for run in _runs(premise)}
    found = [source for file in files for source in _passages(file)]
    return [source for source in found if not taken & _runs(source.text)]


def _runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1)}


def _passages(file: Path) -> Iterator[Source]:
    text = re.sub(r"\A---\n.*?\n---\n", "", file.read_text("utf-8"), flags=re.S)
    text = re.sub(r"\[\^\w+\](?::.*)?|\*+(?=\w)|(?<=[\w.,])\*+|^\[page \d+\]$", "", text, flags=re.M)
    text = re.sub(r"(?<=[a-z])- (?!and\b|or\b|to\b)(?=[a-z])", "", text)  # words parted at the end of a printed line
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    taken: list[str] = []
    for block in [*re.split(r"\n\s*\n|\n(?=[-*#|\uf0b7])", text), "#"]:
        prose = "" if re.match(r"[#|*>-]|\uf0b7|\d+\.", block.strip()) else " ".join(block.split())
        if not prose and sum(len(one.split()) for one in taken) >= PASSAGE_WORDS[0]:
            yield Source(file.stem, tuple(taken))
            taken = []
        taken = taken if prose else []
        for start, end in split_sentences(prose):
            taken.append(prose[start:end])
            if sum(len(one.split()) for one in taken) >= PASSAGE_WORDS[1]:
                yield Source(file.stem, tuple(taken))
                taken = []


def claimable(sentence: str) -> str | None:
    """The sentence as a claim that stands alone, None where it does not."""
    claim = upper_first(_CONNECTIVE.sub("", sentence))
    fits = CLAIM_WORDS[0] <= len(claim.split()) <= CLAIM_WORDS[1]
    plain = claim.endswith(".") and claim[0].isupper() and not _DEBRIS.search(claim) and claim.count(":") == 0
    return claim if fits and plain and not _LEANING.match(claim) else None


# Turns get a true claim, the sentence it comes from and the passage; None where they cannot turn it.

Turn = Callable[[str, str, Source, random.Random], str | None]


def _replace(claim: str, found: re.Match[str], new: str) -> str:
    return claim[: found.start()] + new + claim[found.end() :]


def turn_number(claim: str, sentence: str, source: Source, rng: random.Random) -> str | None:
    """Another number of the passage, or one not far away; never one that makes "more than" true."""
    found = [one for one in NUMBER.finditer(claim) if number_value(one[0]) is not None]
    if not found or "respectively" in claim:
        return None
    chosen = rng.choice(found)
    value = number_value(chosen[0]) or 0
    stated = {number_value(one[0]) for one in NUMBER.finditer(sentence)}
    others = {number_value(one[0]) for one in NUMBER.finditer(source.text)} - stated - {None}
    near = [value + step for step in (-3, -2, -1, 1, 2, 3)] if value <= 20 else _scaled(value, rng)
    candidates = [n for n in (sorted(filter(None, others)) if others and rng.random() < 0.5 else near) if n > 1]
    before = claim[: chosen.start()].lower()
    if BOUND["more"].search(before):
        candidates = [n for n in candidates if n > value]
    if BOUND["less"].search(before):
        candidates = [n for n in candidates if n < value]
    most = 100 if "cent" in claim[chosen.end() :][:9] else 10 * value
    candidates = [n for n in candidates if n not in stated and value / 10 < n <= most]
    return _replace(claim, chosen, written_like(rng.choice(candidates), chosen[0])) if candidates else None


def _scaled(value: int, rng: random.Random) -> list[int]:
    grain = 10 ** (len(str(value)) - len(str(value).rstrip("0"))) if value >= 100 else 5 if value % 5 == 0 else 1
    scaled = [round(value * factor / grain) * grain for factor in (0.4, 0.6, 0.75, 1.3, 1.6, 2.2)]
    return [n for n in scaled if n != value] or [value + grain]


def turn_date(claim: str, sentence: str, source: Source, rng: random.Random) -> str | None:
    """Another year of the passage or one near it, another month, or "before" for "after"."""
    order = re.search(r"\b(before|after)\b(?= (?:the|a|an|its|\w+ing|\d))", claim)
    if order and rng.random() < 0.4:
        return _replace(claim, order, {"before": "after", "after": "before"}[order[0]])
    found = list(YEAR.finditer(claim))
    month = MONTH_OF_A_DATE.search(claim)
    if month and (not found or rng.random() < 0.3):
        return _replace(claim, month, rng.choice([one for one in MONTHS if one not in sentence]))
    if not found:
        return None
    chosen = rng.choice(found)
    stated = {one[0] for one in re.finditer(r"\b\d{4}\b", sentence)}
    others = sorted({one[0] for one in YEAR.finditer(source.text)} - stated)
    near = [str(int(chosen[0]) + step) for step in (-9, -6, -4, -3, -2, -1, 1, 2, 3, 4, 6, 9)]
    years = [one for one in (others if others and rng.random() < 0.6 else near) if one not in stated]
    return _replace(claim, chosen, rng.choice(years))


def turn_name(claim: str, sentence: str, source: Source, rng: random.Random) -> str | None:
    """An organisation, a person or a place of the passage instead of another."""
    own = [one for one in names(claim) if one not in COUNTRIES]
    initials = {one: "".join(re.findall(r"[A-Z]", one)) for one in {*names(source.text), *own}}
    said = expand(sentence)
    others = [one for one in names(source.text) if one not in COUNTRIES and one not in said and expand(one) not in said]
    pairs = [
        (a, b) for a in own for b in dict.fromkeys(others)
        if initials[a] != initials[b] and not set(words(a)) & set(words(b)) and (" " in a) == (" " in b)
    ]  # fmt: skip
    if not pairs:
        return None
    old, new = rng.choice(pairs)
    return claim.replace(old, new, 1)


def turn_country(claim: str, sentence: str, source: Source, rng: random.Random) -> str | None:
    """Another country, or the people of another, of the passage where it names one."""
    table = list(COUNTRIES) if rng.random() < 0.8 else list(PEOPLES)
    for chosen in (table, list(COUNTRIES), list(PEOPLES)):
        found = [one for one in chosen if re.search(rf"\b{re.escape(one)}\b", claim)]
        if found:
            old = max(found, key=len)
            here = [one for one in chosen if one in source.text and one not in sentence and one not in old]
            new = rng.choice(here if here and rng.random() < 0.7 else [one for one in chosen if one not in sentence])
            return re.sub(rf"\b{re.escape(old)}\b", new, claim)
    return None


def turn_role(claim: str, sentence: str, source: Source, rng: random.Random) -> str | None:
    """Who did it and to whom it was done change places."""
    ways: list[str] = []
    if (active := wordings.ACTIVE.fullmatch(claim)) and active["verb"] in wordings.ON_OTHERS:
        one, verb, other, rest = active["one"], active["verb"], active["other"], active["rest"]
        ways += [f"{upper_first(other)} {verb} {lower_first(one)}{rest}"] * 2
    if (passive := wordings.PASSIVE.fullmatch(claim)) and wordings.PASTS[passive["verb"]] in wordings.ON_OTHERS:
        active_verb = wordings.PASTS[passive["verb"]]
        ways.append(f"{passive['one']} {active_verb} {passive['other']}{passive['rest']}")
    for way in (r"\bfrom (?P<a>{0}) to (?P<b>{0})\b", r"\b(?P<a>{0}) took over from (?P<b>{0})\b",
                r"\b(?P<a>{0}) (?:replaced|succeeded|followed) (?P<b>{0})\b"):  # fmt: skip
        if found := re.search(way.format(r"(?:the )?[A-Z]\w+(?: [A-Z]\w+)*"), claim):
            ways.append(_exchanged(claim, found["a"], found["b"]))
    of_a_kind = [[n for n in names(claim) if (n in COUNTRIES) == kind and n.isupper() == upper]
                 for kind, upper in ((True, False), (False, True), (False, False))]  # fmt: skip
    for first, second in (pair[:2] for pair in of_a_kind if len(pair) == 2):
        between = claim[claim.find(first) + len(first) : claim.find(second)]
        joined = re.search(r"\b(?:and|or|with)\b|[,(]", between)
        if not joined and not set(words(first)) & set(words(second)) and len(between.split()) > 1:
            ways.append(_exchanged(claim, first, second))
    return rng.choice(ways) if ways else None


def _exchanged(claim: str, first: str, second: str) -> str:
    return claim.replace(first, "\0", 1).replace(second, first, 1).replace("\0", second, 1)


def _by_table(table: dict[str, list[str]]) -> Turn:
    """A turn that puts one of its words in the place of another."""
    longest_first = sorted(map(re.escape, table), key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(longest_first)})\b(?! (?:not|only)\b)")

    def turn(claim: str, sentence: str, source: Source, rng: random.Random) -> str | None:
        found = list(pattern.finditer(lower_first(claim)))
        if not found:
            return None
        chosen = rng.choice(found)
        return upper_first(_replace(lower_first(claim), chosen, rng.choice(table[chosen[0]])))

    return turn


_opposite = _by_table(wordings.OPPOSITES)
_denied = re.compile(r"\b(?:not (?!only\b|all\b|every|yet\b|always\b|just\b|necessarily\b)|never )")
_asserted = re.compile(
    r"\b(?:is|are|was|were|has|have|had|should|must|can|could|will|would|does|did)\b(?! (?:not|no)\b)"
)


def turn_negation(claim: str, sentence: str, source: Source, rng: random.Random) -> str | None:
    """A "not" more or less, or a word against its opposite."""
    ways: list[str | None] = [_opposite(claim, sentence, source, rng)] * 2
    if found := _denied.search(claim):
        ways += [_replace(claim, found, "")] * 4
    elif found := _asserted.search(claim):
        ways.append(_replace(claim, found, f"{found[0]} not".replace("can not", "cannot")))
    if active := wordings.ACTIVE.fullmatch(claim):
        base = wordings.BASES.get(active["verb"])
        ways += [f"{active['one']} did not {base} {active['other']}{active['rest']}"] if base else []
    kept = [way for way in ways if way]
    return rng.choice(kept) if kept else None


_scope = _by_table(wordings.SCOPES)


def turn_scope(claim: str, sentence: str, source: Source, rng: random.Random) -> str | None:
    """All for some, always for often, or an "only" that nobody said."""
    if turned := _scope(claim, sentence, source, rng):
        return turned
    place = re.search(r"(?<![,;]) (?=(?:with|in|for|by|through) (?:the |[A-Z])[\w ]+\.$)", claim)
    free = not re.search(r"\b(?:only|not|mainly|alone|first|between|based)\b", claim)
    return _replace(claim, place, " only ") if place and free and rng.random() < 0.25 else None


def turn_joined(claim: str, sentence: str, source: Source, rng: random.Random) -> str | None:
    """What another sentence of the passage is about gets what this one says."""
    own = wordings.SUBJECT.match(claim)
    others = [found for one in source.sentences if one != sentence and claimable(one)
              for found in [wordings.SUBJECT.match(one)] if found]  # fmt: skip
    small = {"the", "a", "of", "in", "and", "an"}
    fitting = [one for one in others if own and one["verb"] == own["verb"]
               and not (set(words(one["one"])) & set(words(own["one"]))) - small]  # fmt: skip
    return rng.choice(fitting)["one"] + claim[own.end("one") :] if own and fitting else None


TURNS: dict[str, Turn] = {
    "number": turn_number, "date": turn_date, "name": turn_name, "country": turn_country, "role": turn_role,
    "negation": turn_negation, "modality": _by_table(wordings.MODALS), "scope": turn_scope, "joined": turn_joined,
}  # fmt: skip


def make_pairs(sources: Sequence[Source], twins: int = TWINS_A_KIND, seed: int = SEED) -> list[MadePair]:
    """At most `twins` twins of each kind, as many supported as near misses, the same ones each time."""
    rng = random.Random(seed)
    pairs: list[MadePair] = []
    for kind in (*TURNS, "elsewhere"):
        made = 0
        places = [(source, sentence) for source in sources for sentence in source.sentences if claimable(sentence)]
        most = min(twins, TWINS_ELSEWHERE) if kind == "elsewhere" else twins
        for source, sentence in rng.sample(places, len(places)):
            if made < most and (two := _twins(kind, source, sentence, sources, rng)):
                number = len(pairs) // 2
                pairs += [MadePair(source.text, text, 1 - i, source.group, kind, number) for i, text in enumerate(two)]
                made += 1
    return pairs


def _twins(
    kind: str, source: Source, sentence: str, sources: Sequence[Source], rng: random.Random
) -> tuple[str, str] | None:
    """A supported claim and a near miss on one sentence of a passage; None where that cannot be had."""
    said = claimable(sentence) or sentence
    changes = rng.randint(1, 4)
    if kind == "elsewhere":
        other = _next_door(source, sources, rng)
        missed = other and reword(claimable(other) or other, changes, rng)
    else:
        missed = TURNS[kind](reword(said, changes, rng), sentence, source, rng)
    supported = reword(said, changes + 1, rng)
    # Nothing is learnt from a claim that is the sentence itself.
    return (supported, missed) if missed and missed not in (said, supported) and supported != said else None


def _next_door(source: Source, sources: Sequence[Source], rng: random.Random) -> str | None:
    """Of some sentences of other passages of the document, the one with most words of this passage, if none says it."""
    here = set(words(source.text))
    others = [one for other in sources if other.group == source.group and other is not source
              for one in other.sentences if claimable(one)]  # fmt: skip
    shares = [(len(here & set(words(one))) / len(set(words(one))), one) for one in others]
    kept = [one for one in shares if one[0] < 0.75]
    return max(rng.sample(kept, min(60, len(kept))))[1] if kept else None


def default_files(manuals: Path) -> list[Path]:
    """The documents of the corpus and the DDR standards, in one order."""
    corpus = [file for file in sorted(CORPUS.rglob("*.md")) if file.name != "README.md"]
    return [*corpus, *sorted(manuals.glob("IDDRS*.md"))]


def main(argv: list[str] | None = None) -> int:
    """Make the pairs, say how many of each kind, and how well what needs no training tells them apart."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.near_misses", description=__doc__.splitlines()[0])
    parser.add_argument("--manuals", type=Path, required=True, help="folder of the DDR standards (IDDRS*.md)")
    parser.add_argument("--show", type=int, default=0, help="print so many twins, drawn at random")
    arguments = parser.parse_args(argv)
    pairs = make_pairs(read_sources(default_files(arguments.manuals)))
    for twin in random.Random(SEED).sample(range(len(pairs) // 2), arguments.show):
        print(f"\n[{pairs[2 * twin].kind}] {pairs[2 * twin].premise}")
        print(*(f"  {pair.label} {pair.claim}" for pair in pairs[2 * twin : 2 * twin + 2]), sep="\n")
    kinds = list(dict.fromkeys(pair.kind for pair in pairs))
    print(len(pairs), "pairs:", *(f"{kind} {sum(pair.kind == kind for pair in pairs)}" for kind in kinds))
    twins = random.Random(SEED).sample(range(len(pairs) // 2), min(MEASURED, len(pairs) // 2))
    drawn = [pairs[i] for twin in twins for i in (2 * twin, 2 * twin + 1)]
    measured = Judge.load().measure([(pair.premise, pair.claim) for pair in drawn])
    for kind in ("", *kinds):
        rows = [i for i, pair in enumerate(drawn) if kind in ("", pair.kind)]
        labels = [drawn[i].label for i in rows]
        floors = {name: [measured[i].features[name] for i in rows] for name in ("word_recall", "sentence_cosine")}
        values = {name: float(auroc(labels, scores)(np.ones((1, len(rows))))[0]) for name, scores in floors.items()}
        print(kind or "all", *(f"{name} {value:.3f}" for name, value in values.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
