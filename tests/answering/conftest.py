"""The small library asked with a chat model that a test scripts; the models of our own are loaded once."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.library.indexing import ingest
from assistant.records import Answer
from assistant.settings import Settings
from tests.answering.chat_server import ChatServer, Script, serving


@dataclass(frozen=True)
class Chat:
    """An assistant with a scripted chat model, its settings, and the server behind it."""

    assistant: Assistant
    settings: Settings
    server: ChatServer

    def ask(self, question: str = "What is vetting?") -> Answer:
        return self.assistant.ask(question)


Scripted = Callable[..., Chat]


AskedOf = Callable[[Mapping[str, str]], Assistant]


@pytest.fixture(scope="module")
def asked_of(tmp_path_factory: pytest.TempPathFactory, assistant: Assistant) -> Iterator[AskedOf]:
    """Makes an assistant of Markdown texts, by their names without ".md"."""
    with ExitStack() as stack:

        def make(texts: Mapping[str, str]) -> Assistant:
            folder = tmp_path_factory.mktemp("asked")
            (folder / "corpus").mkdir()
            for name, text in texts.items():
                (folder / "corpus" / f"{name}.md").write_text(text, "utf-8")
            settings = Settings(corpus=folder / "corpus", library=folder / "library", chat_model=None)
            ingest(settings)
            made = Assistant.open(settings)
            made.judge = assistant.judge
            stack.callback(made.library.close)
            return made

        yield make


@pytest.fixture
def scripted(
    assistant: Assistant, asked_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Scripted]:
    """Makes an assistant whose chat model follows a script, with the settings given."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with ExitStack() as stack:

        def make(*script: Script, **settings: object) -> Chat:
            server = stack.enter_context(serving(*script))
            given = {"chat_model": "openai:scripted", "chat_base_url": server.url, "chat_timeout_s": 30.0}
            used = asked_settings.model_copy(update={"state": tmp_path / "state", **given, **settings})
            made = Assistant.open(used)
            stack.callback(made.library.close)
            made.encoder, made.judge = assistant.encoder, assistant.judge
            return Chat(made, used, server)

        yield make
