import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.embedding import Embedding
from assistant.library import Library
from assistant.query import understand
from assistant.reader import FLOOR, ORDER, Reader, trained
from assistant.reader.network import PASSAGE_FEATURES, SENTENCE_FEATURES, WIDTH, AnswerNetwork, Seen
from assistant.records import Filters


def seen(sentences: int, seed: int) -> Seen:
    rng = np.random.default_rng(seed)

    def drawn(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32) / 10

    return Seen(
        drawn(WIDTH),
        drawn(WIDTH),
        drawn(sentences, WIDTH),
        drawn(PASSAGE_FEATURES),
        drawn(sentences, SENTENCE_FEATURES),
    )


@pytest.fixture(scope="module")
def network() -> AnswerNetwork:
    torch.manual_seed(0)
    return AnswerNetwork().eval()


@settings(max_examples=20)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_passages_read_together_score_as_each_by_itself(network: AnswerNetwork, lengths: list[int]) -> None:
    given = [seen(length, seed) for seed, length in enumerate(lengths)]
    with torch.inference_mode():
        passages, sentences, is_sentence = network(given)
        assert is_sentence.sum(1).tolist() == lengths
        for i, one in enumerate(given):
            passage, own, _ = network([one])
            assert torch.allclose(passage[0], passages[i], atol=1e-4)
            assert torch.allclose(own[0], sentences[i, : lengths[i]], atol=1e-4)


def test_the_floor_stands_in_where_the_model_is_not_the_networks_own(
    assistant: Assistant, asked_library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = understand("What is vetting?", (), Filters(), asked_library)
    hits = assistant.retriever.hits(query)
    monkeypatch.setattr(Embedding, "identity", property(lambda _: "another/float32"))
    other = Reader(assistant.embedding, asked_library)
    assert not trained.fits(assistant.embedding)
    assert other.read(query, hits) == Reader(assistant.embedding, asked_library, FLOOR).read(query, hits)


def test_each_hit_has_the_features_that_order_it(assistant: Assistant, asked_library: Library) -> None:
    query = understand("What is vetting?", (), Filters(), asked_library)
    hits = assistant.retriever.hits(query)
    features = assistant.reader.features(query, hits)
    assert features.shape == (len(hits), ORDER)
    assert np.isfinite(features).all()
    assert assistant.reader.features(query, []).shape == (0, ORDER)
