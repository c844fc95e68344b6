from assistant.settings import Settings
from evals.places import as_table, evaluate
from evals.questions import Question

QUESTIONS = [
    ("How many officers did the mission train in Liberia?", "cases/liberia.md", "The mission trained 3,500 officers"),
    ("Who ran the Kosovo police school?", "cases/kosovo.md", "The Kosovo police school opened in Vushtrri"),
]


def question(text: str, source: str, quote: str) -> Question:
    row = {"question": text, "answerable": True, "gold": [{"source": source, "page": 1, "quote": quote}]}
    return Question.of(1, row | {"key_facts": [["3,500", "Vushtrri"]]})


def test_each_step_finds_the_place_at_some_rank(asked_settings: Settings) -> None:
    asked = [question(*one) for one in QUESTIONS]
    steps = evaluate(asked, asked_settings)
    assert list(steps) == ["passage vectors", "+ full text", "+ sentence vectors", "+ symbols", "+ reader"]
    for figures in steps.values():
        values = [figures[f"recall@{k}"].value for k in (1, 5, 10, 50)]
        assert values == sorted(values) and values[-1] == 1.0
    assert steps["+ reader"]["recall@1"].value == 1.0
    assert steps["+ reader"]["facts@3"].value == 1.0
    assert "recall@50" in as_table(steps, len(asked))


def test_a_place_that_no_passage_holds_is_never_found(asked_settings: Settings) -> None:
    lost = question("Who?", "cases/kosovo.md", "nowhere to be read in it")
    assert evaluate([lost], asked_settings)["+ reader"]["recall@50"].value == 0
