"""The chat page without a browser: conversations, links, filters, feedback, hostile words, quoted and written."""

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
import streamlit as st
from samples import EVIL, answer, hostile_abstention, hostile_answer
from streamlit.testing.v1 import AppTest

from assistant.answering.chat_model import ChatModel
from assistant.errors import ChatModelError
from assistant.records import Claim, Filters, NoteOnAnswer, Quoted, StreamEvent, Writing
from assistant.settings import Settings
from assistant.ui.conversations import Conversation, ConversationStore, Exchange
from assistant.ui.turn import Asked
from assistant.ui.underway import Underway
from tests.answering.chat_server import ChatServer, Step, serving


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
    parts = [*page.header, *page.text, *page.caption, *page.markdown, *page.info, *page.warning]
    words = [*(str(part.value) for part in parts), *(status.label for status in page.status)]
    return "\n".join(words).replace("\\", "")


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
    assert "Test press" in said(page)
    assert any(button.label.replace("\\", "").startswith("[1] ") for button in page.button)


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


# Where a chat model is set


@pytest.fixture
def written_page(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[AppTest, ChatServer]]:
    """The page with a chat model that says nothing until it may go on, then two sentences."""
    with serving([Step.HOLD, f"{WRITTEN} [1] {WRITTEN} [1]"]) as server:
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        monkeypatch.setenv("SSR_CHAT_MODEL", "openai:scripted")
        monkeypatch.setenv("SSR_CHAT_BASE_URL", server.url)
        yield page, server


WRITTEN = "Vetting is a check of a person's past conduct."


def written(page: AppTest, server: ChatServer) -> AppTest:
    """Let the model go on, and look until it has ended."""
    server.go_on.set()
    return looked_at(page, "Written by the chat model")


def looked_at(page: AppTest, words: str) -> AppTest:
    """Look at the page, as it does by itself, until it says this."""
    until = monotonic() + 60
    while words not in said(page):
        assert monotonic() < until, said(page)
        page.session_state["underway"].look(1)
        page.run()
    return page


def labels(page: AppTest) -> list[str]:
    return [button.label.replace("\\", "") for button in page.button]


def test_only_where_a_chat_model_is_set_is_there_a_choice(page: AppTest) -> None:
    ask(page.run(), "What is vetting?")
    assert not page.radio
    assert not [label for label in labels(page) if label.startswith(("Write it out", "Show it quoted"))]


def test_the_quoted_answer_stands_while_the_model_writes_and_the_written_one_after(
    written_page: tuple[AppTest, ChatServer], state: Path
) -> None:
    page, server = written_page
    ask(page.run(), "What is vetting?")
    assert page.radio[0].value == "written"
    assert "In the documents' own words" in said(page)
    looked_at(page, "The chat model reads the passages")
    assert server.waits.wait(10)
    assert "In the documents' own words" in said(page)
    assert kept(state) == []
    written(page, server)
    assert "In the documents' own words" not in said(page)
    assert [exchange.answer.claims[0].text for exchange in kept(state)[0].exchanges] == [WRITTEN]
    assert len(server.requests) == 1, "looking at the page asks nothing again"
    assert re.search(r"about \d+ s the last time", said(page))


def test_quoted_asked_for_asks_nothing_of_the_model_until_it_is_to_write(
    written_page: tuple[AppTest, ChatServer], state: Path
) -> None:
    page, server = written_page
    page.run().radio[0].set_value("quoted")
    ask(ask(page, "How was the police vetted in Liberia?"), "And in Kosovo?")
    first, second = kept(state)[0].exchanges
    assert (first.answer.model, second.answer.model, server.requests) == (None, None, [])
    button = next(button for button in page.button if button.label.startswith("Write it out"))
    written(button.click().run(), server)
    again, after = kept(state)[0].exchanges
    assert again.answer.model == "openai:scripted"
    assert (again.answer.question, again.typed, after) == (first.answer.question, first.typed, second)
    asked = len(server.requests)
    press(page, "Show it quoted")
    back, _ = kept(state)[0].exchanges
    assert (back.answer.text, back.answer.model, len(server.requests)) == (first.answer.text, None, asked)
    assert re.search(r"Write it out \(about \d+ s\)", "\n".join(labels(page)))
    assert page.radio[0].value == "quoted"


@pytest.mark.parametrize("end", ["Stop", "another question", "another conversation"])
def test_what_ends_the_writing_keeps_the_quoted_answer(
    written_page: tuple[AppTest, ChatServer], state: Path, end: str
) -> None:
    page, _ = written_page
    ask(page.run(), "What is vetting?")
    if end == "Stop":
        press(page, "Stop")
    elif end == "another question":
        ask(page, "How was the police rebuilt in Liberia?")
    else:
        press(page, "New conversation")
    exchange = kept(state)[0].exchanges[0]
    assert (exchange.answer.question, exchange.answer.model) == ("What is vetting?", None)
    assert {claim.state for claim in exchange.answer.claims} == {"verbatim"}
    assert "Stopped" not in said(page)
    assert not page.exception


def test_stopping_to_have_an_answer_written_leaves_the_quoted_one_as_it_was(
    written_page: tuple[AppTest, ChatServer], state: Path
) -> None:
    page, _ = written_page
    page.run().radio[0].set_value("quoted")
    ask(page, "What is vetting?")
    before = kept(state)[0].exchanges
    press(press(page, "Write it out"), "Stop")
    assert kept(state)[0].exchanges == before
    assert "Stopped" not in said(page)


@pytest.mark.parametrize(
    ("fields", "offered"),
    [
        ({}, "Write it out"),
        ({"reason": "premise-denied"}, None),
        ({"notes": (NoteOnAnswer("chat-model-failed", "It broke off."),)}, "Write it out"),
        ({"notes": (NoteOnAnswer("chat-model-declined", "It finds no answer."),)}, None),
        ({"model": "openai:scripted"}, "Show it quoted"),
        ({"model": "openai:scripted", "status": "abstained", "reason": "declined-by-model"}, "Show it quoted"),
        ({"model": "openai:scripted", "status": "abstained", "reason": "year-missing"}, None),
    ],
)
def test_the_other_form_is_offered_where_it_would_be_another_answer(
    written_page: tuple[AppTest, ChatServer], state: Path, fields: dict[str, object], offered: str | None
) -> None:
    page, _ = written_page
    conversation = Conversation().with_exchange(Exchange(answer(**fields)))
    ConversationStore(state / "conversations", 30).save(conversation)
    page.query_params["c"] = conversation.id
    page.run()
    assert [label for label in labels(page) if label in ("Write it out", "Show it quoted")] == [offered] * bool(offered)


def test_the_page_says_that_the_model_is_being_loaded(
    written_page: tuple[AppTest, ChatServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = written_page
    loaded = threading.Event()
    monkeypatch.setattr(ChatModel, "open", lambda _: loaded.wait(60))
    ask(page.run(), "What is vetting?")
    assert "The chat model is being loaded" in said(page)
    loaded.set()


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

    work = underway(slow())
    assert work.look(10).pending == "The police"
    assert not work.has_ended
    work.stop()
    go_on.set()
    assert closed.wait(10)
    assert work.has_ended and work.progress.answer is None


def test_what_the_assistant_raises_is_raised_on_the_page() -> None:
    def broken() -> Iterator[StreamEvent]:
        yield Claim("One.")
        raise ValueError("no")

    work = underway(broken())
    with pytest.raises(ValueError, match="no"):
        while not work.look(10).answer:
            pass


def test_a_chat_model_that_cannot_be_opened_costs_a_note_where_the_documents_answer() -> None:
    def broken() -> Iterator[StreamEvent]:
        yield Quoted(answer())
        raise ChatModelError("The model is not there.")

    work = underway(broken())
    while not (came := work.look(10).answer):
        pass
    assert (came.text, [note.message for note in came.notes]) == (answer().text, ["The model is not there."])


def underway(events: Iterator[StreamEvent]) -> Underway:
    return Underway(Asked("Who was vetted?", written=True), Filters(), Filters(), events)
