"""The assistant broken on purpose: the right figures fall, and the gate closes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.grounding import Judge
from assistant.library.indexing import ingest
from assistant.records import Answer, Citation, Claim, Span
from assistant.settings import Settings
from evals import compare, figures, gate
from evals.cases import Case, Gold
from evals.run import record, run

LIBERIA, KOSOVO, VETTING = "cases/liberia.md", "cases/kosovo.md", "doctrine/vetting.md"
ANSWERABLE = [
    ("How many officers did the mission train in Liberia?", LIBERIA, "The mission trained 3,500 officers", "3,500"),
    ("Who paid for the barracks of the Liberia National Police?", LIBERIA, "Donors paid for the barracks", "Donors"),
    ("When did the Kosovo police school open?", KOSOVO, "opened in Vushtrri in September 1999", "September 1999"),
    ("Who ran the Kosovo police school?", KOSOVO, "was run by the OSCE", "OSCE"),
    ("Whom did the Kosovo police school train?", KOSOVO, "all communities side by side", "all communities"),
    ("What is vetting?", VETTING, "Vetting is a formal check", "formal check"),
    ("How does vetting differ from lustration?", VETTING, "Vetting differs from lustration", "whole groups"),
    ("What steps does a vetting process have?", VETTING, "A vetting process has four steps", "census"),
]
UNANSWERABLE = ["How do I bake bread?", "What is the navy of Peru?", "Who won the football cup?", "Is Mars red?"]


def cases_of(assistant: Assistant) -> list[Case]:
    made = [
        Case(f"a{i}", question, "factoid", "dev", gold=(Gold(source, 1, quote),), key_facts=(fact,))
        for i, (question, source, quote, fact) in enumerate(ANSWERABLE)
    ]
    return made + [Case(f"u{i}", question, "out-of-scope", "dev") for i, question in enumerate(UNANSWERABLE)]


class Broken:
    """The assistant with something done to each answer before it is judged and written down."""

    def __init__(self, assistant: Assistant, spoil: Callable[[Answer], Answer]) -> None:
        self._assistant = assistant
        self._spoil = spoil
        self.library = assistant.library
        self.encoder = assistant.encoder
        self.judge: Judge = assistant.judge

    def ask(self, question: str, history: object = ()) -> Answer:
        return self.judge.check(self._spoil(self._assistant.ask(question)), self.library)

    def search(self, *arguments: Any) -> Any:
        return self._assistant.search(*arguments)


def records_of(assistant: Any) -> dict[str, dict[str, Any]]:
    return {case.id: record(case, assistant)[0] for case in cases_of(assistant)}


def values_of(records: dict[str, dict[str, Any]]) -> dict[str, float | None]:
    return {name: figure["value"] for name, figure in figures.measure(list(records.values()))["figures"].items()}


@pytest.fixture(scope="module")
def sound(assistant: Assistant) -> dict[str, dict[str, Any]]:
    return records_of(assistant)


def spoilt(assistant: Assistant, spoil: Callable[[Answer], Answer]) -> dict[str, dict[str, Any]]:
    return records_of(Broken(assistant, spoil))


def closed(sound: dict[str, dict[str, Any]], broken: dict[str, dict[str, Any]]) -> str:
    return "\n".join(gate.fallen(compare.values(sound), compare.values(broken)))


def test_sound_answers_open_the_gate(sound: dict[str, dict[str, Any]]) -> None:
    values = values_of(sound)
    for name in ("right place cited", "key facts held", "claims supported", "citation precision"):
        assert (values[name] or 0.0) > 0.8, name
    assert values["unanswerable abstained"] == 1.0
    assert closed(sound, sound) == ""


@pytest.mark.parametrize(
    ("place", "expected"),
    [(Gold(KOSOVO, 1, "was run by the OSCE"), True), (Gold(LIBERIA, 1, "Donors paid"), False), (None, None)],
)
def test_a_premise_is_refuted_by_quoting_the_very_place(
    assistant: Assistant, place: Gold | None, expected: bool | None
) -> None:
    case = Case("p", "Who ran the Kosovo police school?", "false-premise", "dev", refutation=(place,) if place else ())
    assert record(case, assistant)[0]["refuted"] is expected


def elsewhere(assistant: Assistant) -> Callable[[Answer], Answer]:
    """Each citation moved to a passage of another document."""
    passages = {s: assistant.library.passages_of(s)[0] for s in (LIBERIA, VETTING)}

    def moved(citation: Citation) -> Citation:
        passage = passages[VETTING if citation.source == LIBERIA else LIBERIA]
        sentence = passage.sentences[0]
        text = passage.sentence_text(sentence)
        start = passage.spans[0].start + sentence.start - passage.start
        span = Span(1, start, start + len(text), text)
        return replace(
            citation,
            source=passage.source,
            passage_id=passage.id,
            quote=text,
            spans=(span,),
            start=span.start,
            end=span.end,
        )

    return lambda answer: replace(answer, citations=tuple(map(moved, answer.citations)))


def test_passages_of_another_document_lose_the_place_and_the_support(
    assistant: Assistant, sound: dict[str, dict[str, Any]]
) -> None:
    broken = spoilt(assistant, elsewhere(assistant))
    values = values_of(broken)
    assert values["right place cited"] == 0.0
    assert values["key facts held"] == values_of(sound)["key facts held"]  # the words are still there
    assert values["claims supported"] is not None and values["claims supported"] < 0.3
    assert values["citation precision"] is not None and values["citation precision"] < 0.3
    assert "right place cited" in closed(sound, broken) and "claims supported" in closed(sound, broken)


def test_numbers_that_stand_for_no_citation_lose_the_support(
    assistant: Assistant, sound: dict[str, dict[str, Any]]
) -> None:
    def shifted(answer: Answer) -> Answer:
        claims = tuple(replace(c, citations=tuple(n + 7 for n in c.citations)) for c in answer.claims)
        return replace(answer, claims=claims)

    broken = spoilt(assistant, shifted)
    assert values_of(broken)["claims supported"] == 0.0
    assert "claims supported" in closed(sound, broken)


def test_a_composer_that_invents_loses_support(assistant: Assistant, sound: dict[str, dict[str, Any]]) -> None:
    invented = "The programme cost 94 million dollars and was led by a Danish admiral."

    def inventing(answer: Answer) -> Answer:
        if answer.status == "abstained":
            return answer
        claims = (*answer.claims, Claim(invented, (1,)))
        return replace(answer, claims=claims)

    broken = spoilt(assistant, inventing)
    values = values_of(broken)
    assert values["right place cited"] == 1.0
    assert values["answers fully supported"] == 0.0
    assert "claims supported" in closed(sound, broken)


def test_always_abstaining_loses_the_answerable(assistant: Assistant, sound: dict[str, dict[str, Any]]) -> None:
    def silent(answer: Answer) -> Answer:
        return replace(answer, status="abstained", text="Nothing.", claims=(), citations=())

    broken = spoilt(assistant, silent)
    values = values_of(broken)
    assert values["answerable abstained"] == 1.0 and values["key facts held"] == 0.0
    assert values["claims supported"] is None  # undefined, not zero
    assert "answerable abstained" in closed(sound, broken)


def test_never_abstaining_loses_the_unanswerable(assistant: Assistant, sound: dict[str, dict[str, Any]]) -> None:
    answered = assistant.ask("What is vetting?")

    def talkative(answer: Answer) -> Answer:
        return answer if answer.status == "answered" else replace(answered, question=answer.question)

    broken = spoilt(assistant, talkative)
    assert values_of(broken)["unanswerable abstained"] == 0.0
    assert "unanswerable abstained" in closed(sound, broken)


@pytest.fixture
def own_settings(asked_settings: Settings, tmp_path: Path) -> Settings:
    """The small corpus in a library of its own, which a test may change."""
    settings = Settings(corpus=tmp_path / "corpus", library=tmp_path / "library")
    for source in (LIBERIA, KOSOVO, VETTING):
        target = settings.corpus / source
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((asked_settings.corpus / source).read_bytes())
    ingest(settings)
    return settings


def test_a_removed_document_loses_its_cases(own_settings: Settings, sound: dict[str, dict[str, Any]]) -> None:
    (own_settings.corpus / KOSOVO).unlink()
    ingest(own_settings)
    assistant = Assistant.open(own_settings)
    broken = records_of(assistant)
    of_kosovo = [r for r in broken.values() if r["gold"] and r["gold"][0]["source"] == KOSOVO]
    assert {figures.first_lost(r) for r in of_kosovo} == {"retrieval"}
    assert "right place cited" in closed(sound, broken)
    assistant.library.close()


def test_two_runs_give_the_same_bytes(own_settings: Settings, tmp_path: Path, assistant: Assistant) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        run(cases_of(assistant), own_settings, folder)
    for name in ("records.jsonl", "run.json", "figures.json"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name
    before, after = compare.common(*folders)
    assert compare.flipped(before, after) == ([], [])
