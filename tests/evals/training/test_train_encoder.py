"""The training of the encoder: it reads as the product does, learns what it should, and writes what is loaded."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from assistant.encoder import E5, Encoder, Model, PassageInput, find
from assistant.late_interaction import LateInteraction
from assistant.settings import Settings
from evals.training import encoder as training
from evals.training import reader as reader_training
from evals.training import reader_data
from evals.training.encoder import Learner, Read, loss, train
from evals.training.reader_data import Example, Given

QUESTIONS = ("Who checks the past of officers?", "Combien d'agents ont été formés au Libéria ?", "DDR")
SENTENCES = tuple(f"Board {n} hears every officer of district {n} and decides on an appeal." for n in range(20))
GIVEN = (
    Given("courts", "Courts", "Courts hear cases. Judges decide.", ((0, 18), (19, 33))),
    Given("none", "", "It takes place before they are hired.", ((0, 37),)),
    Given("boards", "Vetting > Boards", "\n".join(SENTENCES), tuple((n * 66, n * 66 + 65) for n in range(10))),
)
ENDLESS = Given("endless", "", "vetting " * 600, ((0, 4799),))  # more than is read


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Steps this small are slower on several busy cores than on one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def plain() -> Model:
    """The model as its package has it."""
    return replace(find(E5), adapted=None)


@pytest.fixture(scope="module")
def asked(examples: list[Example]) -> list[Example]:
    """Four questions of one set, each with its passage and three others."""
    return [example for example in examples if example.set == "wikiqa"]


@pytest.fixture(scope="module")
def encoder(plain: Model) -> Encoder:
    return Encoder(plain, "float32")


@pytest.fixture(scope="module")
def loaded(plain: Model) -> Learner:
    return Learner(plain)


@pytest.fixture
def learner(loaded: Learner) -> Iterator[Learner]:
    """One that has learnt nothing yet; what it learns is undone."""
    untrained = state_of(loaded)
    yield loaded
    loaded.load_state_dict(untrained)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of four questions, of which a handful learn something."""
    monkeypatch.setattr(training, "SETS_A_STEP", 2)
    monkeypatch.setattr(training, "QUESTIONS_A_SET", 2)
    monkeypatch.setattr(training, "NEGATIVES", 1)
    monkeypatch.setattr(training, "WARM_UP", 1)


def state_of(learner: Learner) -> dict[str, torch.Tensor]:
    return {name: one.clone() for name, one in learner.state_dict().items()}


@torch.inference_mode()
def read(learner: Learner, given: Sequence[Given]) -> list[Read]:
    return [*learner.questions(QUESTIONS), *learner.passages(given)]


def difference(learner: Learner, encoder: Encoder, given: Sequence[Given] = GIVEN) -> float:
    """The most that any number of any vector differs between what learns and the product."""
    passages = encoder.encode_passages([PassageInput(g.header, g.text, g.sentences) for g in given])
    tokens = [*encoder.encode_queries(QUESTIONS), *passages.tokens]
    return max(
        max(np.abs(ours.vector.numpy() - theirs.vector).max(), np.abs(ours.pieces.numpy() - theirs.tokens).max())
        for ours, theirs in zip(read(learner, given), tokens, strict=True)
    )


def value(learner: Learner, examples: list[Example]) -> float:
    with torch.inference_mode():
        return float(loss(learner, examples, random.Random(0)))


def test_what_learns_reads_as_the_encoder_does(learner: Learner, encoder: Encoder) -> None:
    assert len(encoder.windows(PassageInput(GIVEN[2].header, GIVEN[2].text, GIVEN[2].sentences))) > 1
    assert difference(learner, encoder, (*GIVEN, ENDLESS)) < 1e-4
    for once, again in zip(read(learner, GIVEN), read(learner, GIVEN), strict=True):
        assert torch.equal(once.pieces, again.pieces)


def test_maxsim_is_that_of_the_product(learner: Learner, encoder: Encoder) -> None:
    late = LateInteraction.of(encoder)
    question = late.question(encoder.encode_query(QUESTIONS[0]))
    given = [PassageInput(g.header, g.text, g.sentences) for g in GIVEN]
    encoded = encoder.encode_passages(given).tokens
    pieces = [late.pieces(tokens, one).vectors for tokens, one in zip(encoded, given, strict=True)]
    theirs = [float((question.vectors @ own.T).max(axis=1) @ question.weights) for own in pieces]
    with torch.inference_mode():
        [asked], passages = learner.questions(QUESTIONS[:1]), learner.passages(GIVEN)
        ours = learner.maxsim(asked, [one.narrow for one in passages]).tolist()
    assert ours == pytest.approx(theirs, abs=5e-3)  # theirs are stored as int8


def test_steps_lower_the_loss_and_change_nothing_below_the_last_layers(
    learner: Learner, asked: list[Example], tmp_path: Path
) -> None:
    before, started = state_of(learner), value(learner, asked)
    train(learner, asked, 4, tmp_path / "state.pt")
    assert value(learner, asked) < started
    changed = {name for name, one in learner.state_dict().items() if not torch.equal(one, before[name])}
    assert changed == set(learner.learnt())
    tops = tuple(f"network.layers.{n}." for n in range(8, 12))
    assert all(name.startswith((*tops, "projection", "weighting.", "sharpness")) for name in changed)


def test_it_goes_on_where_it_was_killed(
    learner: Learner, asked: list[Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "SAVE_STEPS", 2)
    untrained, state = state_of(learner), tmp_path / "killed.pt"
    train(learner, asked, 4, tmp_path / "through.pt")
    through = state_of(learner)

    learner.load_state_dict(untrained)
    losses = iter([loss, loss, loss])  # there is none for a fourth step
    monkeypatch.setattr(training, "loss", lambda *given: next(losses)(*given))
    with pytest.raises(StopIteration):
        train(learner, asked, 4, state)
    assert torch.load(state)["step"] == 2

    learner.load_state_dict(untrained)
    monkeypatch.setattr(training, "loss", loss)
    train(learner, asked, 4, state)
    assert torch.load(state)["step"] == 4
    for name, one in learner.state_dict().items():
        assert torch.equal(one, through[name]), name


def test_a_passage_that_repeats_the_right_one_is_no_negative(learner: Learner, asked: list[Example]) -> None:
    alone, another = (replace(example, others=[]) for example in asked[:2])
    assert value(learner, [alone, alone]) == pytest.approx(value(learner, [alone]), abs=1e-5)
    of_both = (value(learner, [alone]) + value(learner, [another])) / 2
    assert value(learner, [alone, another]) > of_both + 1e-3


def test_a_question_without_a_sentence_to_choose_has_no_loss_of_sentences(
    learner: Learner, asked: list[Example]
) -> None:
    for labels in ((0, 0, 0), (1, 1, 1)):
        assert value(learner, [replace(asked[0], others=[], labels=labels)]) == pytest.approx(0, abs=1e-5)
    assert value(learner, [replace(asked[0], others=[])]) > 1e-3


def test_what_is_written_is_loaded_as_the_trained_model(
    learner: Learner, encoder: Encoder, plain: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "late").mkdir()
    monkeypatch.setattr(training, "ADAPTED", tmp_path)
    monkeypatch.setattr(reader_training, "LATE", tmp_path / "late")
    torch.manual_seed(0)
    with torch.no_grad():
        for one in learner.learnt().values():
            one += 0.01 * torch.randn_like(one)
    training.write(learner)
    adapted = replace(plain, adapted=tmp_path / f"{E5}.safetensors")
    assert adapted.digest() != plain.digest()
    assert difference(learner, Encoder(adapted, "float32")) < 5e-3
    assert difference(learner, encoder) > 0.1
    late = load_file(tmp_path / "late" / f"{E5}.safetensors")
    assert np.abs(late["projection"] - learner.projection.detach().numpy()).max() < 1e-3
    assert np.abs(late["weighting"][:-1] - learner.weighting.weight[0].detach().numpy()).max() < 5e-3
    assert late["weighting"][-1] == pytest.approx(learner.weighting.bias.item(), abs=5e-3)


def test_the_command_says_of_each_set_left_out_what_was_gained(
    data: Path,
    asked_settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reader_data, "TRAIN", {"qed": 4})
    monkeypatch.setattr(reader_data, "LEFT_OUT", {"wikiqa": 4, "covidqa": 4})
    given = ["--data", str(data), "--library", str(asked_settings.library), "--cache", str(tmp_path / "cache")]
    assert training.main([*given, "--steps", "1", "--limit", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in lines] == [["wikiqa", "n", "2"], ["covidqa", "n", "2"]]
    assert all(line.count(" -> ") == 3 for line in lines)
