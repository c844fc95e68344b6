"""Every page in Chromium: axe-core, light and dark, wide and 360 pixels; the keyboard alone; nothing from outside.

Screenshots of all of them are left under build/screenshots/pages for a person to look at.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.selenium import Axe
from conftest import ROOT, SCREENSHOTS, ChatPage, press, serving
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions as expected

from assistant.library.prepared import PreparedQuestion
from assistant.library.question_files import proposed_questions
from evals import figures
from evals.report import main as report

pytestmark = pytest.mark.browser

CHECKED = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# Serious findings in parts of Streamlit 1.67.0 that no setting changes: rule, how the part's test id begins, why.
STREAMLITS_OWN = {
    ("color-contrast", "stIconMaterial"): "an icon drawn by a font: a decoration, and hidden from screen readers",
    ("duplicate-id-active", "glide-cell-"): "the cells of two tables on one page; newer axe-core has dropped the rule",
}

STILL = """
return !document.querySelector('[data-test-script-state=running], [data-testid=stSkeleton], [data-stale=true]')
  && [...document.images].every(image => image.complete);
"""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of conversations, with a proposed question that waits."""
    folder = tmp_path_factory.mktemp("pages")
    proposed_questions(folder).add([PreparedQuestion("Who says so?", "en", "doctrine/vetting.pdf", "A board decides.")])
    return folder


@pytest.fixture(scope="module")
def address(corpus: Path, library: Path, state: Path) -> Iterator[str]:
    with serving(corpus, library, state, SSR_REPORT=str(state / "report.json")) as url:
        yield url


class Pages(ChatPage):
    """Goes to each page, and says when it stands still."""

    def go(self, path: str, landmark: str) -> None:
        self.driver.get(self.address + path)
        self.wait_for(landmark)
        self.rest()

    def wait_for(self, place: str) -> None:
        self.wait.until(lambda driver: driver.find_elements(By.CSS_SELECTOR, place))

    def rest(self) -> None:
        self.wait.until(lambda driver: driver.execute_script(STILL))

    def tab(self, number: int) -> None:
        press(self.driver, lambda: self.driver.find_elements(By.CSS_SELECTOR, "[role=tab]")[number])
        self.rest()


@pytest.fixture
def pages(driver: webdriver.Chrome, address: str) -> Pages:
    page = Pages(driver, address)
    page.screen(1280, 900)
    page.forget()
    return page


# The scenes: how to come to each thing that the pages can show


def nothing_asked(pages: Pages) -> None:
    pages.open()
    pages.rest()


def an_answer(pages: Pages) -> None:
    pages.open()
    pages.ask("What is vetting?")
    pages.shows("Related questions")
    pages.rest()


def the_viewer(pages: Pages) -> None:
    an_answer(pages)
    pages.press_source()
    pages.wait_for("[role=dialog] img")
    pages.rest()


def an_abstention(pages: Pages) -> None:
    pages.open()
    pages.ask("Who won the football world cup in 1998?")
    pages.rest()


def a_place_that_may_answer(pages: Pages) -> None:
    an_abstention(pages)
    press(pages.driver, lambda: pages.driver.find_element(By.CSS_SELECTOR, "[class*='st-key-near_0'] button"))
    pages.wait_for("[role=dialog] [data-testid=stForm] [data-testid=stCheckbox]")
    pages.rest()


def the_sidebar(pages: Pages) -> None:
    nothing_asked(pages)
    for button in pages.driver.find_elements(By.CSS_SELECTOR, "[data-testid=stExpandSidebarButton]"):
        button.click()  # a small screen hides the sidebar
    kept = (By.XPATH, "//summary[contains(., 'What is kept')]")
    pages.wait.until(expected.element_to_be_clickable(kept)).click()
    pages.rest()


def a_filter(pages: Pages) -> None:
    pages.open("/?q=Who+vetted+the+police+in+Liberia%3F&kind=case-study")
    pages.wait.until(lambda _: pages.answers())
    pages.rest()
    pages.wait_for(".stMultiSelect [title='case-study (1)']")


def the_list(pages: Pages) -> None:
    pages.go("/library", "[data-testid=stDataFrame] canvas")


def a_document(pages: Pages) -> None:
    pages.go("/library?document=doctrine/vetting.pdf", "[data-testid=stExpander]")


def adding(pages: Pages) -> None:
    pages.go("/staff", "input[type=file]")
    pages.driver.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(str(ROOT / "CHANGELOG.md"))
    pages.wait_for("[data-testid=stDataFrame] canvas")
    pages.rest()


def withdrawing(pages: Pages) -> None:
    pages.go("/staff", "[role=tab]")
    pages.tab(1)


def earlier_states(pages: Pages) -> None:
    pages.go("/staff", "[role=tab]")
    pages.tab(2)


def prepared_questions(pages: Pages) -> None:
    pages.go("/staff", "[role=tab]")
    pages.tab(3)


def the_overview(pages: Pages) -> None:
    pages.go("/overview", "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg")


def no_report(pages: Pages) -> None:
    pages.go("/quality", "[data-testid=stAlert]")


def figures_of_a_report(pages: Pages) -> None:
    pages.go("/quality", "[role=tab]")


def pictures_of_a_report(pages: Pages) -> None:
    figures_of_a_report(pages)
    pages.tab(1)


def failed_cases(pages: Pages) -> None:
    figures_of_a_report(pages)
    pages.tab(2)
    pages.driver.find_element(By.CSS_SELECTOR, "[data-testid=stMain] summary").click()
    pages.rest()


def in_french(pages: Pages) -> None:
    pages.go("/?lang=fr", "[data-testid=stChatInputTextArea]")


SCENES: list[Callable[[Pages], None]] = [
    nothing_asked,
    an_answer,
    the_viewer,
    an_abstention,
    a_place_that_may_answer,
    the_sidebar,
    a_filter,
    the_list,
    a_document,
    adding,
    withdrawing,
    earlier_states,
    prepared_questions,
    the_overview,
    no_report,
    figures_of_a_report,
    pictures_of_a_report,
    failed_cases,
    in_french,
]
NEED_A_REPORT = (figures_of_a_report, pictures_of_a_report, failed_cases)


@pytest.fixture(scope="module")
def written_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of two cases, as the evaluation writes it."""
    run = tmp_path_factory.mktemp("run")
    records = [case("a", "answered"), case("b", "abstained")]
    (run / "records.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    (run / "figures.json").write_text(json.dumps(figures.measure(records)), "utf-8")
    (run / "run.json").write_text(json.dumps({"library": "abc", "chat_model": None, "packages": {}}), "utf-8")
    (run / "latency.json").write_text("{}", "utf-8")
    report(["--run", str(run)])
    return run / "report.json"


def case(name: str, status: str) -> dict[str, Any]:
    """An answer that quotes the wrong sentence, or an abstention where there was an answer."""
    answered = status == "answered"
    claim = {"text": "500 were vetted.", "citations": [1], "state": "judged", "supported": False, "support": 0.1}
    answer = {
        "status": status,
        "text": "500 were vetted. [1]" if answered else "The library does not answer this.",
        "rewritten": None,
        "claims": [claim] if answered else [],
        "citations": [{"number": 1, "source": "a.md", "page": 1, "spans": [{"page": 1}]}] if answered else [],
    }
    return {
        "id": name,
        "kind": "factoid",
        "split": "dev",
        "question": "How many officers of the police were vetted in the first year, and how many of them stayed?",
        "gold": [{"source": "a.md", "page": 1, "quote": "600 were vetted."}],
        "key_facts": ["600"],
        "forbidden": [],
        "found": [{"id": "p", "source": "a.md", "page": 1}],
        "top_score": 0.5,
        "answer": answer,
        "precise": [[False]] if answered else [],
    }


# What holds on every page


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_every_page_is_free_of_serious_findings_and_fits_a_small_screen(
    pages: Pages, scene: Callable[[Pages], None], dark: bool, state: Path, written_report: Path
) -> None:
    (state / "report.json").unlink(missing_ok=True)
    if scene in NEED_A_REPORT:
        shutil.copy(written_report, state / "report.json")
    for width in (1280, 360):
        pages.screen(width, 900, dark)
        scene(pages)
        keep_screenshot(pages, f"{scene.__name__}-{width}-{'dark' if dark else 'light'}")
        assert serious_findings(pages.driver) == []
        assert pages.driver.execute_script("return document.documentElement.scrollWidth") <= width


def serious_findings(driver: webdriver.Chrome) -> list[str]:
    """What axe-core calls serious or critical: rule, place and markup."""
    found = Axe().run(driver, options={"runOnly": {"type": "tag", "values": CHECKED}})["violations"]
    bad = [(rule["id"], node) for rule in found if rule["impact"] in ("serious", "critical") for node in rule["nodes"]]
    return [f"{rule}: {node['target']} {node['html'][:300]}" for rule, node in bad if not is_streamlits_own(rule, node)]


def is_streamlits_own(rule: str, node: dict[str, Any]) -> bool:
    """Whether a finding is in a part that is listed above."""
    return any(rule == listed and f'data-testid="{part}' in node["html"] for listed, part in STREAMLITS_OWN)


def keep_screenshot(pages: Pages, name: str) -> None:
    (SCREENSHOTS / "pages").mkdir(exist_ok=True)
    pages.screenshot(f"pages/{name}")


def test_a_page_names_its_subject_and_its_language(pages: Pages) -> None:
    pages.go("/library", "[data-testid=stDataFrame]")
    assert pages.driver.title == "Library · SSR Assistant"
    assert spoken(pages) == "en"
    pages.go("/library?lang=fr", "[data-testid=stDataFrame]")
    pages.wait.until(lambda _: spoken(pages) == "fr")


def spoken(pages: Pages) -> str:
    """The language that a screen reader takes for the page."""
    return pages.driver.execute_script("return document.documentElement.lang")


# The keyboard


def test_the_focus_returns_to_the_source_that_was_opened_with_enter(pages: Pages) -> None:
    pages.open()
    tab_to(pages, "[data-testid=stChatInputTextArea]")
    ActionChains(pages.driver).send_keys("What is vetting?", Keys.ENTER).perform()
    pages.shows("Related questions")
    pages.rest()
    source = tab_to(pages, ".ssr-answer button.source")
    source.send_keys(Keys.ENTER)
    pages.wait_for("[role=dialog] img")
    inside = "return document.querySelector('[role=dialog]').contains(document.activeElement)"
    pages.wait.until(lambda driver: driver.execute_script(inside))
    ActionChains(pages.driver).send_keys(Keys.ESCAPE).perform()
    pages.wait.until(lambda driver: not driver.find_elements(By.CSS_SELECTOR, "[role=dialog]"))
    pages.wait.until(lambda driver: driver.switch_to.active_element == source)


def tab_to(pages: Pages, place: str, most: int = 60) -> Any:
    """Press Tab, from the top of the page, until something at this place has the focus."""
    pages.driver.find_element(By.TAG_NAME, "h1").click()
    for _ in range(most):
        ActionChains(pages.driver).send_keys(Keys.TAB).perform()
        focused = pages.driver.switch_to.active_element
        if pages.driver.execute_script("return arguments[0].matches(arguments[1])", focused, place):
            return focused
    pytest.fail(f"{place} was not reached with {most} presses of Tab")


# The network


def test_no_page_asks_for_anything_beyond_this_machine(pages: Pages, driver: webdriver.Chrome) -> None:
    driver.get_log("performance")  # what came before
    the_viewer(pages)
    for scene in (the_list, a_document, withdrawing, the_overview):
        scene(pages)
    pages.go("/quality", "h1")
    asked = requests(driver)
    assert any(address.startswith(pages.address) for address in asked)
    assert [address for address in asked if not is_local(address, pages.address)] == []


def requests(driver: webdriver.Chrome) -> list[str]:
    """The addresses of everything that the browser has asked for since the log was read last."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    sent = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return sent + [m["params"]["url"] for m in messages if m["method"] == "Network.webSocketCreated"]


def is_local(asked: str, address: str) -> bool:
    """Whether an address is the server's own, or of something that the page holds itself."""
    return asked.startswith((f"{address}/", address.replace("http:", "ws:") + "/", "data:", "blob:"))
