import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from assistant.encoder import Encoder, PassageInput
from assistant.late_interaction import LateInteraction, Pieces
from assistant.settings import Settings

TEXT = "Vetting is the assessment of integrity. Liberia vetted its police in 2005."
GIVEN = PassageInput("Vetting", TEXT, ((0, 39), (40, 74)))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load(Settings())


def test_stored_pieces_point_where_the_vectors_did(encoder: Encoder) -> None:
    late = LateInteraction.of(encoder)
    [tokens] = encoder.encode_passages([GIVEN]).tokens
    pieces = late.pieces(tokens, GIVEN)
    assert len(pieces.vectors) == len(tokens.ids)
    narrowed = late.question(tokens).vectors
    assert (pieces.vectors[: len(narrowed)] * narrowed).sum(axis=1).min() > 0.99


def test_a_question_finds_its_own_words(encoder: Encoder) -> None:
    late = LateInteraction.of(encoder)
    [tokens] = encoder.encode_passages([GIVEN]).tokens
    pieces = late.pieces(tokens, GIVEN)

    def maxsim(question: str) -> float:
        asked = late.question(encoder.encode_query(question))
        return float(pieces.similarities(asked).max(axis=1) @ asked.weights)

    assert maxsim("When did Liberia vet its police?") > maxsim("How is bread baked in winter?")


@given(
    arrays.arrays(np.int8, st.tuples(st.integers(0, 20), st.just(8))),
)
def test_packing_loses_nothing(stored: np.ndarray) -> None:
    pieces = Pieces(stored, np.arange(len(stored), dtype=np.int16) - 1)
    again = Pieces.unpack(*pieces.packed())
    assert np.array_equal(again.sentence_of, pieces.sentence_of)
    assert again.stored.tobytes() == stored.tobytes()


def test_another_encoder_is_compared_as_it_is() -> None:
    unknown = LateInteraction(None, None)
    encoder = Encoder.load(Settings(encoder="all-minilm-l6-v2"), "float32")
    asked = unknown.question(encoder.encode_query("vetting of police"))
    assert asked.vectors.shape[1] == encoder.dimension
    assert asked.weights.sum() == pytest.approx(1)


def test_a_passage_without_words_is_near_nothing(encoder: Encoder) -> None:
    late = LateInteraction.of(encoder)
    empty = PassageInput("", "", ())
    [tokens] = encoder.encode_passages([empty]).tokens
    stored = Pieces.unpack(*late.pieces(tokens, empty).packed())
    asked = late.question(encoder.encode_query("Who vets the police?"))
    assert stored.similarities(asked).shape == (len(asked.vectors), 0)
