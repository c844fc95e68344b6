"""The training of the reader: it sees what the assistant sees, goes on where it stopped, and writes what is read."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch

from assistant.assistant import Assistant
from assistant.encoder import PassageInput
from assistant.late_interaction import LateInteraction
from assistant.passages import embedded_text
from assistant.query import understand
from assistant.reader import PASSAGE, SENTENCE, Weights
from assistant.records import Filters
from evals.training import reader as training
from evals.training.reader import Mix, Seen, train
from evals.training.reader_data import LEFT_OUT, TRAIN, Example, Given, Pool


def shipped(assistant: Assistant) -> Mix:
    """The mix with the weights that the assistant uses."""
    weights, late = Weights.read(), LateInteraction.of(assistant.encoder)
    assert late._projection is not None and late._weighting is not None
    mix = Mix(late._projection)
    with torch.no_grad():
        mix.weighting.weight[:] = torch.from_numpy(late._weighting[None, :-1])
        mix.weighting.bias[:] = float(late._weighting[-1])
        mix.passage[:] = torch.tensor([weights.passage[name] for name in PASSAGE])
        mix.sentence[:] = torch.tensor([weights.sentence[name] for name in SENTENCE])
    return mix


def test_what_is_trained_sees_a_passage_as_the_assistant_does(assistant: Assistant, tmp_path: Path) -> None:
    question = "How many officers were trained in Liberia?"
    query = understand(question, (), Filters(), assistant.library)
    hits = assistant.retriever.hits(query)[:5]
    looks, weights = assistant.reader.look(query, hits), Weights.read()
    encoder = assistant.encoder
    given = []
    for hit in hits:
        title = assistant.library.document(hit.passage.source).metadata.title
        header, text = embedded_text(hit.passage, title, encoder.count_tokens, encoder.room)
        sentences = tuple((s.start - hit.passage.start, s.end - hit.passage.start) for s in hit.passage.sentences)
        given.append(Given(hit.passage.source, header, text, sentences))
    pool = Pool.of(given, tmp_path, encoder)
    asked = encoder.encode_query(question)
    seen = Seen.of(asked, pool, range(len(hits)), [look.words for look in looks])
    with torch.inference_mode():
        logits, sentences = shipped(assistant)(asked, seen)
    assert logits.tolist() == pytest.approx([weights.of_passage(look, place=1) for look in looks], abs=0.4)
    for row, look in zip(sentences, looks, strict=True):
        said = [weights.of_sentence(sentence) for sentence in look.sentences]
        assert row[: len(said)].tolist() == pytest.approx(said, abs=0.4)
        assert row[len(said) :].tolist() == [-1e4] * (len(row) - len(said))


def test_examples_hold_the_passage_its_sentences_and_others(examples: list[Example]) -> None:
    assert {example.set for example in examples} == {*TRAIN, *LEFT_OUT}
    assert {example.set for example in examples if example.is_left_out} == set(LEFT_OUT)
    for example in examples:
        assert example.labels == (1, 0, 0) and example.is_answerable
        assert example.passage not in example.others and len(set(example.others)) == len(example.others) == 3
        assert example.pool.given[example.passage].header.lower() in example.question


def test_passages_are_encoded_once(assistant: Assistant, tmp_path: Path) -> None:
    given = [Given("a", "Courts", "Courts hear cases. Judges decide.", ((0, 18), (19, 33)))]
    first = Pool.of(given, tmp_path, assistant.encoder)
    changed = (first.folder / "vectors.npy").stat().st_mtime_ns
    again = Pool.of(given, tmp_path, assistant.encoder)
    assert (again.folder / "vectors.npy").stat().st_mtime_ns == changed
    encoded = assistant.encoder.encode_passages([PassageInput("Courts", given[0].text, given[0].sentences)])
    assert np.abs(again.tokens(0) - encoded.tokens[0].tokens).max() < 0.01
    assert set(again.sentence_of(0).tolist()) == {-1, 0, 1}


def test_training_lowers_the_loss_and_goes_on_where_it_stopped(
    examples: list[Example], assistant: Assistant, tmp_path: Path
) -> None:
    kept = [example for example in examples if example.set == "wikiqa"]
    mix, state = shipped(assistant), tmp_path / "state.pt"
    with torch.no_grad():
        mix.passage.zero_()
        mix.sentence.zero_()
    before = loss(mix, kept)
    train(mix, kept, 0.03, state)
    assert loss(mix, kept) < before
    steps, other = torch.load(state)["step"], shipped(assistant)
    train(other, kept, 0.03, state)  # its time is spent already
    assert torch.load(state)["step"] == steps > 0 and torch.equal(other.passage, mix.passage)


def loss(mix: Mix, examples: list[Example]) -> float:
    with torch.inference_mode():
        return float(sum(training._loss(mix, example, random.Random(0)) for example in examples))


def test_the_weights_are_written_as_the_assistant_reads_them(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "reader.json"
    target.write_text(json.dumps({"rank": 1.0, "fall": 0.7}))
    monkeypatch.setattr(training, "READER", target)
    monkeypatch.setattr(training, "LATE", tmp_path)
    mix = shipped(assistant)
    training.write(mix, assistant.encoder, (0.5, -1.0))
    read = Weights.read(target)
    assert (read.calibration, read.rank, read.fall) == ((0.5, -1.0), 1.0, 0.7)
    assert [read.passage[name] for name in PASSAGE] == pytest.approx(mix.passage.tolist(), abs=1e-3)
    assert (tmp_path / f"{assistant.encoder.name}.safetensors").is_file()


def test_a_probability_rises_with_the_logit() -> None:
    rows = [{"logit": logit, "first": float(logit > 1)} for logit in np.linspace(-3, 3, 40)]
    rows += [{"logit": 0.0, "first": 1.0}, {"logit": 2.0, "first": 0.0}]
    slope, _ = training.calibrated(rows)
    assert slope > 0
