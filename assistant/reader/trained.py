"""The network's weights, and what it says of passages that were found."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import SHA256, Embedding
from assistant.reader.floor import SHORT, Look
from assistant.records import Passage

if TYPE_CHECKING:
    from assistant.reader.network import AnswerNetwork, Seen

WEIGHTS = Path(__file__).parent.parent / "weights" / "reader" / "reader.safetensors"


def fits(embedding: Embedding) -> bool:
    """Whether the library's vectors are of the model that the network was trained on, and its weights are here."""
    return embedding.identity.startswith(SHA256[:16]) and WEIGHTS.is_file()


def logits(seen: "Sequence[Seen]") -> list[tuple[float, NDArray[np.float32]]]:
    """For each passage a logit that it answers, and one for each of its sentences."""
    import torch

    with torch.inference_mode():
        passages, sentences, _ = _network(WEIGHTS)(seen)
    return [
        (float(score), row[: len(one.sentences)])
        for score, row, one in zip(passages, sentences.numpy(), seen, strict=True)
    ]


def seen(question: NDArray[np.float32], passage: Passage, look: Look) -> "Seen":
    """What the network sees of a passage that the floor has looked at."""
    from assistant.reader.network import Seen

    of_passage = np.array(look.features[:4], np.float32)
    return Seen(question, look.vector, look.sentences, of_passage, _sentence_features(passage, look))


@lru_cache(maxsize=2)
def _network(path: Path) -> "AnswerNetwork":
    from safetensors.torch import load_file

    from assistant.reader.network import AnswerNetwork

    network = AnswerNetwork()
    network.load_state_dict({name: tensor.float() for name, tensor in load_file(path).items()})
    return network.eval()


def _sentence_features(passage: Passage, look: Look) -> NDArray[np.float32]:
    """float32 array of shape (n_sentences, 6), as `network.SENTENCE_FEATURES` names them."""
    nearest, fullest = look.features[1], look.features[3]
    lengths = [len(passage.sentence_text(sentence).split()) for sentence in passage.sentences]
    rows = [
        (cosine, cosine - nearest, share, share - fullest, float(index == 0), float(lengths[index] < SHORT))
        for index, (cosine, share) in enumerate(zip(look.cosines, look.shares, strict=True))
    ]
    return np.array(rows, np.float32).reshape(len(rows), 6)
