"""The training of the cross-encoder: what it reads, what it learns from, and that it goes on where it was stopped."""

import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from evals.training import cross_encoder as training
from evals.training.cross_encoder import LONGEST, Couples, CrossEncoder, Reader, Row, Stack, loss, steps, train

PREMISE = "The mission closed in 2005. It had trained 3,500 police officers. The army was not vetted."


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture
def model() -> CrossEncoder:
    torch.manual_seed(0)
    return CrossEncoder()


@pytest.fixture(scope="module")
def rows(reader: Reader) -> list[Row]:
    """Two claims a group, of which what the evidence says tells which is supported."""
    return [
        reader.row(f"The mission trained {said}.", f"They trained {claim}.", int(said == claim), "s", str(group))
        for group, (said, other) in enumerate(itertools.permutations(("police", "judges", "guards", "nurses"), 2))
        for claim in (said, other)
    ]


def clock() -> float:
    """Each look at it takes a second."""
    return next(_seconds)


_seconds = itertools.count()


def test_a_short_premise_is_read_whole(reader: Reader) -> None:
    assert reader.evidence(PREMISE, "The mission ended.", 90) == PREMISE


def test_of_a_long_premise_the_sentences_that_hold_the_claim_are_read(reader: Reader) -> None:
    filler = " ".join(f"Bakers of street {n} sell bread on market days." for n in range(60))
    row = reader.row(f"{filler} {PREMISE} {filler}", "The army was vetted.", 0, "s", "g")
    assert "The army was not vetted." in reader.evidence(row.premise, row.claim, 90)
    assert len(row.ids) <= LONGEST


def test_a_sentence_without_an_end_is_cut(reader: Reader) -> None:
    row = reader.row("police " * 900, "judges " * 900, 0, "s", "g")
    assert len(row.ids) == LONGEST and row.claim_at < LONGEST


def test_a_score_does_not_depend_on_the_batch(model: CrossEncoder, rows: list[Row], reader: Reader) -> None:
    longer = reader.row(PREMISE * 3, "The army was vetted.", 0, "s", "g")
    together = model.scores([*rows[:3], longer])
    assert together == pytest.approx([model.scores([row])[0] for row in (*rows[:3], longer)], abs=0.02)


def test_a_claim_is_judged_by_its_evidence(model: CrossEncoder, reader: Reader) -> None:
    same_claim = [
        reader.row(premise, "They trained police.", 1, "s", "g") for premise in ("They trained police.", "Rain.")
    ]
    first, second = model.scores(same_claim)
    assert first != second


def test_couples_are_of_one_group_where_there_is_one(rows: list[Row], reader: Reader) -> None:
    lonely = reader.row(PREMISE, "The army was vetted.", 0, "s", "alone")
    couples, rng = Couples([*rows, lonely], 1.0), random.Random(0)
    for supported, missed, near in (couples.draw(rng) for _ in range(200)):
        assert (supported.label, missed.label) == (1, 0)
        assert near == (supported.group == missed.group) == (missed is not lonely)


def test_a_step_holds_couples_of_like_length_and_no_more_than_fit(rows: list[Row], reader: Reader) -> None:
    long = [reader.row(PREMISE * 9, claim, label, "t", "g") for claim, label in (("It closed.", 1), ("Rain.", 0))]
    sets = [Couples(rows, 1.0), Couples(long, 1.0)]
    for step in itertools.islice(steps(sets, random.Random(0)), 12):
        lengths = [len(row.ids) for couple in step for row in couple[:2]]
        assert max(lengths) * len(lengths) <= training.PIECES_A_STEP


def test_it_learns_and_leaves_the_embeddings_alone(model: CrossEncoder, rows: list[Row], tmp_path: Path) -> None:
    before = model.encoder.embeddings.word_embeddings.weight.clone()
    couples = [Couples(rows, 1.0)]
    drawn = next(steps(couples, random.Random(1)))[:8]
    model.eval()
    started = loss(model, drawn).item()
    train(model, couples, 12, tmp_path / "state.pt", clock)
    model.eval()
    assert loss(model, drawn).item() < started
    assert torch.equal(model.encoder.embeddings.word_embeddings.weight, before)


def test_it_goes_on_where_it_was_stopped(
    model: CrossEncoder, rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "SAVE_SECONDS", 2)
    monkeypatch.setattr(training, "PIECES_A_STEP", 200)
    state, done = tmp_path / "state.pt", []

    def stopping(model: CrossEncoder, couples: list[training.Couple]) -> torch.Tensor:
        done.append(1)
        if len(done) == 4:
            raise KeyboardInterrupt
        return loss(model, couples)

    monkeypatch.setattr(training, "loss", stopping)
    with pytest.raises(KeyboardInterrupt):
        train(model, [Couples(rows, 1.0)], 6, state, clock)
    kept = torch.load(state)
    assert (kept["step"], kept["spent"]) == (2, 2)
    train(model, [Couples(rows, 1.0)], 6, state, clock)
    assert len(done) == 4 + 4  # from the second step to the sixth
    assert torch.load(state)["step"] == 6
    train(model, [Couples(rows, 1.0)], 6, state, clock)
    assert len(done) == 8  # all was learnt


def test_the_stack_takes_what_tells(rows: list[Row]) -> None:
    rng = np.random.default_rng(0)
    labels = np.array([row.label for row in rows])
    measures = rng.normal(size=(len(rows), 3))
    stack = Stack(labels + 0.1 * rng.normal(size=len(rows)), measures, rows)
    found = stack(labels.astype(float), measures)
    assert found[labels == 1].min() > found[labels == 0].max()


def test_the_same_groups_are_held_back_each_time(rows: list[Row]) -> None:
    held = [training.is_held_back(row) for row in rows]
    assert held == [training.is_held_back(row) for row in rows]
    assert all(first == second for first, second in zip(held[::2], held[1::2], strict=True))


def test_the_report_sets_floors_beside_each_set_and_the_mean_over_those_left_out(
    model: CrossEncoder, rows: list[Row], capsys: pytest.CaptureFixture[str]
) -> None:
    training.report(model, {"snli": rows[:6], "wice": rows[6:12], "ssr": rows[12:18]}, rows)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["snli", "wice", "ssr", "mean"]
    for name in ("word_overlap", "sentence_cosine", "mean_rank", "cross_encoder", "with_floors", "stack"):
        of_sets = [float(line.split(f" {name} ")[1].split()[0]) for line in lines]
        assert of_sets[3] == pytest.approx((of_sets[0] + of_sets[1]) / 2, abs=0.001)
