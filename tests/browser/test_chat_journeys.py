"""Longer journeys on the chat page: coming back, small screens, the keyboard alone, hostile words, both themes."""

import json
import sys
from pathlib import Path

import pytest
from conftest import press
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from assistant.ui.conversations import Conversation, ConversationStore, Exchange

sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))
from samples import EVIL, hostile_abstention, hostile_answer

pytestmark = pytest.mark.browser

# Contrast as WCAG 2.2 has it: of each text that is seen, against the nearest colour behind it.
LOW_CONTRAST = """
const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1;
const pen = canvas.getContext('2d', { willReadFrequently: true });
function rgba(colour) { pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; }
function over(top, below) { return [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1); }
function linear(v) { return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }
function light(c) { const [r, g, b] = c.map(v => linear(v / 255));
  return .2126 * r + .7152 * g + .0722 * b; }
function behind(e) { const layers = [];
  for (; e; e = e.parentElement) layers.push(rgba(getComputedStyle(e).backgroundColor));
  return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]); }
function opacity(e) { let o = 1; for (; e; e = e.parentElement) o *= getComputedStyle(e).opacity; return o; }
const low = [];
const shown = document.querySelector('[role=dialog]') || document.body;  // what lies behind a dialog is dimmed
const walk = document.createTreeWalker(shown, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const e = walk.currentNode.parentElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  if (!walk.currentNode.textContent.trim() || !box.width || !box.height || style.visibility === 'hidden') continue;
  if (e.closest('script, style, noscript, [disabled], [aria-hidden=true], [data-stale=true]')) continue;
  if (/material/i.test(style.fontFamily)) continue;
  const ground = behind(e), ink = rgba(style.color); ink[3] *= opacity(e);
  const [a, b] = [light(over(ink, ground)), light(ground)].sort((x, y) => y - x);
  const ratio = (a + .05) / (b + .05), px = parseFloat(style.fontSize);
  const large = px >= 24 || (px >= 18.66 && style.fontWeight >= 700);
  if (ratio < (large ? 3 : 4.5)) low.push([walk.currentNode.textContent.trim().slice(0, 40), ratio.toFixed(2)]);
}
return low;
"""


def loaded(chat, answers: int) -> None:
    chat.wait.until(lambda _: len(chat.answers()) == answers)


def test_a_number_shows_the_card_of_its_source_and_which_sentences_it_stands_for(chat) -> None:
    chat.ask("What is vetting?")
    chat.shows("All sentences are quoted word for word.")
    number = chat.sources()[0]
    ActionChains(chat.driver).move_to_element(number).perform()
    chat.wait.until(lambda _: cards(chat))
    card = cards(chat)[0].text
    assert all(words in card for words in ("Vetting of police", "note", "Quoted word for word", "Open")), card
    assert chat.driver.find_elements(By.CSS_SELECTOR, ".ssr-answer .claim.cited")
    chat.screenshot("card")
    ActionChains(chat.driver).move_to_element(chat.driver.find_element(By.TAG_NAME, "h1")).perform()
    chat.wait.until(lambda _: not cards(chat))


def test_a_tap_shows_the_card_and_a_second_tap_the_passage(chat) -> None:
    chat.ask("What is vetting?")
    tap = "arguments[0].dispatchEvent(new PointerEvent('click', {pointerType: 'touch', bubbles: true}))"
    chat.driver.execute_script(tap, chat.sources()[0])
    chat.wait.until(lambda _: cards(chat))
    assert not chat.driver.find_elements(By.CSS_SELECTOR, "[role=dialog]")
    chat.driver.execute_script(tap, chat.sources()[0])
    chat.dialog_shows("Vetting of police")


def cards(chat):
    return chat.driver.find_elements(By.CSS_SELECTOR, ".ssr-answer .card")


def test_after_asking_the_page_begins_with_the_question(chat) -> None:
    chat.screen(1280, 500)
    for question in ("What is vetting?", "How was the police rebuilt in Liberia?"):
        chat.ask(question)
        chat.shows("Related questions")
    heading = chat.driver.find_elements(By.CSS_SELECTOR, "[class*='st-key-question_'] h2")[-1]
    assert heading.text == "How was the police rebuilt in Liberia?"
    chat.wait.until(
        lambda driver: 0 <= driver.execute_script("return arguments[0].getBoundingClientRect().top", heading) < 200
    )


def test_a_conversation_survives_a_reload_and_only_its_browser_lists_it(chat) -> None:
    chat.ask("What is vetting?")
    chat.ask("How was the police rebuilt in Liberia?")
    chat.wait.until(lambda driver: "?c=" in driver.current_url)
    kept = chat.driver.current_url
    chat.driver.refresh()
    loaded(chat, 2)
    chat.open()
    chat.shows("Earlier conversations")
    chat.screenshot("conversations")
    chat.press("What is vetting?")
    loaded(chat, 2)
    assert chat.driver.current_url == kept
    chat.driver.execute_script("localStorage.clear()")
    chat.open()
    chat.shows("New conversation")
    assert "Earlier conversations" not in chat.text()


def test_a_deleted_conversation_is_gone_from_the_list_and_from_its_address(chat) -> None:
    chat.ask("What is vetting?")
    chat.wait.until(lambda driver: "?c=" in driver.current_url)
    address = chat.driver.current_url
    chat.press("This conversation")
    chat.shows("Markdown")
    chat.screenshot("this-conversation")
    chat.press("Delete this conversation")
    chat.wait.until(lambda driver: "?c=" not in driver.current_url)
    chat.driver.get(address)
    chat.shows("not kept any more")


def test_a_link_opens_a_question_ready_asked(chat) -> None:
    chat.open("/?q=Who+vetted+the+police%3F&country=Liberia")
    loaded(chat, 1)
    chat.wait.until(lambda driver: "?c=" in driver.current_url and "q=" not in driver.current_url)
    chat.shows("Country: Liberia")
    chat.shows("Related questions")
    chat.button("Copy link to this question").click()  # a browser lets only a real click copy
    chat.shows("Copied")


def test_a_thumb_down_with_its_reason_reaches_the_queue(chat, state: Path) -> None:
    chat.ask("What is vetting?")
    chat.shows("Was this answer right?")
    press(chat.driver, lambda: chat.driver.find_elements(By.CSS_SELECTOR, "[data-testid=stFeedback] button")[-1])
    chat.shows("What was wrong?")
    chat.screenshot("feedback")
    chat.press("Send")
    chat.shows("noted for those who look after the answers")
    assert json.loads((state / "feedback.jsonl").read_text("utf-8").splitlines()[-1])["thumb"] == "down"


def test_the_keyboard_alone_asks_opens_and_closes_a_passage(chat) -> None:
    box = chat.driver.find_element(By.CSS_SELECTOR, "[data-testid=stChatInputTextArea]")
    box.send_keys("What is vetting?", Keys.ENTER)
    loaded(chat, 1)
    chat.shows("Related questions")
    focused = tab_to(chat, ".ssr-answer button.source")
    outline = chat.driver.execute_script("return getComputedStyle(arguments[0]).outlineStyle", focused)
    assert outline == "solid"
    focused.send_keys(Keys.ENTER)
    chat.dialog_shows("Vetting of police")
    chat.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    chat.wait.until(lambda driver: not driver.find_elements(By.CSS_SELECTOR, "[role=dialog]"))


def tab_to(chat, selector: str, most: int = 60):
    """Press Tab until something that fits the selector has the focus."""
    chat.driver.find_element(By.TAG_NAME, "h1").click()
    for _ in range(most):
        ActionChains(chat.driver).send_keys(Keys.TAB).perform()
        focused = chat.driver.switch_to.active_element
        if chat.driver.execute_script("return arguments[0].matches(arguments[1])", focused, selector):
            return focused
    pytest.fail(f"{selector} was not reached with {most} presses of Tab")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_screen_fits_and_can_be_read(chat, width: int, dark: bool) -> None:
    chat.screen(width, 900, dark)
    chat.open()
    fits(chat, width, f"first-{width}-{dark}")
    chat.ask("How was the police rebuilt in Liberia?")
    chat.ask("And who rebuilt its army?")
    chat.shows("Understood as")
    chat.shows("Related questions")
    fits(chat, width, f"answer-{width}-{dark}")
    chat.ask("Who won the football world cup in 1998?")
    fits(chat, width, f"abstention-{width}-{dark}")
    chat.press_source()
    chat.wait.until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "[role=dialog] img"))
    fits(chat, width, f"viewer-{width}-{dark}")


def fits(chat, width: int, name: str) -> None:
    """Nothing is wider than the screen, and every text stands out from what is behind it."""
    chat.screenshot(name.replace("True", "dark").replace("False", "light"))
    assert chat.driver.execute_script("return document.documentElement.scrollWidth") <= width
    assert chat.driver.execute_script(LOW_CONTRAST) == []


def test_hostile_words_in_every_field_are_only_words(chat, state: Path) -> None:
    store = ConversationStore(state / "conversations", 30)
    evil = Conversation(name=EVIL).with_exchange(Exchange(hostile_answer()))
    store.save(evil.with_exchange(Exchange(hostile_abstention())))
    chat.open(f"/?c={evil.id}")
    loaded(chat, 2)
    chat.shows("not supported")
    chat.press_source()
    chat.dialog()
    chat.shows("no longer in the library")
    chat.screenshot("hostile")
    assert chat.driver.title != "broken"
    assert chat.driver.find_elements(By.CSS_SELECTOR, "img[src='x'], a[href^='javascript']") == []
    turned = (
        "return [...document.querySelectorAll('.ssr-answer button, button p')].some(e => /\\u202e/.test(e.textContent))"
    )
    assert chat.driver.execute_script(turned) is False
