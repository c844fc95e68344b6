"""Sentences tied to passages: what is made of them by rule, what the check says of them, and the command."""

import json
from difflib import SequenceMatcher
from pathlib import Path
from random import Random

import pytest

from assistant.assistant import Assistant
from assistant.encoder import MINILM, Encoder, find
from assistant.grounding import Judge
from assistant.records import Passage, Span
from assistant.records import Sentence as Stretch
from assistant.sentences import split_sentences
from assistant.settings import Settings
from evals.attribution import command, main, pairs
from evals.attribution.details import COUNTRY, DATE, NAME, NUMBER, OPENING_NAME, Detail, From, exchanged
from evals.attribution.pairs import trials_of_pairs
from evals.attribution.scenes import Scene, scenes_of, sentences_in
from evals.attribution.turned import figures_swapped, modal_changed, not_lost, not_put_in, opposite, roles_swapped
from evals.attribution.tying import Outcome, RememberingEncoder, tied
from evals.attribution.variants import VARIANTS, Trial, trials_of
from evals.attribution.wording import cut, opened, reworded
from tests.evals.test_breaking import LIBERIA, cases_of

HOME = """In 2004 the mission trained 3,500 officers in Liberia with money of Norad. By 2007 it had 1,200 left, and Sida
was asked for more."""
OTHER = "In Nepal 6,400 fighters of Prachanda waited until 2012. Hultman counted them there for Unicef."
BEYOND = "Peace came to Somalia in 1991, as Siad Barre fell. There 8,800 men followed Aidid."


def passage(name: str, text: str) -> Passage:
    line = " ".join(text.split())
    stretches = tuple(Stretch(start, end) for start, end in split_sentences(line))
    return Passage(name, f"{name}.md", 0, len(line), line, (Span(1, 0, len(line), line),), sentences=stretches)


def scene(home: str = HOME) -> Scene:
    shown = (passage("home", home), passage("other", OTHER))
    return Scene(shown, tuple(sentences_in(shown[0], shown)), (passage("beyond", BEYOND),), {})


def put(rule: object, text: str) -> str | None:
    """What a rule makes of a sentence that stands in a passage by itself."""
    own = scene(text)
    assert callable(rule)
    made = rule(own.sentences[0], own, Random(0))
    assert made is None or isinstance(made, str)
    return made


def replaced(before: str, after: str) -> tuple[str, str]:
    """The one stretch of words in which two sentences differ."""
    old, new = before.rstrip(".").split(), after.rstrip(".").split()
    changes = [op for op in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if op[0] != "equal"]
    assert len(changes) == 1, (before, after)
    _, a, b, c, d = changes[0]
    return " ".join(old[a:b]), " ".join(new[c:d])


@pytest.mark.parametrize(
    ("detail", "source", "change"),
    [
        (NUMBER, "own", ("3,500", "1,200")),
        (NUMBER, "other", ("3,500", "6,400")),
        (NUMBER, "none", ("3,500", "8,800")),
        (DATE, "own", ("2004", "2007")),
        (DATE, "other", ("2004", "2012")),
        (DATE, "none", ("2004", "1991")),
        (NAME, "other", ("Norad", "Prachanda")),
        (COUNTRY, "other", ("Liberia", "Nepal")),
        (COUNTRY, "none", ("Liberia", "Somalia")),
    ],
)
def test_one_detail_is_exchanged_for_one_that_stands_where_it_should(
    detail: Detail, source: From, change: tuple[str, str]
) -> None:
    own = scene()
    made = {exchanged(detail, source)(own.sentences[0], own, Random(seed)) for seed in range(9)}
    assert change in {replaced(own.sentences[0].text, text) for text in made if text}


def test_the_name_that_begins_a_sentence_is_exchanged_too() -> None:
    own = scene("Norad paid for the officers of the mission. The rest was due to Norad and Sida.")
    made = exchanged(OPENING_NAME, "other")(own.sentences[0], own, Random(0))
    assert made and replaced(own.sentences[0].text, made) in [("Norad", "Prachanda"), ("Norad", "Unicef")]


def test_what_cannot_be_exchanged_is_left_out() -> None:
    own = scene("Officers are trained by the mission before they serve.")
    for detail in (NUMBER, DATE, NAME, OPENING_NAME, COUNTRY):
        assert exchanged(detail, "other")(own.sentences[0], own, Random(0)) is None


def test_a_name_is_not_exchanged_for_its_own_acronym() -> None:
    home = passage("home", "Recruits came to the Liberian Border Unit by themselves. The LBU took nearly all of them.")
    own = Scene((home,), tuple(sentences_in(home, (home,))), (), {"LBU": ("Liberian Border Unit",)})
    assert exchanged(NAME, "own")(own.sentences[0], own, Random(0)) is None


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (not_put_in, "The old police was dissolved by a law of the new parliament.", "was not dissolved"),
        (not_put_in, "The army has never been paid, but it can be counted.", "it can not be counted"),
        (not_lost, "The Government had not provided steady funds for it.", "had provided steady funds"),
        (not_lost, "Data may never be passed on to a service abroad.", "may be passed on"),
        (not_lost, "They came without weapons to the camp near the border.", "came with weapons"),
        (modal_changed, "A team may ask for the list of all officers.", "must ask"),
        (modal_changed, "Each service should keep a list of its weapons.", "must not keep"),
        (opposite, "The number of recruits rose within two years of reform.", "fell within"),
        (figures_swapped, "It took 4,391 police in the place of 2,091 before.", "2,091 police in the place of 4,391"),
        (roles_swapped, "Norway trained Liberia for years before the war began.", "Liberia trained Norway for years"),
        (roles_swapped, "The police arrested the soldiers on the same day.", "The soldiers arrested the police"),
    ],
)
def test_a_sentence_is_turned_round(rule: object, before: str, after: str) -> None:
    made = put(rule, before)
    assert made and after in made and len(made.split()) - len(before.split()) in (-1, 0, 1)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (not_put_in, "The mission closed in the year after the war."),
        (not_lost, "It counts not only officers but soldiers as well."),
        (modal_changed, "In May the mission closed its last office."),
        (figures_swapped, "Reviews of 2014 and 2018 looked at the arrangement."),
        (roles_swapped, "Norway and Liberia signed an agreement after the war."),
    ],
)
def test_what_would_stay_true_or_has_nothing_to_turn_is_left_out(rule: object, text: str) -> None:
    assert put(rule, text) is None


def test_the_meaning_is_kept_when_a_sentence_is_put_otherwise() -> None:
    long = "Because the weapons fed crime in its own cities, Norway paid for more than 300 tons of them."
    assert put(reworded, long) == "Norway financed over 300 tons of them because the arms fed crime in its own cities."
    assert put(cut, "By 2007 it had found 1,200 officers of the old army in the far north of it.") == (
        "By 2007 it had found 1,200 officers of the old army."
    )
    assert (put(opened, "The officers are trained by the mission before they serve.") or "").endswith(
        ", the officers are trained by the mission before they serve."
    )
    assert (put(opened, "Norway paid for the officers of the old mission.") or "").endswith(
        ", Norway paid for the officers of the old mission."
    )


@pytest.fixture(scope="module")
def outcomes(assistant: Assistant) -> list[Outcome]:
    trials = trials_of(list(scenes_of(assistant, cases_of(assistant))), most=8)
    judge = Judge.load(encoder=RememberingEncoder())
    return [tied(trial, judge, assistant.library) for trial in trials]


def test_sentences_as_they_stand_are_tied_to_their_passage(outcomes: list[Outcome]) -> None:
    as_they_stand = [one for one in outcomes if one.trial.variant == "as it stands"]
    assert len(as_they_stand) > 5
    assert all(one.trial.text == one.trial.original and one.is_right for one in as_they_stand)


def test_what_is_invented_or_not_shown_rests_on_nothing_and_is_not_supported(outcomes: list[Outcome]) -> None:
    others = [one for one in outcomes if not one.trial.rests_on]
    assert others and not any(one.supported for one in others)
    assert "supported" in command.measure(others)["invented"]
    assert "its passage cited" not in command.measure(others)["invented"]


def test_merged_sentences_rest_on_two_passages(outcomes: list[Outcome]) -> None:
    merged = [one for one in outcomes if "merged" in one.trial.variant]
    assert merged and all(len(one.trial.rests_on) == 2 for one in merged)
    assert all(one.cites_its_passages for one in merged if len(one.cited) == 2)


def test_each_variant_has_each_sentence_once_and_no_more_than_asked(assistant: Assistant) -> None:
    scenes = list(scenes_of(assistant, cases_of(assistant)))
    trials = trials_of(scenes, most=3)
    assert trials == trials_of(scenes, most=3)
    for variant in VARIANTS:
        originals = [trial.original for trial in trials if trial.variant == variant.name]
        assert len(originals) == len(set(originals)) <= 3


def test_vectors_are_kept_and_are_those_of_the_encoder() -> None:
    encoder, plain = RememberingEncoder(), Encoder(find(MINILM))
    first, again = encoder.encode_tokens(["Officers.", "Officers."])
    assert first is again is encoder.encode_tokens(["Officers."])[0]
    assert (first.tokens == plain.encode_tokens(["Officers."])[0].tokens).all()
    assert encoder.count_tokens("Officers.") == plain.count_tokens("Officers.")


def test_claims_of_people_are_tied_where_their_passage_stands_in_the_library(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    premise = "The mission trained 3,500 officers of the Liberia National Police by July 2007."
    rows = [
        {"premise": premise, "claim": "By July 2007 it had trained 3,500 officers.", "label": 1, "kind": "paraphrase"},
        {"premise": premise, "claim": "By July 2008 it had trained 3,500 officers.", "label": 0, "kind": "other-date"},
        {"premise": "Nothing of it stands here.", "claim": "It stands nowhere.", "label": 1, "kind": "paraphrase"},
    ]
    lines = [row | {"group": LIBERIA, "passage": number // 2} for number, row in enumerate(rows)]
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    monkeypatch.setattr(pairs, "PAIRS", path)
    trials = list(trials_of_pairs(assistant))
    assert [(one.variant, one.is_true) for one in trials] == [
        ("by people: paraphrase", True),
        ("by people: other date", False),
    ]
    assert all(premise in " ".join(one.shown[0].text.split()) for one in trials)
    assert list(trials_of_pairs(assistant, limit=1)) == trials


def test_the_command_prints_what_should_be_supported_and_what_should_not(
    assistant: Assistant,
    asked_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "select", lambda split, kind, limit: cases_of(assistant)[:limit])
    assert main(["--library", str(asked_settings.library), "--limit", "1", "--show"]) == 0
    printed = capsys.readouterr().out
    assert printed.index("Should be supported") < printed.index("as it stands, ") < printed.index("Should not be")
    assert main(["--library", str(asked_settings.library), "--limit", "1", "--json"]) == 0
    variants = json.loads(capsys.readouterr().out)["variants"]
    assert variants["as it stands"]["supported"]["value"] == 1.0
    assert variants["invented"]["is_true"] is False and "its passage cited" not in variants["invented"]


def test_the_command_takes_questions_of_a_file(
    asked_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_text('{"question": "What is vetting?", "answerable": true}\n')
    assert main(["--library", str(asked_settings.library), "--questions", str(asked), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["variants"]["as it stands"]["supported"]["value"] == 1.0


def test_a_sentence_is_tied_rightly_only_to_what_it_rests_on() -> None:
    trial = Trial("merged", True, "A, and b.", "A.", (frozenset({"one"}), frozenset({"two", "three"})), (), "group")
    assert Outcome(trial, True, frozenset({"one", "three"})).is_right
    assert not Outcome(trial, True, frozenset({"one"})).is_right
    assert not Outcome(trial, False, frozenset()).is_right
