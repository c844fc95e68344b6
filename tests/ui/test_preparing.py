"""“This answers it” without a browser: who is asked, what is kept, what is refused."""

import shutil
from pathlib import Path

import pytest
import streamlit as st
from samples import EVIL, hostile_abstention
from streamlit.testing.v1 import AppTest

from assistant.library.indexing import ingest
from assistant.library.prepared import PreparedQuestion
from assistant.library.question_files import proposed_questions, staff_questions
from assistant.settings import Settings
from assistant.ui.conversations import Conversation, ConversationStore, Exchange
from assistant.ui.viewer import Viewed

ASKED = "Who won the football world cup in 1998?"


@pytest.fixture
def settings(asked_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of the small library that a test may change, as the environment of the page."""
    shutil.copytree(asked_settings.corpus, tmp_path / "corpus")
    shutil.copytree(asked_settings.library, tmp_path / "library")
    for name in ("corpus", "library", "state"):
        monkeypatch.setenv(f"SSR_{name.upper()}", str(tmp_path / name))
    monkeypatch.setenv("SSR_STAFF_PASSWORD", "secret")
    st.cache_resource.clear()
    st.cache_data.clear()
    return Settings()


def draw() -> None:
    from assistant.ui import chat

    chat.page()


@pytest.fixture
def page(settings: Settings) -> AppTest:
    """The chat as staff see it."""
    page = AppTest.from_function(draw, default_timeout=60)
    page.session_state["is_staff"] = True
    return page


def ask(page: AppTest, question: str) -> AppTest:
    return page.chat_input[0].set_value(question).run()


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if label in button.label).click().run()
    assert not page.exception
    return page


def open_near(page: AppTest) -> AppTest:
    """Ask of the one document on Liberia what gets no answer, and open the place in it that is nearest."""
    page.query_params["q"], page.query_params["country"] = ASKED, "Liberia"
    return press(page.run(), "Liberia\\: a new police")


def is_offered(page: AppTest) -> bool:
    return any(button.label == "This answers it" for button in page.button)


def tick(page: AppTest, words: str, on: bool = True) -> None:
    next(box for box in page.checkbox if words in box.label.replace("\\", "")).set_value(on)


def ticked(page: AppTest) -> list[str]:
    return [box.label.replace("\\", "") for box in page.checkbox if box.value]


def test_only_staff_are_asked_and_only_where_there_was_no_answer(page: AppTest) -> None:
    open_near(page)
    assert is_offered(page)
    del page.session_state["is_staff"]
    assert not is_offered(page.run())
    page.session_state["is_staff"] = True
    ask(page.run(), "How many officers were trained in Liberia by July 2007?")
    page.session_state["viewed"] = Viewed(page.session_state["conversation"].exchanges[-1].answer.citations[0], 1)
    assert not is_offered(page.run())


def test_what_is_ticked_is_kept_with_the_wording_and_all_between(page: AppTest, settings: Settings) -> None:
    open_near(page)
    page.selectbox(key="place_document").select("cases/kosovo.md").run()
    assert ticked(page) == []
    tick(page, "opened in Vushtrri")
    tick(page, "multi-ethnic service")
    page.text_input(key="place_question").set_value("Comment la police est-elle devenue multiethnique au Kosovo ?")
    press(page, "This answers it")
    assert "Kept. The next update" in page.success[0].value
    assert not is_offered(page)
    [kept] = staff_questions(settings.corpus).questions()
    assert (kept.language, kept.source) == ("fr", "cases/kosovo.md")
    assert kept.question == "Comment la police est-elle devenue multiethnique au Kosovo ?"
    assert kept.quote.startswith("The Kosovo police school opened in Vushtrri")
    assert "all communities side by side" in kept.quote and kept.quote.endswith("became a multi-ethnic service.")


def test_the_quote_that_was_opened_is_ticked_and_with_nothing_ticked_nothing_is_kept(
    page: AppTest, settings: Settings
) -> None:
    open_near(page)
    [near] = page.session_state["conversation"].exchanges[0].answer.nearest
    assert ticked(page) == [" ".join(near.quote.split())]
    tick(page, ticked(page)[0], on=False)
    press(page, "This answers it")
    assert "No sentence is chosen" in page.error[0].value
    assert staff_questions(settings.corpus).questions() == []
    assert is_offered(page)
    assert page.text_input(key="place_question").value == ASKED


def test_of_a_long_page_one_section_is_shown_at_a_time(page: AppTest, settings: Settings) -> None:
    sections = [f"## Part {n}\n\n" + " ".join(f"Post {n}.{m} has a guard." for m in range(40)) for n in range(3)]
    (settings.corpus / "long.md").write_text("# Posts\n\n" + "\n\n".join(sections))
    ingest(settings)
    open_near(page)
    page.selectbox(key="place_document").select("long.md").run()
    assert len(page.checkbox) == 40
    page.selectbox(key="section_long.md_1").select(("Posts", "Part 2")).run()
    assert not page.exception
    assert page.checkbox[0].label.startswith("Post 2")


def test_hostile_words_and_a_document_that_is_gone_break_nothing(page: AppTest, settings: Settings) -> None:
    (settings.corpus / "evil.md").write_text(f"# Evil\n\n{EVIL} is a guard. {EVIL} is another.\n")
    ingest(settings)
    evil = Conversation().with_exchange(Exchange(hostile_abstention()))
    ConversationStore(settings.state / "conversations", 30).save(evil)
    page.query_params["c"] = evil.id
    press(page.run(), "img src")
    assert not is_offered(page)
    page.selectbox(key="place_document").select("evil.md").run()
    assert not page.exception and page.checkbox
    assert not any("<img" in box.label.replace("\\<img", "") for box in page.checkbox)
    tick(page, "guard")
    press(page, "This answers it")
    assert not page.exception
    assert len(staff_questions(settings.corpus).questions()) == 1


# The staff page


def staff_page() -> AppTest:
    def script() -> None:
        from assistant.ui import staff

        staff.page()

    page = AppTest.from_function(script, default_timeout=60)
    page.session_state["is_staff"] = True
    return page


def test_what_cannot_be_accepted_is_said_and_waits_on(settings: Settings) -> None:
    wrong = PreparedQuestion(EVIL, "en", "doctrine/vetting.md", "These words stand nowhere.")
    proposed_questions(settings.state).add([wrong])
    page = press(staff_page().run(), "Accept")
    assert "does not stand in doctrine/vetting.md" in page.error[0].value.replace("\\", "")
    assert proposed_questions(settings.state).questions() == [wrong]
    assert not any("**bold**" in part.value or " <img" in part.value for part in page.markdown)


def test_a_question_that_is_removed_waits_for_the_update_too(settings: Settings) -> None:
    row = PreparedQuestion(ASKED, "en", "doctrine/vetting.md", "It protects the public from known abusers.")
    staff_questions(settings.corpus).add([row])
    ingest(settings)
    page = staff_page().run()
    assert not page.info
    press(page, "Remove")
    assert "1 change waits" in page.info[0].value
    assert staff_questions(settings.corpus).questions() == []
