"""The one bi-encoder of a library: texts become vectors, of the whole, of their sentences and of their word pieces.

A passage is read once and gives all three: its own vector, as sentence-transformers makes it; one vector for each
sentence, pooled from the token vectors of the same pass, so that a sentence is seen in the context of its passage
("late chunking", Günther et al., arXiv 2409.04701); and the token vectors themselves, for late interaction.

Which model it is, how large, how much it reads and what it wants before a text is known here and in `models.py`
alone. The model loads with the first text; counting word pieces needs only the tokenizer, not torch.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assistant.encoder.models import E5, MINILM, Model, find
from assistant.settings import Settings

if TYPE_CHECKING:
    import torch
    from tokenizers import Encoding

__all__ = [
    "E5",
    "MINILM",
    "Encoded",
    "Encoder",
    "Model",
    "PassageInput",
    "TokenVectors",
    "find",
    "native_precision",
    "sentences_of_pieces",
]

WINDOW = 128  # word pieces of a passage's text that are read together
_MARKS = 2  # word pieces that stand around every text
_TOKENS_A_BATCH = 4096  # padded; larger buffers are given back to the system and cleared anew for each batch


@dataclass(frozen=True, slots=True)
class PassageInput:
    """What the model reads of a passage: `header` (title, heading path, context), `text`, and the sentences
    as (start, end) offsets into `text`."""

    header: str
    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """`vectors`: float32 array of shape (n_passages, dimension), rows of unit length. `sentence_vectors`: for each
    passage a float16 array of shape (n_sentences, dimension), rows of unit length. `tokens`: for each passage what
    the model says of its word pieces, header included."""

    vectors: NDArray[np.float32]
    sentence_vectors: list[NDArray[np.float16]]
    tokens: "list[TokenVectors]"


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """A text word piece by word piece. `vector`: float32 array of shape (dimension,), of unit length, the text's own;
    `tokens`: float32 array of shape (n_pieces, dimension), not of unit length, marks and prefix left out;
    `ids`: their numbers in the vocabulary; `offsets`: where each stands in the text."""

    vector: NDArray[np.float32]
    tokens: NDArray[np.float32]
    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


@lru_cache(maxsize=4)
def _tokenizer(model: Model) -> Tokenizer:
    return model.tokenizer()


@lru_cache(maxsize=2)
def _network(model: Model, precision: str) -> "torch.nn.Module":
    """Loaded once, however many encoders there are."""
    import torch
    from threadpoolctl import threadpool_limits

    # NumPy's threads and torch's wait for each other: on busy cores a search took 2.2 s instead of 0.2 s.
    threadpool_limits(1, user_api="blas")
    return model.network({"bfloat16": torch.bfloat16, "float32": torch.float32}[precision])


class Encoder(Embeddings):
    """A bi-encoder as LangChain embeddings, and as the encoder of passages with their sentences.

    Runs in bfloat16 where the processor has instructions for it (two to three times faster; mean cosine to float32
    .9999), else in float32. A library is searched with the precision that it was made with.
    """

    def __init__(self, model: Model, precision: str | None = None) -> None:
        """Raises ModelError when the weights are not the expected ones."""
        self._model = model
        self._sha256 = model.digest()
        self.precision = precision or native_precision()

    @classmethod
    def load(cls, settings: Settings, precision: str | None = None) -> "Encoder":
        """The model that the settings name. Raises ModelError when it is missing or not the expected one."""
        return cls(find(settings.encoder), precision)

    @property
    def name(self) -> str:
        """What settings and weights call the model."""
        return self._model.name

    @property
    def dimension(self) -> int:
        """Numbers of a vector."""
        return self._model.dimension

    @property
    def identity(self) -> str:
        """What decides whether vectors can be compared: the weights, and the precision they ran in."""
        return f"{self._model.name}/{self._sha256[:16]}/{self.precision}"

    @property
    def room(self) -> int:
        """Word pieces of a passage that the model reads, what it wants around and before them left out."""
        return self._model.longest - _MARKS - self.count_tokens(self._model.passage_prefix)

    def count_tokens(self, text: str) -> int:
        """Word pieces of a text, the marks around it not counted. Loads no weights."""
        return len(_tokenizer(self._model).encode(text, add_special_tokens=False).ids)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's interface: a text beyond what the model reads is read to there, as sentence-transformers
        does. Passages are split so that it never happens to them."""
        return self.encode_texts(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self.encode_query(text).vector.tolist()  # type: ignore[no-any-return]

    def encode_query(self, text: str) -> TokenVectors:
        """One question, with the vectors of its word pieces."""
        [encoded] = self.encode_queries([text])
        return encoded

    def encode_queries(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Questions, with the vectors of their word pieces."""
        return self._encoded(texts, self._model.query_prefix)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Texts to be found: float32 array of shape (len(texts), dimension), rows of unit length."""
        return np.stack([one.vector for one in self.encode_tokens(texts)]) if texts else self._none()

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Texts to be found, with the vectors of their word pieces."""
        return self._encoded(texts, self._model.passage_prefix)

    def encode_passages(self, passages: Sequence[PassageInput]) -> Encoded:
        """The vectors of passages, of their sentences and of their word pieces, in the order given."""
        windows = [self.windows(passage) for passage in passages]
        read = iter(
            self.encode_tokens(
                [_with_header(p.header, p.text[a:b]) for p, own in zip(passages, windows, strict=True) for a, b in own]
            )
        )
        encoded = [
            _joined([next(read) for _ in own], [a for a, _ in own], len(_with_header(passage.header, "")))
            for passage, own in zip(passages, windows, strict=True)
        ]
        sentences = [_pool_sentences(one, passage) for one, passage in zip(encoded, passages, strict=True)]
        return Encoded(np.stack([one.vector for one in encoded]) if encoded else self._none(), sentences, encoded)

    def windows(self, passage: PassageInput) -> list[tuple[int, int]]:
        """Stretches of a passage's text, of whole sentences, that are read one by one, each behind the header: the
        vectors of word pieces lose their own meaning in a long text."""
        cuts, used = [0], 0
        for start, end in passage.sentences:
            pieces = self.count_tokens(passage.text[start:end])
            if used and used + pieces > WINDOW:
                cuts.append(start)
                used = 0
            used += pieces
        return list(pairwise([*cuts, len(passage.text)]))

    def _encoded(self, texts: Sequence[str], prefix: str) -> list[TokenVectors]:
        encodings = _tokenizer(self._model).encode_batch([prefix + text for text in texts])
        longest = self._model.longest
        found: dict[int, TokenVectors] = {}
        for batch in _batches([min(len(e.ids), longest) for e in encodings]):
            pooled, tokens = self._forward([encodings[i] for i in batch])
            for row, i in enumerate(batch):
                own = _own_pieces(encodings[i], longest, len(prefix))
                ids = tuple(encodings[i].ids[k] for k in own)
                offsets = tuple((a - len(prefix), b - len(prefix)) for a, b in (encodings[i].offsets[k] for k in own))
                found[i] = TokenVectors(pooled[row], tokens[row, own.start : own.stop].copy(), ids, offsets)
        return [found[i] for i in range(len(encodings))]

    def _forward(self, encodings: "Sequence[Encoding]") -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """One pass of the model: (pooled (n, dimension), token vectors (n, longest, dimension))."""
        import torch

        ids, mask = _padded(encodings, self._model.longest)
        with torch.inference_mode():
            out = self._network({"input_ids": ids, "attention_mask": mask})
        # In bfloat16 the model's own normalising is half a percent off.
        pooled = torch.nn.functional.normalize(out["sentence_embedding"].float(), dim=1)
        return pooled.numpy(), out["token_embeddings"].float().numpy()

    @cached_property
    def _network(self) -> "torch.nn.Module":
        return _network(self._model, self.precision)

    def _none(self) -> NDArray[np.float32]:
        return np.zeros((0, self.dimension), np.float32)


def native_precision() -> str:
    """ "bfloat16" where the processor computes in it, else "float32"."""
    import torch

    fast = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return "bfloat16" if fast else "float32"


def _padded(encodings: "Sequence[Encoding]", longest: int) -> "tuple[torch.Tensor, torch.Tensor]":
    """Word pieces and their mask: two integer tensors of shape (n, longest of these)."""
    import torch

    width = min(max(len(e.ids) for e in encodings), longest)
    ids = torch.zeros((len(encodings), width), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, encoding in enumerate(encodings):
        kept = _kept_ids(encoding.ids, longest)
        ids[row, : len(kept)] = torch.tensor(kept)
        mask[row, : len(kept)] = 1
    return ids, mask


def _kept_ids(ids: list[int], longest: int) -> list[int]:
    """The first word pieces, the closing mark kept, as the tokenizer itself truncates."""
    return ids if len(ids) <= longest else [*ids[: longest - 1], ids[-1]]


def _with_header(header: str, text: str) -> str:
    return f"{header}\n{text}" if header else text


def _joined(windows: Sequence[TokenVectors], starts: Sequence[int], shift: int) -> TokenVectors:
    """The windows of a passage as one: `starts` says where each begins in its text, `shift` where the text begins
    behind the header. Of later windows the header is left out."""
    if len(windows) == 1:
        return windows[0]
    mean = np.mean([one.vector for one in windows], axis=0)
    kept = [
        [i for i, (_, end) in enumerate(one.offsets) if not start or end > shift]
        for one, start in zip(windows, starts, strict=True)
    ]
    return TokenVectors(
        mean / np.linalg.norm(mean),
        np.concatenate([one.tokens[own] for one, own in zip(windows, kept, strict=True)]),
        tuple(one.ids[i] for one, own in zip(windows, kept, strict=True) for i in own),
        tuple(
            (one.offsets[i][0] + start, one.offsets[i][1] + start)
            for one, own, start in zip(windows, kept, starts, strict=True)
            for i in own
        ),
    )


def _own_pieces(encoding: "Encoding", longest: int, prefix: int) -> range:
    """The places of the text's own word pieces among those that were read: without marks and prefix."""
    last = min(len(encoding.ids), longest) - 1
    first = next((k for k in range(1, last) if encoding.offsets[k][1] > prefix), last)
    return range(first, last)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices in batches of like length, so that little is spent on padding."""
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    start = 0
    while start < len(order):
        size = max(1, _TOKENS_A_BATCH // max(1, lengths[order[start]]))
        yield order[start : start + size]
        start += size


def sentences_of_pieces(encoded: TokenVectors, passage: PassageInput) -> NDArray[np.int16]:
    """Of each word piece the sentence that it stands in, by index; -1 for those of the header or between sentences."""
    shift = len(passage.header) + 1 if passage.header else 0
    offsets = np.array(encoded.offsets, np.int64).reshape(-1, 2) - shift
    found = np.full(len(offsets), -1, np.int16)
    for index, (start, end) in enumerate(passage.sentences):
        found[(offsets[:, 0] >= start) & (offsets[:, 1] <= end)] = index
    return found


def _pool_sentences(encoded: TokenVectors, passage: PassageInput) -> NDArray[np.float16]:
    """The mean token vector of each sentence, of unit length; a sentence without a token gets zeros."""
    pooled = np.zeros((len(passage.sentences), encoded.tokens.shape[1]), np.float32)
    of_piece = sentences_of_pieces(encoded, passage)
    for index in range(len(passage.sentences)):
        if (inside := of_piece == index).any():
            mean = encoded.tokens[inside].mean(axis=0)
            pooled[index] = mean / np.linalg.norm(mean)
    return pooled.astype(np.float16)
