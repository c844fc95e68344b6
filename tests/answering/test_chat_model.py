import os
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from langchain_core.messages import HumanMessage

from assistant.answering.chat_model import PROVIDERS, ChatModel, missing_package
from assistant.doctor import Check, examine
from assistant.errors import ChatModelError
from assistant.settings import Settings
from tests.answering.chat_server import ChatServer, Step, serving


def settings(server: ChatServer | None = None, **given: object) -> Settings:
    url = server.url if server else None
    return Settings(**{"chat_model": "openai:scripted", "chat_base_url": url, "chat_timeout_s": 10, **given})


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [name for name in os.environ if name.endswith("_API_KEY") or name.startswith("SSR_")]:
        monkeypatch.delenv(name)
    yield


def check(settings: Settings) -> Check:
    [found] = [check for check in examine(settings) if check.name == "chat model"]
    return found


@pytest.mark.parametrize("name", ["gpt-4", "openai:", "mystery:model", ":x", "huggingface:org/model"])
def test_a_name_that_names_no_model_says_how_one_is_named(name: str) -> None:
    with pytest.raises(ChatModelError, match="openai:MODEL"):
        ChatModel.open(settings(chat_model=name))


def test_a_provider_whose_package_is_missing_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PROVIDERS, "anthropic", ("langchain_not_installed",))
    with pytest.raises(ChatModelError, match=r'pip install -e "\.\[anthropic\]"'):
        ChatModel.open(settings(chat_model="anthropic:claude"))
    assert missing_package("openai") is None


def test_a_missing_key_is_named() -> None:
    with pytest.raises(ChatModelError, match="OPENAI_API_KEY"):
        ChatModel.open(settings())


def test_the_key_of_the_provider_is_used_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-test")
    with serving(["Yes."]) as server:
        assert "".join(ChatModel.open(settings(server)).stream([HumanMessage("Well?")])) == "Yes."
        assert server.headers[0]["authorization"] == "Bearer key-of-the-test"


def test_opening_a_model_asks_it_nothing() -> None:
    with serving(["Yes."]) as server:
        ChatModel.open(settings(server))
        assert server.requests == []


def test_a_server_that_is_not_there_is_an_error_in_words() -> None:
    with serving([]) as gone:
        pass
    with pytest.raises(ChatModelError, match="openai:scripted could not be reached"):
        list(ChatModel.open(settings(gone)).stream([HumanMessage("Well?")]))


def test_a_server_that_names_no_time_is_asked_again_after_a_while_and_one_that_names_a_long_one_is_not() -> None:
    for waits, attempts in ((None, 3), ("3600", 1)):
        with serving([503], retry_after=waits) as server:
            with pytest.raises(ChatModelError, match="HTTP 503"):
                list(ChatModel.open(settings(server)).stream([HumanMessage("Well?")]))
            assert len(server.requests) == attempts


def test_doctor_says_which_model_is_set_and_that_it_answers() -> None:
    with serving(["OK"]) as server:
        found = check(settings(server))
    assert found.is_well and not found.required
    assert "openai:scripted" in found.message and server.url in found.message and "answers" in found.message


@pytest.mark.parametrize(
    ("script", "expected"), [([401], "refused the key"), ([404], "not known"), ([Step.CUT], "could not be reached")]
)
def test_doctor_says_why_a_model_does_not_answer_and_that_this_is_no_obstacle(
    script: list[int | Step], expected: str
) -> None:
    with serving(script) as server:
        found = check(settings(server))
    assert not found.is_well and not found.is_wrong
    assert expected in found.message


def test_doctor_finds_no_chat_model_well_too() -> None:
    assert check(settings(chat_model=None)).is_well
    assert check(settings(chat_model="")).is_well


@pytest.mark.skipif(find_spec("langchain_ollama") is None, reason="needs the extra ollama")
def test_ollama_opens_without_a_key() -> None:
    assert ChatModel.open(settings(chat_model="ollama:llama3.1:8b")).name == "ollama:llama3.1:8b"


@pytest.mark.skipif(find_spec("langchain_anthropic") is None, reason="needs the extra anthropic")
def test_anthropic_opens_with_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key-of-the-test")
    assert ChatModel.open(settings(chat_model="anthropic:claude-x")).name == "anthropic:claude-x"
