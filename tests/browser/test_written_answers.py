"""Where a chat model is set: quoted or written is chosen, and what is quoted can be read while the model writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ChatPage, press, serving
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from test_accessibility import serious_findings
from test_chat_journeys import LOW_CONTRAST

from tests.answering.chat_server import ChatServer, Script, Step
from tests.answering.chat_server import serving as chat_model

pytestmark = pytest.mark.browser

SAID = "Vetting is a formal check of past conduct before a public post. [1]\n"
BEFORE, AFTER = "In the documents' own words", "Written by the chat model"


@contextmanager
def opened(
    driver: webdriver.Chrome, corpus: Path, library: Path, state: Path, *script: Script
) -> Iterator[tuple[ChatPage, ChatServer]]:
    """The chat page of a server whose chat model follows the script."""
    with chat_model(*script) as model:
        given = {"SSR_CHAT_MODEL": "openai:scripted", "SSR_CHAT_BASE_URL": model.url}
        with serving(corpus, library, state, **given) as address:
            page = ChatPage(driver, address)
            page.screen(1280, 1000)
            yield page.open(), model


def test_the_quoted_answer_is_read_and_its_source_opened_while_the_model_writes(
    driver: webdriver.Chrome, corpus: Path, library: Path, tmp_path: Path
) -> None:
    with opened(driver, corpus, library, tmp_path, [Step.HOLD, SAID, SAID]) as (page, model):
        page.screenshot("written-choice")
        page.type("What is vetting?")
        page.shows("The chat model reads the passages")
        assert BEFORE in page.text()
        quoted = page.answers()[0].text
        assert "Vetting is" in quoted
        assert driver.execute_script(LOW_CONTRAST) == []
        assert serious_findings(driver) == []
        seen_on_every_screen(page, "written-waiting")

        page.press_source()
        page.dialog_shows("Vetting of police")
        page.press("The page as text")
        page.wait.until(lambda _: driver.find_elements(By.CSS_SELECTOR, ".ssr-page mark"))
        page.screenshot("written-waiting-source")
        press(driver, lambda: driver.find_element(By.CSS_SELECTOR, "[role=dialog] [aria-label=Close]"))
        page.wait.until(lambda _: not driver.find_elements(By.CSS_SELECTOR, "[role=dialog]"))
        assert BEFORE in page.text()

        model.go_on.set()
        page.shows(AFTER)
        page.wait.until(lambda _: BEFORE not in page.text())
        assert [answer.text for answer in page.answers()] != [quoted]
        assert len(page.answers()) == len(model.requests) == 1
        page.shows("s the last time")
        page.shows("Related questions")
        seen_on_every_screen(page, "written-finished")

        page.press("Show it quoted")
        page.shows("Write it out (about")
        page.wait.until(lambda _: [answer.text for answer in page.answers()] == [quoted])
        assert len(model.requests) == 1
        seen_on_every_screen(page, "written-shown-quoted")


def test_stop_keeps_the_quoted_answer(driver: webdriver.Chrome, corpus: Path, library: Path, tmp_path: Path) -> None:
    with opened(driver, corpus, library, tmp_path, ["It goes on and ", Step.WAIT]) as (page, model):
        page.type("What is vetting?")
        page.shows("It goes on and")
        page.screenshot("written-writing")
        page.press("Stop")
        page.shows("Write it out")
        assert "It goes on and" not in page.text()
        assert "Stopped" not in page.text()
        assert len(page.answers()) == 1
        driver.refresh()
        page.shows("Write it out")
        assert len(page.answers()) == len(model.requests) == 1


def test_stop_before_anything_is_there_says_so(
    driver: webdriver.Chrome, corpus: Path, library: Path, tmp_path: Path
) -> None:
    with opened(driver, corpus, library, tmp_path, [Step.WAIT]) as (page, model):
        page.type("How many officers were vetted in 1987?")  # the model reads what is near; nothing can be quoted
        page.shows("The chat model reads the passages")
        assert BEFORE not in page.text()
        page.wait.until(lambda _: model.requests)
        page.press("Stop")
        page.shows("Stopped before the answer was there")
        page.screenshot("written-stopped")


def test_the_keyboard_alone_chooses_the_documents_own_words(
    driver: webdriver.Chrome, corpus: Path, library: Path, tmp_path: Path
) -> None:
    with opened(driver, corpus, library, tmp_path, [SAID]) as (page, model):
        group = driver.find_element(By.CSS_SELECTOR, "[role=radiogroup]")
        assert group.accessible_name == "How the next question is answered"
        driver.find_element(By.CSS_SELECTOR, "[data-testid=stChatInputTextArea]").click()
        with_shift(driver, Keys.TAB)
        assert driver.switch_to.active_element.accessible_name == "Written"
        driver.switch_to.active_element.send_keys(Keys.ARROW_LEFT)
        assert driver.switch_to.active_element.accessible_name == "Quoted"
        page.ask("What is vetting?")
        page.shows("Write it out")
        assert model.requests == []
        press(driver, lambda: driver.find_element(By.XPATH, "//a[contains(., 'Library')]"))
        page.shows("Order by")
        press(driver, lambda: driver.find_element(By.XPATH, "//a[contains(., 'Ask')]"))
        page.wait.until(lambda _: chosen(driver) == "Quoted")


def with_shift(driver: webdriver.Chrome, key: str) -> None:
    ActionChains(driver).key_down(Keys.SHIFT).send_keys(key).key_up(Keys.SHIFT).perform()


def chosen(driver: webdriver.Chrome) -> str:
    return driver.find_element(By.CSS_SELECTOR, "[role=radiogroup] input:checked").accessible_name


def seen_on_every_screen(page: ChatPage, name: str) -> None:
    """Nothing is wider than the screen, and the choice and the box for questions stay in it."""
    for width, height in ((1280, 1000), (360, 740)):
        page.screen(width, height)
        page.wait.until(lambda _: sidebar_rests(page))
        page.screenshot(f"{name}-{width}")
        assert page.driver.execute_script("return document.documentElement.scrollWidth") <= width
        for part in (".st-key-form [role=radiogroup]", "[data-testid=stChatInputTextArea]"):
            box = page.driver.find_element(By.CSS_SELECTOR, part).rect
            assert 0 <= box["y"] <= height - box["height"]
    page.screen(1280, 1000)


def sidebar_rests(page: ChatPage) -> bool:
    """Whether it stands beside the page, or out of sight where the screen is small."""
    box = page.driver.find_element(By.CSS_SELECTOR, "[data-testid=stSidebar]").rect
    small = page.driver.execute_script("return innerWidth") < 768
    return bool(box["x"] + box["width"] <= 0 if small else box["x"] == 0)
