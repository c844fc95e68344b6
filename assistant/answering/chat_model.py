"""A chat model behind one door: opened by its name, streamed with a time limit, every failure one kind of error.

Nothing but the request leaves the machine, and it goes to the provider alone: LangChain's own tracing stays off here
whatever the environment says.
"""

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from importlib.util import find_spec
from math import exp
from pathlib import Path
from time import monotonic
from typing import Any, Self

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, BaseMessageChunk, HumanMessage
from langsmith.run_helpers import tracing_context
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from assistant.answering.local_model import LocalModel
from assistant.errors import ChatModelError
from assistant.settings import Settings

FILE = "gguf"  # as a provider: the model is a file, which llama.cpp runs in this process
# The packages that each provider needs; installed by the extra of the same name, those of a file by "local".
PROVIDERS = {
    FILE: ("xllamacpp", "langchain_openai"),
    "openai": ("langchain_openai",),
    "ollama": ("langchain_ollama",),
    "anthropic": ("langchain_anthropic",),
}
_ATTEMPTS = 3
_PASSING = frozenset({408, 409, 429, 500, 502, 503, 504, 529})  # HTTP states that are worth another attempt
_LONGEST_PAUSE_S = 10.0  # a server that asks for a longer one is not waited for
_PAUSE = wait_exponential(multiplier=0.5, max=4)
# Providers name why a message ended in fields of their own; one of these says that it ended by itself.
_ENDINGS = ("finish_reason", "done_reason", "stop_reason", "status")
_ENDED_WELL = frozenset({"stop", "end_turn", "stop_sequence", "completed"})
_OLLAMA_CONTEXT = 8192  # tokens: its default of 2,048 or 4,096 cuts off the first passages without a word
_PROBE_TIMEOUT_S = 20.0
_LONGEST_OF_FILE = 300  # tokens of a reply: small models sometimes repeat themselves without end
_LIKELIEST = 20  # words that a server is asked to weigh as the first of a reply


class ChatModel:
    """A chat model that writes as it goes. `name` is as in SSR_CHAT_MODEL."""

    def __init__(self, name: str, model: BaseChatModel, settings: Settings) -> None:
        self.name = name
        self._model = model
        self._timeout_s = settings.chat_timeout_s
        self._weighs_words = self.reads_slowly or bool(name.startswith("openai:") and settings.chat_base_url)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """The model that the settings name; asks it nothing yet, but loads a model file. Raises ChatModelError when the
        name, a package, a key or the file is not as it should be."""
        name = settings.chat_model or ""
        provider, _, model = name.partition(":")
        if provider not in PROVIDERS or not model:
            known = ", ".join(f"{known}:{'PATH' if known == FILE else 'MODEL'}" for known in PROVIDERS)
            raise ChatModelError(f"SSR_CHAT_MODEL={name} names no chat model. Write one of: {known}.")
        if missing := missing_package(provider):
            raise ChatModelError(f"{name} needs {missing}")
        from langchain.chat_models import init_chat_model  # half a second to import, needed by few

        if provider == FILE:
            provider, options = "openai", _of_file(model, settings)
        else:
            options = _options(provider, settings)
        try:
            return cls(name, init_chat_model(model, model_provider=provider, **options), settings)
        except Exception as error:  # each provider's package has errors of its own for a missing key
            message = f"{name} cannot be opened. Is its key set ({provider.upper()}_API_KEY), and the base URL right?"
            raise ChatModelError(message) from error

    @property
    def reads_slowly(self) -> bool:
        """Whether each word that it is shown costs time: a model file on the processor of this machine."""
        return self.name.startswith(f"{FILE}:")

    def stream(self, request: Sequence[BaseMessage]) -> Generator[str, None, None]:
        """The text as it comes. Closing the generator closes the connection. Raises ChatModelError when the model
        cannot be asked, breaks off, or takes longer than the time limit."""
        deadline = monotonic() + self._timeout_s
        ending: str | None = None
        try:
            chunk, chunks = self._begun(request)
            with closing(chunks):
                while chunk is not None:
                    ending = _ending(chunk) or ending
                    if chunk.text:
                        yield str(chunk.text)
                    if monotonic() > deadline:
                        raise TimeoutError
                    chunk = next(chunks, None)
        except Exception as error:  # a stranger's code and a stranger's server: anything may be raised
            raise ChatModelError(self._explained(error)) from error
        if ending is None:
            raise ChatModelError(f"{self.name} broke off.")
        if ending not in _ENDED_WELL:
            raise ChatModelError(f"{self.name} stopped before the end: a limit of length or a filter of the provider.")

    def probability_of_yes(self, request: Sequence[BaseMessage]) -> float | None:
        """How likely a reply in one word is Yes rather than No, by the model's own weights; None where its server does
        not tell them. Raises ChatModelError as `stream`."""
        if not self._weighs_words:
            return None
        asked = self._model.bind(logprobs=True, top_logprobs=_LIKELIEST, max_tokens=1)
        try:
            with tracing_context(enabled=False):
                reply = asked.invoke(list(request))
        except Exception as error:  # as in `stream`
            raise ChatModelError(self._explained(error)) from error
        first = next(iter((reply.response_metadata.get("logprobs") or {}).get("content") or ()), None)
        return _share_of_yes(first["top_logprobs"]) if first else None

    def probe(self) -> None:
        """Ask for one word. Raises ChatModelError when none comes."""
        with closing(self.stream([HumanMessage("Say OK.")])) as pieces:
            next(pieces, None)

    def _begun(self, request: Sequence[BaseMessage]) -> tuple[BaseMessageChunk | None, Any]:
        """The first piece and the stream of the others. What passes (too many requests, a server that restarts) is
        tried again, but only as long as nothing has come."""

        def begin() -> tuple[BaseMessageChunk | None, Any]:
            chunks = self._model.stream(list(request))
            with tracing_context(enabled=False):
                return next(chunks, None), chunks

        retrying = Retrying(
            retry=retry_if_exception(_passes), stop=stop_after_attempt(_ATTEMPTS), wait=_pause, reraise=True
        )
        return retrying(begin)

    def _explained(self, error: Exception) -> str:
        """What went wrong, in our own words: a server's are not to be trusted and may hold a key."""
        status = _status(error)
        if any("Timeout" in kind.__name__ for kind in type(error).__mro__):
            return f"{self.name} did not answer within {self._timeout_s:g} s."
        if status in (401, 403):
            return f"{self.name} refused the key (HTTP {status})."
        if status == 404:
            return f"{self.name} is not known to the server (HTTP 404)."
        if status == 429:
            return f"{self.name} has had too many requests (HTTP 429)."
        if status:
            return f"{self.name} answered with an error (HTTP {status})."
        return f"{self.name} could not be reached, or broke off ({type(error).__name__})."


def file_of(name: str) -> Path | None:
    """The model file that a setting names; None for other models."""
    provider, _, path = name.partition(":")
    return Path(path) if provider == FILE else None


def size_of_file(name: str) -> str | None:
    """How large the model file that a setting names is, and how much memory it takes, in GB, for people to read; None
    for other models. Raises ChatModelError when it is no model file or does not fit."""
    file = file_of(name)
    return f"{file.name}: {LocalModel.found(str(file)).size}" if file else None


def missing_package(provider: str) -> str | None:
    """What to type for a provider whose package is missing; None when it is there."""
    lacking = next((package for package in PROVIDERS[provider] if find_spec(package) is None), None)
    if lacking is None:
        return None
    extra = "local" if provider == FILE else provider
    return f'the package {lacking.replace("_", "-")}. In the project\'s folder: .venv/bin/pip install -e ".[{extra}]"'


def probing(settings: Settings) -> Settings:
    """The settings for a question that only looks whether the model answers."""
    return settings.model_copy(update={"chat_timeout_s": min(settings.chat_timeout_s, _PROBE_TIMEOUT_S)})


def _options(provider: str, settings: Settings) -> dict[str, Any]:
    """How a provider's class is set up. Retries are ours, so that a time limit is not waited for three times."""
    url = settings.chat_base_url
    options: dict[str, Any] = {"base_url": url} if url else {}
    if provider == "ollama":
        return options | {
            "client_kwargs": {"timeout": settings.chat_timeout_s},
            "num_ctx": _OLLAMA_CONTEXT,
            "temperature": 0.0,
        }
    options |= {"timeout": settings.chat_timeout_s, "max_retries": 0}
    if provider == "openai" and url:
        # A server of one's own needs no key, but its client does; and it takes a temperature, which hosted models
        # that reason refuse.
        options |= {"temperature": 0.0, "api_key": os.environ.get("OPENAI_API_KEY") or "none"}
    return options


def _of_file(path: str, settings: Settings) -> dict[str, Any]:
    """How the class for servers of OpenAI's protocol is set up for a model file. Raises ChatModelError."""
    served = LocalModel.found(path).serve()
    return {
        "base_url": served.url,
        "api_key": served.key,
        "temperature": 0.0,
        "timeout": settings.chat_timeout_s,
        "max_retries": 0,
        "max_tokens": _LONGEST_OF_FILE,
    }


def _share_of_yes(likeliest: Sequence[Mapping[str, Any]]) -> float:
    """Of the likeliest first words the share of those that say Yes among those that say Yes or No."""
    weight = {"yes": 0.0, "no": 0.0}
    for word in likeliest:
        said = word["token"].strip().casefold()
        if said in weight:
            weight[said] += exp(word["logprob"])
    total = sum(weight.values())
    return weight["yes"] / total if total else 0.0


def _ending(chunk: BaseMessageChunk) -> str | None:
    reasons = (chunk.response_metadata.get(name) for name in _ENDINGS)
    return next((str(reason) for reason in reasons if reason), None)


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and status > 0 else None


def _passes(error: BaseException) -> bool:
    return _status(error) in _PASSING and (_asked_pause(error) or 0.0) <= _LONGEST_PAUSE_S


def _asked_pause(error: BaseException | None) -> float | None:
    """The seconds that the server asks to wait, if it does."""
    asked = getattr(getattr(error, "response", None), "headers", {}).get("retry-after", "")
    return float(asked) if asked.isdecimal() else None


def _pause(state: RetryCallState) -> float:
    asked = _asked_pause(state.outcome.exception() if state.outcome else None)
    return _PAUSE(state) if asked is None else asked
