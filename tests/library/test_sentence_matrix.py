from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from assistant.library.sentence_matrix import SentenceMatrix, write_matrix

DIMENSION = 384

UNIT = st.floats(-1, 1, width=16)  # zeros, minus zeros and subnormal numbers too


def test_cosines_are_those_of_the_numbers_widened_one_by_one(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(2500, DIMENSION)).astype(np.float16) / np.float16(20)
    write_matrix(tmp_path / "m.npy", 2500, DIMENSION, [rows[:7].tobytes(), rows[7:].tobytes()])
    vector = rng.normal(size=DIMENSION).astype(np.float32)
    found = SentenceMatrix(tmp_path / "m.npy").cosines(vector)
    assert np.allclose(found, rows.astype(np.float32) @ vector, rtol=1e-5, atol=1e-6)


@settings(max_examples=50)
@given(arrays.arrays(np.float16, DIMENSION, elements=UNIT))
def test_every_number_that_float16_has_is_widened_right(
    tmp_path_factory: pytest.TempPathFactory, row: NDArray[np.float16]
) -> None:
    path = tmp_path_factory.mktemp("row") / "m.npy"
    write_matrix(path, 1, DIMENSION, [row.tobytes()])
    matrix = SentenceMatrix(path)
    for place in (0, 191, DIMENSION - 1):
        one = np.zeros(DIMENSION, np.float32)
        one[place] = 1
        assert matrix.cosines(one)[0] == np.float32(row[place])


def test_a_library_without_sentences_has_an_empty_matrix(tmp_path: Path) -> None:
    write_matrix(tmp_path / "m.npy", 0, DIMENSION, [])
    assert len(SentenceMatrix(tmp_path / "m.npy").cosines(np.ones(DIMENSION, np.float32))) == 0
