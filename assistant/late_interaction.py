"""Late interaction: a question and a passage compared word piece by word piece.

MaxSim (Khattab and Zaharia, "ColBERT", SIGIR 2020): each word piece of the question takes the cosine of its nearest
word piece in the passage, and the mean over the question's pieces is the score. The vectors are the encoder's own, made
narrower by a learned projection where one is shipped for the encoder (`weights/reader/`), and stored as
int8 with the passage: nothing of a passage is encoded when a question comes.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from assistant.encoder import Encoder, PassageInput, TokenVectors, sentences_of_pieces

WEIGHTS = Path(__file__).parent / "weights" / "reader"
_SCALE = 254  # a component of a unit vector beyond .5 is cut off; few are beyond .3
_LONGEST_QUESTION = 64  # word pieces of a question that are compared

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a passage, header included. `stored`: int8 array of shape (n_pieces, width), directions
    without length. `sentence_of`: int16 array of shape (n_pieces,), the sentence of each, -1 outside of all."""

    stored: NDArray[np.int8]
    sentence_of: NDArray[np.int16]

    @classmethod
    def unpack(cls, stored: bytes, sentence_of: bytes) -> Self:
        of_piece = np.frombuffer(sentence_of, np.int16)
        return cls(np.frombuffer(stored, np.int8).reshape(len(of_piece), -1) if len(of_piece) else _NONE, of_piece)

    def packed(self) -> tuple[bytes, bytes]:
        return self.stored.tobytes(), self.sentence_of.tobytes()

    @property
    def vectors(self) -> Floats:
        """float32 array of shape (n_pieces, width), rows of unit length."""
        return _unit(self.stored.astype(np.float32))

    def similarities(self, question: "QuestionPieces") -> Floats:
        """Cosines, float32 array of shape (n_pieces of the question, n_pieces); a passage may have no piece at all."""
        if not len(self.sentence_of):
            return np.zeros((len(question.vectors), 0), np.float32)
        found: Floats = question.vectors @ self.vectors.T
        return found


_NONE = np.zeros((0, 0), np.int8)


@dataclass(frozen=True, slots=True)
class QuestionPieces:
    """The word pieces of a question. `vectors`: float32 array of shape (n_pieces, width), rows of unit length;
    `weights`: float32 array of shape (n_pieces,), how much each counts, of sum 1."""

    vectors: Floats
    weights: Floats


class LateInteraction:
    """Makes the stored pieces of passages and those of questions comparable."""

    def __init__(self, projection: Floats | None, weighting: Floats | None) -> None:
        """`projection`: (dimension, width), None leaves vectors as they are. `weighting`: (dimension + 1,), from a
        piece's vector to its weight, the constant last; None weighs all alike."""
        self._projection = projection
        self._weighting = weighting

    @classmethod
    def of(cls, encoder: Encoder) -> "LateInteraction":
        """That of an encoder: learned where weights for it are shipped."""
        return _of(encoder.name)

    def pieces(self, encoded: TokenVectors, given: PassageInput) -> Pieces:
        """A passage's pieces as they are stored."""
        vectors = self._narrowed(_unit(encoded.tokens))
        stored = np.clip(np.rint(vectors * _SCALE), -127, 127).astype(np.int8)
        return Pieces(stored, sentences_of_pieces(encoded, given))

    def question(self, encoded: TokenVectors) -> QuestionPieces:
        """A question's pieces, the first 64 of them, with how much each counts."""
        full = _unit(encoded.tokens[:_LONGEST_QUESTION])
        weights = np.ones(len(full), np.float32)
        if self._weighting is not None:
            weights = np.log1p(np.exp(full @ self._weighting[:-1] + self._weighting[-1]))
        return QuestionPieces(self._narrowed(full), weights / max(weights.sum(), 1e-9))

    def _narrowed(self, vectors: Floats) -> Floats:
        return vectors if self._projection is None else _unit(vectors @ self._projection)


@lru_cache(maxsize=4)
def _of(name: str) -> LateInteraction:
    path = WEIGHTS / f"{name}.safetensors"
    if not path.is_file():
        return LateInteraction(None, None)
    from safetensors.numpy import load_file

    weights = load_file(path)
    return LateInteraction(weights["projection"].astype(np.float32), weights["weighting"].astype(np.float32))


def _unit(rows: Floats) -> Floats:
    lengths: Floats = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
