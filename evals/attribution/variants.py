"""How a chat model's sentence may stand to the passages that it was shown, true and false, and the trials drawn."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from assistant.answering.gaps import countries
from assistant.records import Passage
from evals.attribution import turned, wording
from evals.attribution.details import COUNTRY, DATE, NAME, NUMBER, OPENING_NAME, Rule, exchanged
from evals.attribution.scenes import Scene, Sentence, sentences_in

MOST = 60  # sentences of a variant: with all of the shipped dev cases the whole takes minutes, not hours
SEED = 0
Item = TypeVar("Item")
_JOINED = (", and ", ", while ", "; ")
# Plausible in any country, and in none of our documents; without numbers and names, so that nothing can be looked up.
_INVENTED = (
    "A lottery decided which veterans of {place} received farmland.",
    "In {place} the judges visited each barracks once a month and heard complaints there.",
    "The helicopters of the police of {place} were sold to pay for new uniforms.",
    "Trainees in {place} were taught in their mother tongues so that villages would trust them.",
    "The headquarters was moved out of the capital after a dispute over rent.",
    "The parliament of {place} held its hearings on the army by candlelight and without a record.",
    "Retired officers of {place} opened a school of music with the money of the reform.",
    "Recruits had to bring a letter from their grandmother before they could enlist.",
    "The programme was led by an admiral who had never been to {place}.",
    "A board of women reviewed each promotion before the minister of {place} signed it.",
    "Donors paid for a museum of the old police in the second city of {place}.",
    "Patrols in {place} were accompanied by teachers, who explained the law to children.",
)


@dataclass(frozen=True, slots=True)
class Written:
    """What is given to the check. `rests_on`: for each part of it the ids of the passages that say it."""

    text: str
    rests_on: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to write, `is_true` where what comes out says what its passages say."""

    name: str
    is_true: bool
    write: Callable[[Sentence, Scene, Random], Written | None]


@dataclass(frozen=True, slots=True)
class Trial:
    """A text to be tied to the passages shown, made from a sentence; `group` is the document of that."""

    variant: str
    is_true: bool
    text: str
    original: str
    rests_on: tuple[frozenset[str], ...]
    shown: tuple[Passage, ...]
    group: str


def trials_of(scenes: Sequence[Scene], most: int = MOST) -> list[Trial]:
    """At most so many trials of each variant, spread over the scenes, each sentence once a variant; scene by scene."""
    drawn = list(_in_turn(scenes))
    found = [trial for variant in VARIANTS for trial in _trials(variant, drawn, most)]
    return [trial for _, trial in sorted(found, key=lambda one: one[0])]


def _trials(variant: Variant, drawn: Sequence[tuple[int, Scene, Sentence]], most: int) -> list[tuple[int, Trial]]:
    draw = Random(f"{SEED} {variant.name}")
    found: list[tuple[int, Trial]] = []
    for number, scene, sentence in drawn:
        written = variant.write(sentence, scene, draw) if len(found) < most else None
        if written:
            group = sentence.homes[0].source
            trial = Trial(
                variant.name, variant.is_true, written.text, sentence.text, written.rests_on, scene.shown, group
            )
            found.append((number, trial))
    return found


def _in_turn(scenes: Sequence[Scene]) -> Iterator[tuple[int, Scene, Sentence]]:
    """The sentences of all scenes, each once: of the quoted answers, one of each scene and then another of each; then,
    for what few sentences have, in the same way those of all that is shown."""
    draw, seen = Random(SEED), set[str]()
    for sentences_of in (lambda scene: scene.sentences, _all_shown):
        waiting = [(number, scene, _shuffled(sentences_of(scene), draw)) for number, scene in enumerate(scenes)]
        while any(sentences for _, _, sentences in waiting):
            for number, scene, sentences in _shuffled(waiting, draw):
                if sentences and (sentence := sentences.pop()).text not in seen:
                    seen.add(sentence.text)
                    yield number, scene, sentence


def _all_shown(scene: Scene) -> list[Sentence]:
    return [sentence for passage in scene.shown for sentence in sentences_in(passage, scene.shown)]


def _shuffled(items: Sequence[Item], draw: Random) -> list[Item]:
    return draw.sample(items, len(items))


def _said(name: str, rule: Rule, is_true: bool) -> Variant:
    def write(sentence: Sentence, scene: Scene, draw: Random) -> Written | None:
        text = rule(sentence, scene, draw)
        return Written(text, (_ids(sentence),)) if text else None

    return Variant(name, is_true, write)


def _merged(sentence: Sentence, scene: Scene, draw: Random) -> Written | None:
    """Joined with a sentence of another passage: of the quoted answer, else of what is shown besides."""
    others = [other for other in scene.sentences if not {*sentence.homes} & {*other.homes}]
    beside = scene.beside(sentence)
    others = others or (sentences_in(draw.choice(beside), scene.shown) if beside else [])
    if not others:
        return None
    other = draw.choice(others)
    text = sentence.text.rstrip(".") + draw.choice(_JOINED) + wording.inner(other.text, scene)
    return Written(text, (_ids(sentence), _ids(other)))


def _invented(sentence: Sentence, scene: Scene, draw: Random) -> Written | None:
    """A plausible sentence, set in a country of what is shown."""
    places = sorted({name for passage in scene.shown for name in countries(passage.text)})
    return Written(draw.choice(_INVENTED).format(place=draw.choice(places) if places else "the country"), ())


def _of_none_shown(sentence: Sentence, scene: Scene, draw: Random) -> Written | None:
    """A sentence of a document that the search ranked behind those shown."""
    found = sentences_in(draw.choice(scene.beyond), scene.shown) if scene.beyond else []
    others = [other for other in found if len(other.homes) == 1]
    return Written(draw.choice(others).text, ()) if others else None


def _ids(sentence: Sentence) -> frozenset[str]:
    return frozenset(passage.id for passage in sentence.homes)


VARIANTS = (
    _said("as it stands", wording.as_it_stands, True),
    _said("cut to its first two thirds", wording.cut, True),
    _said("with an opening", wording.opened, True),
    _said("reworded by rule", wording.reworded, True),
    Variant("merged with one of another passage", True, _merged),
    _said("number: of its own passage", exchanged(NUMBER, "own"), False),
    _said("number: of another passage shown", exchanged(NUMBER, "other"), False),
    _said("number: of none shown", exchanged(NUMBER, "none"), False),
    _said("year or month: of its own passage", exchanged(DATE, "own"), False),
    _said("year or month: of another passage shown", exchanged(DATE, "other"), False),
    _said("year or month: of none shown", exchanged(DATE, "none"), False),
    _said("name: of its own passage", exchanged(NAME, "own"), False),
    _said("name: of another passage shown", exchanged(NAME, "other"), False),
    _said("name: of none shown", exchanged(NAME, "none"), False),
    _said("name that begins it: of another passage shown", exchanged(OPENING_NAME, "other"), False),
    _said("country: of its own passage", exchanged(COUNTRY, "own"), False),
    _said("country: of another passage shown", exchanged(COUNTRY, "other"), False),
    _said("country: of none shown", exchanged(COUNTRY, "none"), False),
    _said("two numbers or years exchanged", turned.figures_swapped, False),
    _said("two names exchanged (roles)", turned.roles_swapped, False),
    _said('a "not" put in', turned.not_put_in, False),
    _said('a "not" lost', turned.not_lost, False),
    _said("may, must, should changed", turned.modal_changed, False),
    _said("a word turned into its opposite", turned.opposite, False),
    Variant("invented", False, _invented),
    Variant("of a document not shown", False, _of_none_shown),
)
