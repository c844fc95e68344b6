"""The library page and the staff page in Chromium: search, add, ask, withdraw, go back, keep out."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from conftest import PASSING, PATIENCE_S, SCREENSHOTS, serving
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as expected
from selenium.webdriver.support.ui import WebDriverWait

from assistant.assistant import Assistant
from assistant.settings import Settings

pytestmark = pytest.mark.browser

GOOD = {
    "customs.md": "# Customs reform\n\nThe customs service of Ruritania hired ninety inspectors in March 2011.\n",
    "<img src=x onerror=alert(1)>.md": "# Guards\n\n<script>document.title='broken'</script> Guards patrol in pairs.\n",
    "report\u202efdm.CON.md": "# Courts\n\nThe courts of Ruritania sit in three towns and publish each judgment.\n",
}


class LibraryPages:
    """What a reader and a member of staff do."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver, self.address = driver, address
        self.wait = WebDriverWait(driver, PATIENCE_S, ignored_exceptions=PASSING)

    def open(self, path: str, words: str) -> "LibraryPages":
        self.driver.get(f"{self.address}/{path}")
        return self.see(words)

    def see(self, words: str) -> "LibraryPages":
        self.wait.until(lambda driver: words in driver.find_element(By.TAG_NAME, "body").text)
        return self

    def field(self, place: str) -> WebElement:
        """The first field at a place, once it is there."""
        return self.wait.until(expected.presence_of_element_located((By.CSS_SELECTOR, place)))

    def click(self, words: str, role: str = "button") -> None:
        """Click a button, a tab, or the label of a box, by its words, as a mouse does: a label takes no other click."""
        of = {"button": "//button", "tab": "//*[@role='tab']", "label": "//label"}[role]
        self.wait.until(lambda driver: self._clicked(driver, f"{of}[contains(., '{words}') and not(@disabled)]"))

    def _clicked(self, driver: webdriver.Chrome, place: str) -> bool:
        shown = [element for element in driver.find_elements(By.XPATH, place) if element.is_displayed()]
        for element in shown[:1]:
            driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
            element.click()
        return bool(shown)

    def choose(self, label: str, words: str) -> None:
        """Choose in a box by typing."""
        place = f"//*[@data-testid='stSelectbox'][contains(., '{label}')]//input"
        box = self.wait.until(lambda driver: driver.find_element(By.XPATH, place))
        box.send_keys(words)
        self.wait.until(lambda driver: words in driver.find_element(By.CSS_SELECTOR, "[role=option]").text)
        box.send_keys(Keys.ENTER)

    def screenshot(self, name: str) -> None:
        self.driver.save_screenshot(str(SCREENSHOTS / f"{name}.png"))


@pytest.fixture(scope="module")
def settings(corpus: Path, library: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Copies of corpus and library that staff may change."""
    folder = tmp_path_factory.mktemp("staff")
    shutil.copytree(corpus, folder / "corpus")
    shutil.copytree(library, folder / "library")
    return Settings(corpus=folder / "corpus", library=folder / "library", state=folder / "state")


@pytest.fixture(scope="module")
def pages(driver: webdriver.Chrome, settings: Settings) -> Iterator[LibraryPages]:
    with serving(settings.corpus, settings.library, settings.state) as address:
        yield LibraryPages(driver, address)


def test_a_reader_searches_and_opens_a_document(pages: LibraryPages) -> None:
    pages.open("library", "3 of 3 documents")
    pages.field("[data-testid=stTextInput] input").send_keys("vetting", Keys.ENTER)
    pages.see("1 of 3 documents")
    pages.screenshot("library")
    pages.choose("Open a document", "Vetting")
    pages.see("Passage 1")
    assert "document=doctrine%2Fvetting.pdf" in pages.driver.current_url
    pages.screenshot("library-document")
    pages.click("All documents")
    pages.see("of 3 documents")


@pytest.mark.parametrize("path", ["library", "library?document=cases/liberia.pdf", "overview", "staff"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_telephone(pages: LibraryPages, path: str, scheme: str) -> None:
    screen = {"width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    pages.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    theme = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    pages.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", theme)
    try:
        known = {"overview": "Themes", "staff": "Add documents", "library": "of 3 documents"}
        pages.open(path, known.get(path, "Passage"))
        script = "const m = document.querySelector('.stMain'); return [m.scrollWidth, m.clientWidth]"
        wide, room = pages.driver.execute_script(script)
        assert wide <= room
        pages.screenshot(f"{path.partition('?')[0]}{'-document' * ('?' in path)}-360-{scheme}")
    finally:
        pages.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        pages.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_staff_add_good_files_of_five_ask_withdraw_and_go_back(
    pages: LibraryPages, settings: Settings, tmp_path: Path
) -> None:
    paths = _five_files(tmp_path)
    pages.open("staff", "Add documents")
    pages.field("input[type=file]").send_keys("\n".join(map(str, paths)))
    pages.see("Add 3 files to the library")
    pages.see("locked.pdf is protected by a password").see("program.pdf")
    pages.screenshot("staff-preview")
    pages.click("Add 3 files to the library")
    pages.see("3 added")
    assert pages.driver.title != "broken"
    names = sorted(path.name for path in settings.corpus.glob("*.md"))
    assert len(names) == 3 and "customs.md" in names
    assert not any(set("<>\u202e") & set(name) for name in names)

    assistant = Assistant.open(settings)
    question = "How many inspectors did the customs service of Ruritania hire?"
    assert "customs.md" in {citation.source for citation in assistant.ask(question).citations}

    pages.click("Withdraw", "tab")
    pages.choose("Document", "Customs reform")
    pages.click("take this document out", "label")
    pages.click("Withdraw the document")
    pages.see("1 withdrawn")
    assert "customs.md" not in {citation.source for citation in assistant.ask(question).citations}

    pages.click("Earlier states", "tab")
    pages.see("What changed")
    pages.screenshot("staff-generations")
    pages.click("go back by one state", "label")
    pages.click("Go back")
    pages.wait.until(lambda _: "customs.md" in {c.source for c in assistant.ask(question).citations})
    assistant.library.close()


def _five_files(folder: Path) -> list[Path]:
    """Three files that can go in and two that cannot: one locked, one a program under a false name."""
    for name, text in GOOD.items():
        (folder / name).write_text(text)
    writer, locked = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret")
    writer.write(locked)
    (folder / "locked.pdf").write_bytes(locked.getvalue())
    (folder / "program.pdf").write_bytes(b"MZ\x90\x00" + bytes(500))
    return [folder / name for name in (*GOOD, "locked.pdf", "program.pdf")]


def test_a_forwarded_request_gets_no_staff_page(pages: LibraryPages) -> None:
    driver = pages.driver
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"X-Forwarded-For": "203.0.113.9"}})
    try:
        pages.open("library", "The library")
        assert "Manage" not in driver.find_element(By.TAG_NAME, "body").text
        driver.get(f"{pages.address}/staff")
        pages.see("Overview")
        assert not driver.find_elements(By.CSS_SELECTOR, "input[type=file]")
    finally:
        driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {}})


def test_a_password_opens_the_staff_page_and_stays_out_of_the_address(
    driver: webdriver.Chrome, settings: Settings
) -> None:
    with serving(settings.corpus, settings.library, settings.state, SSR_STAFF_PASSWORD="correct horse") as address:
        pages = LibraryPages(driver, address).open("staff", "Password for staff")
        pages.field("input[type=password]").send_keys("correct horse", Keys.ENTER)
        pages.see("Add documents")
        assert "horse" not in driver.current_url
