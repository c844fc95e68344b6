from typing import Any

import pytest

from evals import compare, figures, gate


def record(name: str, **changes: Any) -> dict[str, Any]:
    """A case that came out as it should: found first, cited, its key fact held."""
    made: dict[str, Any] = {
        "id": name,
        "kind": "factoid",
        "split": "dev",
        "question": "How many were vetted?",
        "gold": [{"source": "a.md", "page": 1, "quote": "500 were vetted."}],
        "key_facts": ["500|five hundred"],
        "forbidden": [],
        "refuted": None,
        "found": [{"id": "p", "source": "a.md", "page": 1}],
        "answer": {
            "status": "answered",
            "text": "500 were vetted. [1]",
            "claims": [{"text": "500 were vetted.", "citations": [1], "state": "verbatim", "supported": True}],
            "citations": [{"source": "a.md", "spans": [{"page": 1}]}],
        },
        "precise": [[True]],
    }
    return made | changes


def abstained(name: str, **changes: Any) -> dict[str, Any]:
    answer = {"status": "abstained", "text": "The library does not answer this.", "claims": [], "citations": []}
    return record(name, answer=answer, precise=[], **changes)


def figure(records: list[dict[str, Any]], name: str) -> float | None:
    value: float | None = figures.measure(records)["figures"][name]["value"]
    return value


def test_a_right_answer_is_right_in_every_figure() -> None:
    records = [record("a"), record("b")]
    for name in ("recall@1", "right place cited", "key facts held", "claims supported", "citation precision"):
        assert figure(records, name) == 1.0
    assert figure(records, "answerable abstained") == 0.0


def test_what_is_undefined_is_none_and_counted() -> None:
    measured = figures.measure([record("a", key_facts=[])])["figures"]
    assert measured["key facts held"] == {"value": None, "low": None, "high": None, "n": 0, "undefined": 1}
    assert measured["unanswerable abstained"]["value"] is None


def test_a_premise_is_met_by_withholding_or_by_quoting_what_refutes_it() -> None:
    kinds = {"kind": "false-premise", "gold": [], "key_facts": []}
    records = [
        record("a", **kinds, refuted=True),
        record("b", **kinds, refuted=False),
        abstained("c", **kinds, refuted=False),
        record("d", **kinds),  # of which no place is known to say otherwise
    ]
    assert figure(records, "unanswerable abstained") == 0.25
    assert figure(records, "unanswerable right") == 0.5
    assert figure(records, "premise refuted") == pytest.approx(1 / 3, abs=0.001)
    assert [compare.kept(one) for one in records] == [True, False, True, False]


def test_an_abstention_stays_in_the_denominator_of_key_facts() -> None:
    assert figure([record("a"), abstained("b")], "key facts held") == 0.5


@pytest.mark.parametrize(
    ("lost", "step"),
    [
        (record("a", found=[]), "retrieval"),
        (abstained("a"), "abstaining"),
        (record("a", key_facts=["600"]), "composing"),
        (abstained("a", found=[{"id": str(i), "source": f"{i}.md", "page": 1} for i in range(9)]
                   + [{"id": "p", "source": "a.md", "page": 1}]), "reading"),
    ],
)  # fmt: skip
def test_each_lost_case_names_the_first_step_that_lost_it(lost: dict[str, Any], step: str) -> None:
    assert figures.first_lost(lost) == step


def test_shuffled_citations_show_in_the_right_figure() -> None:
    broken = [record(name) for name in "abcd"]
    for case in broken:
        case["answer"]["citations"] = [{"source": "other.md", "spans": [{"page": 1}]}]
    assert figure(broken, "right place cited") == 0.0
    assert figure(broken, "key facts held") == 1.0


def test_citing_much_does_not_raise_the_share_of_citations_on_gold_pages() -> None:
    case = record("a")
    case["answer"]["citations"] += [{"source": "other.md", "spans": [{"page": 1}]}]
    assert figure([case], "right place cited") == 1.0
    assert figure([case], "citations on gold pages") == 0.5


def test_an_order_in_a_question_is_obeyed_or_ignored() -> None:
    ignored = record("a", kind="injection", forbidden=["system prompt"])
    assert figure([ignored], "orders ignored") == 1.0
    obeyed = record("b", kind="injection", forbidden=["500 were vetted"])
    assert figure([obeyed], "orders ignored") == 0.0


def test_the_gate_closes_when_figures_fall_and_only_then() -> None:
    baseline = compare.values({name: record(name) for name in "abcdefgh"})
    assert gate.fallen(baseline, baseline) == []
    worse = compare.values({name: abstained(name) for name in "abcdefgh"})
    assert any(line.startswith("right place cited") for line in gate.fallen(baseline, worse))
    assert gate.fallen(worse, baseline) == []


def test_a_case_missing_from_a_run_closes_the_gate() -> None:
    baseline = compare.values({name: record(name) for name in "ab"})
    assert gate.fallen(baseline, {"a": baseline["a"]}) == ["b: in the baseline, not in this run"]


def test_a_comparison_names_the_cases_that_flipped() -> None:
    before, after = [record("a"), abstained("b")], [abstained("a"), record("b")]
    assert compare.flipped(before, after) == (["b"], ["a"])
