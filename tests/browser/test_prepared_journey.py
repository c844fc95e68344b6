"""From a question without an answer to its answer: staff show the place, the library is updated, it is asked again."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from conftest import ChatPage, press, serving
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from test_library_journeys import LibraryPages

from assistant.library.prepared import PreparedQuestion
from assistant.library.question_files import proposed_questions, staff_questions
from assistant.settings import Settings

pytestmark = pytest.mark.browser

ASKED = "Can I protest when they sack me?"
FIRST, LAST = "hears the accusation, sees the main evidence", "An independent body decides on appeals"
PROPOSED = PreparedQuestion(
    "Does <b>anybody</b> explain the decision?",
    "en",
    "doctrine/vetting.pdf",
    "(6) A panel assesses each file and gives reasons for its decision.",
)


@pytest.fixture
def settings(corpus: Path, library: Path, tmp_path: Path) -> Settings:
    """Copies of corpus and library that staff may change, and two proposals that wait."""
    shutil.copytree(corpus, tmp_path / "corpus")
    shutil.copytree(library, tmp_path / "library")
    settings = Settings(corpus=tmp_path / "corpus", library=tmp_path / "library", state=tmp_path / "state")
    proposed_questions(settings.state).add([PROPOSED, replace(PROPOSED, question="Who is it?")])
    return settings


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    with serving(settings.corpus, settings.library, settings.state) as url:
        yield url


def open_nearest(chat: ChatPage) -> None:
    """Ask of the one document on Liberia what gets no answer, and open the place in it that is nearest."""
    chat.open(f"/?{urlencode({'q': ASKED, 'country': 'Liberia'})}")
    chat.wait.until(lambda _: chat.answers())
    assert "The library does not answer this" in chat.answers()[0].text
    press(chat.driver, lambda: chat.driver.find_element(By.CSS_SELECTOR, "[class*='st-key-near_0'] button"))
    chat.dialog_shows("The quote with its reference")


def test_staff_show_the_place_and_the_question_is_answered(chat: ChatPage, settings: Settings) -> None:
    pages = LibraryPages(chat.driver, chat.address)
    open_nearest(chat)
    chat.dialog_shows("This answers it")
    assert len(ticked(chat)) == 1  # what was opened
    chat.screenshot("preparing-opened")
    pages.choose("Document", "Vetting")
    chat.dialog_shows("Page 1 of 6")
    page = pages.field("[role=dialog] [data-testid=stNumberInput] input")
    page.send_keys(Keys.BACKSPACE, "4", Keys.ENTER)
    chat.dialog_shows("Page 4 of 6")
    assert ticked(chat) == []
    asked = pages.field("[role=dialog] [data-testid=stTextInput] input")
    assert asked.get_attribute("value") == ASKED
    chat.driver.execute_script("arguments[0].scrollIntoView()", asked)
    chat.screenshot("preparing")
    for words in (FIRST, LAST):
        pages.click(words, "label")
    pages.click("This answers it")
    chat.dialog_shows("Kept. The next update of the library will lead questions like this one to this place.")
    chat.wait.until(lambda _: "This answers it" not in chat.text())
    chat.dialog_shows("(8) An independent body decides")
    chat.screenshot("preparing-kept")
    [kept] = staff_questions(settings.corpus).questions()
    assert (kept.question, kept.language, kept.source) == (ASKED, "en", "doctrine/vetting.pdf")
    assert kept.quote.startswith("(7) The person") and kept.quote.endswith("on appeals, within a fixed time.")

    pages.click("Look after the library")
    pages.click("Prepared questions", "tab")
    pages.see(ASKED).see("1 change waits").see(PROPOSED.question).see("Who is it?")
    chat.screenshot("staff-questions")
    pages.click("Drop")  # the newest
    pages.see("Proposed by the chat model (1)")
    pages.click("Accept")
    pages.see("2 changes wait").see("Added by staff (2)")
    assert proposed_questions(settings.state).questions() == []
    pages.click("Bring the library up to date")
    pages.see("The library is at state")
    pages.click("Prepared questions", "tab")
    pages.see("Added by staff (2)")
    assert "the next update" not in chat.text().partition("Added by staff")[0].partition("answer it.")[2]

    answer = chat.open().ask(ASKED)
    assert FIRST in answer.text and LAST in answer.text
    chat.shows(f"Matches the prepared question “{ASKED}”.")
    chat.screenshot("prepared-answer")


def ticked(chat: ChatPage) -> list[WebElement]:
    return chat.driver.find_elements(By.CSS_SELECTOR, "[role=dialog] input[type=checkbox]:checked")


def test_who_has_no_staff_access_reads_the_place_and_is_asked_nothing(chat: ChatPage) -> None:
    chat.driver.execute_cdp_cmd("Network.enable", {})
    chat.driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"X-Forwarded-For": "203.0.113.9"}})
    try:
        open_nearest(chat)
        chat.dialog_shows("Download the document")  # the end of the dialog
        assert "Does this place answer" not in chat.text()
        assert chat.driver.find_elements(By.CSS_SELECTOR, "[role=dialog] input[type=checkbox]") == []
    finally:
        chat.driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {}})
