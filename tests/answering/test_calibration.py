import json

import pytest
from langchain_core.messages import BaseMessage

from assistant.answering.calibration import Calibration, Pair, calibrate, keep, kept, pairs
from assistant.answering.chat_model import ChatModel
from assistant.settings import Settings
from tests.answering.chat_server import serving
from tests.answering.conftest import Scripted


def settings(**given: object) -> Settings:
    return Settings(**{"chat_model": "openai:scripted", **given})


def measured(*yes: float) -> Calibration | None:
    """Of a model that says yes so to one pair after another: answerable ones and others in turn."""
    asked = [Pair(pair.question, pair.shown, place % 2 == 0) for place, pair in enumerate(pairs()[: len(yes)])]
    with serving(*([one] for one in yes)) as server:
        return calibrate(ChatModel.open(settings(chat_base_url=server.url)), asked)


def test_a_model_that_knows_is_usable_and_its_threshold_loses_nothing_that_is_answered() -> None:
    found = measured(0.8, 0.1, 0.7, 0.2, 0.9, 0.75)
    assert found is not None and found.is_usable
    assert found.told_apart == pytest.approx(8 / 9)
    assert found.threshold == pytest.approx(0.7, abs=1e-3)


def test_a_model_that_says_yes_to_all_is_too_weak_and_said_to_be() -> None:
    found = measured(0.9, 0.9, 0.9, 0.9)
    assert found is not None and not found.is_usable and found.told_apart == 0.5
    assert "larger model" in found.in_words


def test_a_server_that_tells_no_weights_cannot_be_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-test")
    assert calibrate(ChatModel.open(settings(chat_model="openai:hosted")), pairs()) is None


def test_half_of_the_shipped_pairs_are_answerable_and_each_has_passages() -> None:
    asked = pairs()
    assert [len(asked), sum(pair.answerable for pair in asked)] == [50, 25]
    assert all(pair.shown and all(shown.text for shown in pair.shown) for pair in asked)


def test_what_was_measured_is_kept_for_each_model(scripted: Scripted) -> None:
    chat = scripted(["x"])
    one, other = Calibration(0.9, 0.3, 2.0), Calibration(0.5, 0.6, 9.0)
    assert kept(chat.settings) is None
    keep(chat.settings, one)
    keep(chat.settings.model_copy(update={"chat_model": "openai:other"}), other)
    assert kept(chat.settings) == one
    [file] = [path for path in chat.settings.state.iterdir() if path.is_file()]
    assert len(json.loads(file.read_text())) == 2
    file.write_text("{")
    assert kept(chat.settings) is None
    keep(chat.settings, other)
    assert kept(chat.settings) == other


def test_the_models_own_words_are_weighed_not_the_server_s_choice() -> None:
    request: list[BaseMessage] = []
    with serving([0.25]) as server:
        found = ChatModel.open(settings(chat_base_url=server.url)).probability_of_yes(request)
    assert found == pytest.approx(0.25)
