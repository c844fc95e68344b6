import pytest
from selenium.webdriver.common.by import By

pytestmark = pytest.mark.browser


def test_a_trainee_asks_reads_and_opens_the_passage(chat) -> None:
    chat.screenshot("first-page")
    answer = chat.ask("What is vetting?")
    assert "Vetting is" in answer.text
    chat.screenshot("answer")
    chat.press_source()
    chat.dialog_shows("Vetting of police")
    image = (By.CSS_SELECTOR, "[role=dialog] img")
    said = chat.wait.until(lambda driver: driver.find_element(*image).get_attribute("alt"))
    assert "with the quoted sentences marked" in said
    chat.screenshot("passage-image")


def test_the_marked_words_are_the_quoted_words(chat) -> None:
    chat.ask("What is security sector reform?")
    chat.press_source()
    mark = chat.wait.until(lambda driver: driver.find_element(By.CSS_SELECTOR, ".ssr-page mark"))
    answer = " ".join(claim.text for claim in chat.driver.find_elements(By.CSS_SELECTOR, ".ssr-answer .words"))
    assert mark.text
    assert mark.text in answer
    chat.screenshot("passage-text")


def test_an_abstention_says_so_and_names_what_is_near(chat) -> None:
    answer = chat.ask("Who won the football world cup in 1998?")
    assert "The library does not answer this" in answer.text
    assert chat.sources() == []
    chat.screenshot("abstention")


def test_an_example_question_is_answered_at_a_click(chat) -> None:
    chat.press("What is security sector reform?")
    chat.wait.until(lambda _: chat.sources())


def test_a_follow_up_shows_how_it_was_understood(chat) -> None:
    chat.ask("How was the police rebuilt in Liberia?")
    chat.ask("And who rebuilt its army?")
    assert "Understood as" in chat.text()


def test_markup_in_a_question_stays_text(chat) -> None:
    chat.ask("<img src=x onerror=\"document.title='broken'\"> What is vetting?")
    assert chat.driver.title != "broken"
    assert "<img src=x" in chat.text()


def test_the_page_speaks_french_where_asked(chat) -> None:
    chat.open("/?lang=fr")
    chat.wait.until(lambda _: "réforme du secteur de la sécurité" in chat.text())
