"""A chat model that is one GGUF file, run by llama.cpp within this process (the package xllamacpp).

Its server listens on a free port of the loopback interface, speaks OpenAI's protocol, and ends with the process.
"""

import os
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from assistant.errors import ChatModelError

_MAGIC = b"GGUF"
_CONTEXT = 6144  # tokens of question, passages and answer together
_BESIDE = 900 * 2**20  # bytes that a model needs beside its file: context and buffers, of 0.5 to 3 billion parameters
_MOST_THREADS = 8  # more do not make the writing of one answer faster: memory is what it waits for
_loading = threading.Lock()


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model file, looked at but not loaded."""

    path: Path

    @classmethod
    def found(cls, name: str) -> "LocalModel":
        """The file that a setting names. Raises ChatModelError when it is no GGUF file or the memory does not do."""
        model = cls(Path(name).expanduser())
        if not model.path.is_file():
            raise ChatModelError(f"There is no model file {model.path}. Check SSR_CHAT_MODEL.")
        with model.path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise ChatModelError(f"{model.path} is no GGUF file. Download the model again, as a file *.gguf.")
        free = psutil.virtual_memory().available
        if free < model.memory and str(model.path) not in _running:
            raise ChatModelError(
                f"{model.path.name} needs about {_gb(model.memory)} of memory, and {_gb(free)} are free. Close other "
                "programs, or take a smaller model."
            )
        return model

    @property
    def memory(self) -> int:
        """About how many bytes it takes when it runs."""
        return self.path.stat().st_size + _BESIDE

    @property
    def size(self) -> str:
        """The size of its file and the memory that it takes, for people to read."""
        return f"{_gb(self.path.stat().st_size)} on disk, about {_gb(self.memory)} of memory"

    def serve(self) -> "Served":
        """Load it, which takes seconds the first time, and let it answer. Raises ChatModelError when it cannot be."""
        path = str(self.path)
        with _loading:
            if path not in _running:
                _running[path] = _served(path)
        return _running[path]


@dataclass(frozen=True, slots=True)
class Served:
    """A loaded model: where it answers, and to whom. The server is kept, for it ends when nobody holds it."""

    url: str
    key: str
    server: Any


_running: dict[str, Served] = {}  # by path, kept for the life of the process: loading costs seconds and memory


def _served(path: str) -> Served:
    import xllamacpp

    key = secrets.token_urlsafe()  # other programs and pages of a browser on this machine have no business with it
    parameters = xllamacpp.CommonParams()
    parameters.model.path = path
    # Read whole, not mapped: a file that is cut or replaced while it is in use would end this process.
    parameters.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE
    parameters.n_ctx, parameters.n_parallel = _CONTEXT, 1
    parameters.cache_ram_mib = 0  # earlier requests: it would keep gigabytes of them
    parameters.hostnames, parameters.port, parameters.ui = ["127.0.0.1"], 0, False
    parameters.api_keys, parameters.verbosity = [key], -1
    threads = min(os.cpu_count() or 1, _MOST_THREADS)
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    try:
        server = xllamacpp.Server(parameters)
    except Exception as error:  # a stranger's code reads a stranger's file
        raise ChatModelError(
            f"{Path(path).name} cannot be loaded: the file is not whole, or llama.cpp does not know such a model. "
            "Compare its size with that at its source, and download it again."
        ) from error
    return Served(f"{server.listening_address}/v1", key, server)


def _gb(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
