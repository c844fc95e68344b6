import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.records import Answer, Citation, Claim, Passage, Span
from assistant.settings import Settings
from evals import answers, compare
from evals.__main__ import main
from evals.answers import measure, scored
from evals.questions import Question
from tests.answering.chat_server import serving

TRAINED = "The mission trained 3,500 officers before it left the country"
PAID = "Donors paid for the barracks of the Liberia National Police"
LIBERIA, KOSOVO, VETTING = "cases/liberia.md", "cases/kosovo.md", "doctrine/vetting.md"


def question(**row: Any) -> Question:
    gold = [{"source": "un/a.pdf", "page": 4, "quote": TRAINED}]
    return Question.of(1, {"question": "How many?", "answerable": True, "gold": gold} | row)


def false_premise(**refutation: Any) -> Question:
    return question(answerable=False, gold=[], refutation={"source": "un/a.pdf", "quote": TRAINED} | refutation)


def judged(asked: Question, *cited: tuple[str, int, str]) -> dict[str, Any]:
    """The scores of an answer that cites these passages, each given by file, page and text, and quotes them whole; of
    an abstention where there are none."""
    passages = [Passage(f"{i}", s, 0, len(t), t, (Span(page, 0, len(t), t),)) for i, (s, page, t) in enumerate(cited)]
    return scored(asked, answer_with([citation(i, one) for i, one in enumerate(passages, start=1)]), passages)


def answer_with(citations: list[Citation]) -> Answer:
    return Answer(
        question="How many?",
        rewritten=None,
        status="answered" if citations else "abstained",
        text="The library has 3,500 pages, but none that answers this.",
        claims=tuple(Claim(one.quote, (one.number,)) for one in citations),
        citations=tuple(citations),
        nearest=(),
        notes=(),
        complete=True,
        generation="",
        model=None,
        timings_ms={},
    )


def citation(number: int, passage: Passage) -> Citation:
    span = passage.spans[0]
    unknown: dict[str, Any] = dict.fromkeys(
        ("title", "publisher", "year", "symbol", "kind", "status", "page_label", "paragraph")
    )
    return Citation(
        number=number,
        source=passage.source,
        page=span.page,
        page_end=span.page,
        section=(),
        quote=span.text,
        start=span.start,
        end=span.end,
        spans=passage.spans,
        passage_id=passage.id,
        **unknown,
    )


@pytest.mark.parametrize(
    ("cited", "on_page", "in_place"),
    [
        (("un/a.pdf", 4, TRAINED), True, True),
        (("un/a.pdf", 5, "Nothing of it."), True, False),
        (("un/a.pdf", 3, "Nothing of it."), True, False),
        (("un/a.pdf", 6, "Nothing of it."), False, False),
        (("un/a.pdf", 9, f"{TRAINED}."), False, True),
        (("un/b.pdf", 4, TRAINED), False, False),
    ],
)
def test_a_citation_is_right_by_its_page_and_by_its_passage(
    cited: tuple[str, int, str], on_page: bool, in_place: bool
) -> None:
    found = judged(question(), ("un/c.pdf", 4, "Beside the point."), cited)
    assert (found["page_cited"], found["place_cited"]) == (on_page, in_place)


def test_the_page_is_that_of_the_quote_and_the_place_that_of_its_passage() -> None:
    end = "Two left."
    text = f"{TRAINED}. {end}"
    spans = (Span(4, 0, len(TRAINED) + 1, f"{TRAINED}."), Span(7, 0, len(end), end))
    passage = Passage("p", "un/a.pdf", 0, len(text), text, spans)
    cited = replace(citation(1, passage), page=7, quote=end, spans=spans[1:])
    found = scored(question(), answer_with([cited]), [passage])
    assert (found["page_cited"], found["place_cited"]) == (False, True)


def test_where_all_places_are_needed_each_must_be_cited() -> None:
    gold = [{"source": "un/a.pdf", "page": 4, "quote": TRAINED}, {"source": "un/b.pdf", "page": 9, "quote": PAID}]
    first, second = ("un/a.pdf", 4, TRAINED), ("un/b.pdf", 9, PAID)
    assert judged(question(gold=gold), first)["place_cited"]
    one = judged(question(gold=gold, all=True), first)
    both = judged(question(gold=gold, all=True), first, second)
    assert (one["page_cited"], one["place_cited"]) == (False, False)
    assert (both["page_cited"], both["place_cited"]) == (True, True)


def test_key_facts_are_looked_for_in_what_is_said_and_not_in_its_marks() -> None:
    facts = [["3,500", "three thousand"], ["[1]"], ["Mission  TRAINED"]]
    found = judged(question(key_facts=facts), ("un/a.pdf", 4, TRAINED))
    assert found["facts_held"] == pytest.approx(2 / 3)
    assert found["facts_missing"] == [("[1]",)]


def test_an_abstention_cites_no_place_and_says_no_fact() -> None:
    found = judged(question(key_facts=[["3,500"]]))
    assert found["withheld"]
    assert (found["page_cited"], found["place_cited"], found["facts_held"]) == (False, False, 0.0)
    assert found["right"] is None  # said of questions without an answer only


def test_without_gold_places_no_place_is_right_or_wrong() -> None:
    found = judged(question(gold=[], key_facts=[["3,500"]]), ("un/a.pdf", 4, TRAINED))
    assert (found["page_cited"], found["place_cited"], found["facts_held"]) == (None, None, 1.0)


def test_a_question_without_an_answer_is_right_only_when_it_is_withheld() -> None:
    asked = question(answerable=False, gold=[])
    assert judged(asked)["right"]
    assert not judged(asked, ("un/a.pdf", 4, TRAINED))["right"]


@pytest.mark.parametrize(
    ("cited", "right", "in_place"),
    [
        ([], True, True),
        ([("un/a.pdf", 4, TRAINED)], True, True),
        ([("un/a.pdf", 5, "Nothing of it.")], True, False),
        ([("un/a.pdf", 1, "Nothing of it.")], False, False),
        ([("un/b.pdf", 4, TRAINED)], False, False),
    ],
)
def test_a_false_premise_is_met_by_withholding_or_by_citing_what_refutes_it(
    cited: list[tuple[str, int, str]], right: bool, in_place: bool
) -> None:
    found = judged(false_premise(page=4), *cited)
    assert (found["right"], found["right_in_place"]) == (right, in_place)


@pytest.mark.parametrize("source", ["un/a.pdf", "un/a.md"])
def test_where_the_page_of_a_refutation_is_not_given_its_passage_must_be_cited(source: str) -> None:
    asked = false_premise(source=source)
    assert judged(asked, (source, 7, TRAINED))["right"]
    assert not judged(asked, (source, 1, "Nothing of it."))["right"]


def row(name: str, **changes: Any) -> dict[str, Any]:
    """The record of an answerable question that was answered rightly."""
    made: dict[str, Any] = {
        "file": "a.jsonl",
        "id": name,
        "kind": "fact",
        "language": "en",
        "answerable": True,
        "gold": [{"source": f"{name}.pdf", "page": 1, "quote": TRAINED}],
        "refutation": None,
        "withheld": False,
        "reason": None,
        "page_cited": True,
        "place_cited": True,
        "facts_held": 1.0,
        "right": None,
        "right_in_place": None,
        "top_score": 0.9,
    }
    return made | changes


def unanswerable(name: str, **changes: Any) -> dict[str, Any]:
    """The record of a question without an answer that was answered all the same."""
    given = {"answerable": False, "gold": [], "page_cited": None, "place_cited": None, "facts_held": None}
    return row(name, kind="near_miss", top_score=0.2, right=False, right_in_place=False, **given) | changes


RECORDS = [
    row("a"),
    row("b", withheld=True, reason="year-missing", page_cited=False, place_cited=False, facts_held=0.0, language="fr"),
    row("c", gold=[], page_cited=None, place_cited=None, facts_held=0.5),
    unanswerable("d", withheld=True, reason="nothing-near", right=True, right_in_place=True),
    unanswerable("e"),
    unanswerable("f", kind="false_premise", refutation={"source": "x.md"}, right=True),
    unanswerable("g", kind="false_premise", refutation={"source": "x.md"}),
]


def test_reasons_are_counted_for_what_can_be_answered_and_for_the_rest() -> None:
    assert measure(RECORDS)["all"]["reasons"] == {
        "nothing-near": {"answerable": 0, "unanswerable": 1},
        "year-missing": {"answerable": 1, "unanswerable": 0},
    }


def test_each_figure_is_over_the_questions_that_it_is_about() -> None:
    figures = measure(RECORDS)["all"]["figures"]
    shown = {name: (one["value"], one["n"], one["undefined"]) for name, one in figures.items()}
    assert shown.pop("calibration error")[1:] == (7, 0)
    assert shown == {
        "right page cited": (0.5, 2, 1),
        "right place cited": (0.5, 2, 1),
        "key facts held": (0.5, 3, 0),
        "withheld wrongly": (0.3333, 3, 0),
        "withheld rightly": (0.25, 4, 0),
        "unanswerable right": (0.5, 4, 0),
        "false premise met": (0.5, 2, 0),
        "false premise met in place": (0.0, 2, 0),
        "answerable told apart": (1.0, 7, 0),
    }


def test_questions_of_one_document_are_drawn_together() -> None:
    of_one = [{"source": "one.pdf", "page": 1, "quote": TRAINED}]
    apart = [row(f"{i}", facts_held=float(i % 2)) for i in range(40)]
    together = [one | {"gold": of_one} if one["facts_held"] else one for one in apart]
    narrow, wide = (measure(rows)["all"]["figures"]["key facts held"] for rows in (apart, together))
    assert wide["high"] - wide["low"] > narrow["high"] - narrow["low"]


def test_files_are_measured_apart_and_languages_where_there_are_several() -> None:
    measured = measure([*RECORDS, row("h", file="b.jsonl", kind="list")])
    assert {name: part["n"] for name, part in measured["files"].items()} == {"a.jsonl": 7, "b.jsonl": 1}
    assert measured["all"]["n"] == 8
    french = measured["files"]["a.jsonl"]["languages"]["fr"]
    assert (french["key facts held"]["value"], french["withheld wrongly"]["value"]) == (0.0, 1.0)
    assert measured["files"]["b.jsonl"]["languages"] == {}
    assert measured["all"]["kinds"]["list"]["key facts held"]["n"] == 1


def test_scores_say_nothing_of_questions_that_are_all_answerable() -> None:
    measured = measure([row("a"), row("b")])["all"]
    for name in ("answerable told apart", "calibration error"):
        assert measured["figures"][name] == {"value": None, "low": None, "high": None, "n": 0, "undefined": 2}
    assert {one["share"] for one in measured["calibration"]} == {None}


def test_a_question_for_which_no_passage_was_found_has_no_score() -> None:
    figure = measure([*RECORDS, unanswerable("h", top_score=None)])["all"]["figures"]["answerable told apart"]
    assert (figure["n"], figure["undefined"]) == (7, 1)


def test_the_calibration_error_is_the_gap_of_the_points_kept_beside_it() -> None:
    records = [row(f"a{i}", top_score=0.505 + i / 100) for i in range(30)]
    records += [unanswerable(f"u{i}", top_score=0.4 + i / 100) for i in range(20)]
    part = measure(records)["all"]
    assert [one["n"] for one in part["calibration"]] == [5] * 10
    gap = sum(abs(one["share"] - one["probability"]) for one in part["calibration"]) / 10
    assert part["figures"]["calibration error"]["value"] == pytest.approx(gap, abs=1e-4)


def test_risk_counts_what_is_not_right_among_the_answers_given_surest_first() -> None:
    records = [
        row("a", top_score=0.9),
        row("b", top_score=0.8, facts_held=0.4),
        unanswerable("c", top_score=0.7, right=True),
        unanswerable("d", top_score=0.6, withheld=True, right=True),
        unanswerable("e", top_score=0.5),
    ]
    assert measure(records)["all"]["risk_coverage"] == [
        {"coverage": 0.2, "risk": 0.0},
        {"coverage": 0.4, "risk": 0.5},
        {"coverage": 0.6, "risk": 0.3333},
        {"coverage": 0.8, "risk": 0.5},
    ]


def test_what_is_undefined_is_not_shown_as_a_number() -> None:
    table = answers.as_table(measure([row("a", facts_held=None)]), {"all": {}, "files": {"a.jsonl": {}}})
    lines = {line[:28].strip(): line[28:].strip() for line in table.splitlines()}
    for name in ("key facts held", "withheld rightly", "false premise met", "answerable told apart"):
        assert lines[name].startswith("undefined  n 0"), name
    assert lines["seconds per question"] == "undefined"
    assert lines["right page cited"].startswith("1.000")


ROWS: list[dict[str, Any]] = [
    {
        "id": "gold",
        "question": "How many officers did the mission train in Liberia?",
        "kind": "number",
        "gold": [
            {"source": f"domain/{LIBERIA}", "page": 1, "quote": "The mission trained 3,500 officers of the Liberia"}
        ],
        "key_facts": [["3,500", "three thousand"], ["2007"], ["sergeants"]],
        "answerable": True,
    },
    {
        "id": "all",
        "question": "How does vetting differ from lustration?",
        "kind": "comparison",
        "gold": [
            {"source": VETTING, "page": 1, "quote": "Vetting differs from lustration, which bars whole groups."},
            {"source": KOSOVO, "page": 1, "quote": "The police of Kosovo became a multi-ethnic service."},
        ],
        "all": True,
        "key_facts": [["whole groups"]],
        "answerable": True,
    },
    {
        "id": "premise",
        "question": "Why did the school in Vushtrri take recruits of one community only?",
        "kind": "false_premise",
        "answerable": False,
        "refutation": {"source": KOSOVO, "quote": "The school trained recruits of all communities side by side."},
    },
    {"id": "none", "question": "How do I bake bread?", "kind": "out_of_scope", "answerable": False},
    {
        "id": "best",
        "question": "What does vetting do?",
        "kind": "definition",
        "key_facts": [["formal check"]],
        "answerable": True,
        "best": [{"source": VETTING, "section": "What vetting means"}],
        "language": "en",
    },
    {
        "id": "follow-up",
        "question": "Who ran it?",
        "kind": "follow_up",
        "history": [{"question": "How did the Kosovo police school work?"}],
        "key_facts": [["OSCE"]],
        "answerable": True,
    },
    {
        "id": "french",
        "question": "Qui dirigeait l'école de police du Kosovo ?",
        "kind": "fact",
        "key_facts": [["OSCE"]],
        "answerable": True,
        "language": "fr",
    },
]


@pytest.fixture(scope="module")
def asked_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("questions") / "small.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in ROWS), "utf-8")
    return path


@pytest.fixture(scope="module")
def folder(asked_settings: Settings, asked_file: Path) -> Path:
    """The folder of a run over the small file."""
    folder = asked_file.parent / "run"
    command = ["run", "--questions", str(asked_file), "--library", str(asked_settings.library), "--out", str(folder)]
    assert main(command) == 0
    return folder


def test_a_run_keeps_what_each_answer_cites_and_lacks(folder: Path) -> None:
    kept = compare.read_records(folder)
    assert list(kept) == [one["id"] for one in ROWS]
    gold = kept["gold"]
    assert gold["answer"]["citations"][0]["source"] == LIBERIA
    assert "3,500 officers" in gold["answer"]["text"] and "3,500 officers" in gold["answer"]["citations"][0]["quote"]
    assert (gold["page_cited"], gold["place_cited"], gold["facts_missing"]) == (True, True, [["sergeants"]])
    assert 0.5 < gold["top_score"] <= 1
    assert kept["all"]["place_cited"] is False  # only one of two places
    assert kept["premise"]["refutation"]["page"] is None and kept["premise"]["right_in_place"]
    assert kept["none"]["withheld"] and kept["none"]["right"]
    assert kept["best"]["page_cited"] is None and kept["best"]["facts_held"] == 1.0
    assert kept["french"]["language"] == "fr" and kept["french"]["facts_held"] == 1.0


def test_a_question_is_asked_with_its_history(folder: Path) -> None:
    asked = compare.read_records(folder)["follow-up"]
    assert "Kosovo" in asked["answer"]["rewritten"] and asked["facts_held"] == 1.0


def test_a_run_keeps_its_figures_and_its_times_apart(folder: Path) -> None:
    kept = {"records.jsonl", "figures.json", "latency.json", "run.json", "curves.html"}
    assert {path.name for path in folder.iterdir()} == kept
    assert (folder / "curves.html").read_text("utf-8").count("<svg") == 3
    measured = json.loads((folder / "figures.json").read_text("utf-8"))
    part = measured["files"]["small.jsonl"]
    assert part == measured["all"]
    assert part["figures"]["right place cited"]["value"] == 0.5 and part["figures"]["right place cited"]["n"] == 2
    assert part["figures"]["withheld wrongly"]["value"] == 0.0
    assert part["figures"]["unanswerable right"]["value"] == 1.0
    assert part["languages"]["fr"]["key facts held"]["value"] == 1.0
    assert set(part["kinds"]) == {one["kind"] for one in ROWS}
    times = json.loads((folder / "latency.json").read_text("utf-8"))
    assert 0 < times["files"]["small.jsonl"]["total"]["median"] <= times["all"]["total"]["p95"]


def test_of_a_chat_model_it_says_what_the_quoted_answer_held_and_when_its_first_sentence_came(
    asked_settings: Settings,
    asked_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving(["The mission trained 3,500 officers."]) as server:
        monkeypatch.setenv("SSR_CHAT_BASE_URL", server.url)
        asked = ["run", "--questions", str(asked_file), "--library", str(asked_settings.library)]
        assert main([*asked, "--model", "openai:scripted", "--out", str(tmp_path)]) == 0
    kept = compare.read_records(tmp_path)
    assert kept["gold"]["answer"]["model"] == "openai:scripted" and kept["gold"]["finished"]
    assert [claim["supported"] for claim in kept["gold"]["answer"]["claims"]] == [True]
    assert (kept["best"]["facts_held"], kept["best"]["quoted_facts"]) == (0.0, 1.0)
    assert kept["none"]["finished"] is None
    table = capsys.readouterr().out
    assert "key facts, quoted" in table and "seconds to first sentence" in table


def test_the_table_names_file_languages_and_seconds(
    asked_settings: Settings, asked_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limited = ["--library", str(asked_settings.library), "--limit", "5", "--out", str(tmp_path / "run")]
    assert main(["run", "--questions", str(asked_file), *limited]) == 0
    table = capsys.readouterr().out
    assert "small.jsonl: 5 questions" in table
    assert "key facts held, fr" in table and "at the 95th percentile  n 4" in table


def test_cases_and_questions_are_not_chosen_together(asked_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["run", "--questions", str(asked_file), "--split", "dev"])
    assert stopped.value.code == 2 and "--questions" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named_before_a_library_is_opened(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--questions", "nowhere.jsonl", "--library", "nowhere"]) == 2
    assert "nowhere.jsonl" in capsys.readouterr().err
