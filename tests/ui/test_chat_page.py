"""The chat page without a browser: conversations, links, filters, stopping, feedback, hostile words."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from samples import EVIL, answer, hostile_abstention, hostile_answer
from streamlit.testing.v1 import AppTest

from assistant.records import Answer, Claim, StreamEvent, Writing
from assistant.settings import Settings
from assistant.ui.asking import watched
from assistant.ui.conversations import Conversation, ConversationStore, Exchange


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def page(asked_settings: Settings, state: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("SSR_CORPUS", str(asked_settings.corpus))
    monkeypatch.setenv("SSR_LIBRARY", str(asked_settings.library))
    monkeypatch.setenv("SSR_STATE", str(state))
    st.cache_resource.clear()
    st.cache_data.clear()

    return AppTest.from_function(draw, default_timeout=60)


def draw() -> None:
    from assistant.ui import chat

    chat.page()


def ask(page: AppTest, question: str) -> AppTest:
    assert page.chat_input, (page.exception, page.error, page.text)
    return page.chat_input[0].set_value(question).run()


def said(page: AppTest) -> str:
    parts = [*page.text, *page.caption, *page.markdown, *page.info, *page.warning]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if label in button.label).click().run()


def kept(state: Path) -> list[Conversation]:
    store = ConversationStore(state / "conversations", 30)
    loaded = [store.load(path.stem) for path in (state / "conversations").glob("*.json")]
    return [conversation for conversation in loaded if conversation]


def test_a_conversation_survives_the_server_and_asks_nothing_again(page: AppTest, state: Path) -> None:
    ask(ask(page.run(), "What is vetting?"), "How was the police rebuilt in Liberia?")
    address = page.query_params["c"]
    log = (state / "questions.jsonl").read_text()
    st.cache_resource.clear()
    later = AppTest.from_function(draw, default_timeout=60)
    later.query_params["c"] = address
    later.run()
    assert not later.exception
    assert "What is vetting?" in said(later)
    assert "How was the police rebuilt in Liberia?" in said(later)
    assert (state / "questions.jsonl").read_text() == log


def test_an_address_that_is_not_kept_says_so_and_starts_anew(page: AppTest) -> None:
    page.query_params["c"] = "../../etc/passwd"
    page.run()
    assert "not kept any more" in said(page)
    assert "c" not in page.query_params
    assert not page.exception


def test_a_link_asks_its_question_once_within_its_filters(page: AppTest, state: Path) -> None:
    page.query_params["q"] = "Who was vetted?"
    page.query_params["country"] = ["liberia", "Atlantis"]
    page.run()
    assert not page.exception
    assert "q" not in page.query_params
    exchange = kept(state)[0].exchanges[0]
    assert exchange.chosen.country == ("Liberia",)
    assert {citation.source for citation in exchange.answer.citations} == {"cases/liberia.md"}
    page.run()
    assert len(kept(state)[0].exchanges) == 1


def test_a_typed_filter_is_a_chip_and_taking_it_away_asks_again(page: AppTest, state: Path) -> None:
    ask(page.run(), "How was the police vetted in Liberia?")
    assert kept(state)[0].exchanges[0].typed.country == ("Liberia",)
    press(page, "Only Liberia")
    exchanges = kept(state)[0].exchanges
    assert len(exchanges) == 1
    assert exchanges[0].typed.country == ()
    assert not [button for button in page.button if "Only Liberia" in button.label]


def test_a_typed_filter_that_finds_nothing_is_dropped(page: AppTest, state: Path) -> None:
    ask(page.run(), "Who won the football world cup in Liberia?")
    exchange = kept(state)[0].exchanges[0]
    assert exchange.answer.status == "abstained"
    assert exchange.typed.country == ()
    assert "Searched: all 4 documents" in said(page)


def test_a_question_that_was_misunderstood_is_corrected_in_its_place(page: AppTest, state: Path) -> None:
    ask(ask(page.run(), "How was the police vetted in Liberia?"), "And in Kosovo?")
    assert "Understood as" in said(page)
    box = next(box for box in page.text_input if "stands alone" in box.label)
    box.set_value("Who ran the Kosovo police school?")
    press(page, "Ask it like this")
    questions = [exchange.answer.question for exchange in kept(state)[0].exchanges]
    assert questions == ["How was the police vetted in Liberia?", "Who ran the Kosovo police school?"]


def test_an_abstention_says_what_was_searched_and_opens_what_is_near(page: AppTest) -> None:
    page.query_params["q"] = "Who won the football world cup in 1998?"
    page.query_params["country"] = "Liberia"
    page.run()
    assert "Searched: 1 of 4 documents" in said(page)
    press(page, "Liberia")
    assert not page.exception
    assert "Test press" in said(page)


def test_a_suggested_question_is_asked_at_a_click(page: AppTest, state: Path) -> None:
    ask(page.run(), "What is vetting?")
    suggested = next(button for button in page.button if str(button.key).startswith("next_0"))
    suggested.click().run()
    assert len(kept(state)[0].exchanges) == 2
    assert kept(state)[0].exchanges[1].answer.status == "answered"


def test_feedback_goes_to_the_queue_with_its_reason(page: AppTest, state: Path) -> None:
    ask(page.run(), "What is vetting?")
    page.feedback[0].set_value(0).run()
    assert json.loads((state / "feedback.jsonl").read_text("utf-8"))["thumb"] == "down"
    page.selectbox[0].select("outdated")
    page.text_area[0].set_value(EVIL)
    press(page, "Send")
    noted, record = map(json.loads, (state / "feedback.jsonl").read_text("utf-8").splitlines())
    assert noted["id"] == record["id"] and noted["reason"] is None
    assert (record["thumb"], record["reason"], record["comment"]) == ("down", "outdated", EVIL.strip())
    assert record["id"] not in page.query_params["c"]
    assert "Thank you" in said(page)


def test_a_conversation_is_renamed_and_deleted(page: AppTest, state: Path) -> None:
    ask(page.run(), "What is vetting?")
    next(box for box in page.text_input if box.label == "Name").set_value(EVIL).run()
    assert kept(state)[0].name == EVIL[:80].rstrip()
    press(page, "Delete this conversation")
    assert kept(state) == []
    assert "c" not in page.query_params
    assert not page.exception


def test_a_folder_that_cannot_be_written_costs_no_answer(page: AppTest, state: Path) -> None:
    state.write_text("a file where the folder should be")
    ask(page.run(), "What is vetting?")
    assert not page.exception
    assert "[1] Test press" in said(page)


def test_hostile_words_in_every_field_break_nothing(page: AppTest, state: Path) -> None:
    store = ConversationStore(state / "conversations", 30)
    evil = Conversation(name=EVIL).with_exchange(Exchange(hostile_answer()))
    evil = evil.with_exchange(Exchange(hostile_abstention()))
    store.save(evil)
    page.query_params["c"] = evil.id
    page.run()
    assert not page.exception
    labels = [button.label for button in page.button]
    assert not [label for label in labels if "[x](" in label or label.startswith("<img") or " <img" in label]
    drawn = [*page.caption, *page.info, *page.markdown]
    assert not any("**bold**" in str(part.value) or " <img" in str(part.value) for part in drawn)


def test_stopping_closes_the_stream_and_what_came_before_is_seen() -> None:
    closed, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[StreamEvent]:
        try:
            yield Writing("The police")
            go_on.wait(10)
            yield Claim("The police were vetted.")
            yield answer()
        finally:
            closed.set()

    events = watched(slow())
    assert next(events) == Writing("The police")
    assert next(events) is None, "while nothing comes, the page can be interrupted"
    events.close()
    go_on.set()
    assert closed.wait(10)


def test_what_the_assistant_raises_is_raised_on_the_page() -> None:
    def broken() -> Iterator[StreamEvent]:
        yield Claim("One.")
        raise ValueError("no")

    events = watched(broken())
    assert next(events) == Claim("One.")
    with pytest.raises(ValueError, match="no"):
        next(event for event in events if isinstance(event, Answer))
