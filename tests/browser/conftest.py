"""The real page in real Chromium: a small library, a server of its own, one browser for all tests."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import ElementClickInterceptedException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as expected
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).parents[2]
DOCUMENTS = ["doctrine/vetting.pdf", "doctrine/what-is-ssr.md", "cases/liberia.pdf", "sources.csv", "glossary.csv"]
SCREENSHOTS = ROOT / "build" / "screenshots"
PATIENCE_S = 60
PASSING = [StaleElementReferenceException, ElementClickInterceptedException]  # while a page is drawn anew
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --window-size=1280,1000"
)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three documents of the corpus, two of them PDF."""
    target = tmp_path_factory.mktemp("corpus")
    for name in DOCUMENTS:
        (target / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "corpus" / name, target / name)
    return target


@pytest.fixture(scope="session")
def library(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("library")
    command = [sys.executable, ROOT / "ingest.py", "--corpus", corpus, "--library", target]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of conversations and feedback."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="session")
def address(corpus: Path, library: Path, state: Path) -> Iterator[str]:
    """The address of a server on a free port."""
    with serving(corpus, library, state) as url:
        yield url


@contextmanager
def serving(corpus: Path, library: Path, state: Path, **more: str) -> Iterator[str]:
    """A server of its own on a free port, with `more` environment variables; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", "127.0.0.1"]
    folders = {"SSR_CORPUS": str(corpus), "SSR_LIBRARY": str(library), "SSR_STATE": str(state)}
    environment = {**os.environ, **folders, **more}
    server = subprocess.Popen([*command, "--server.port", str(port)], cwd=ROOT, env=environment)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_served(f"{url}/_stcore/health")
        yield url
    finally:
        server.terminate()
        server.wait(10)


def _wait_until_served(url: str) -> None:
    for _ in range(PATIENCE_S):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)  # the server offers nothing to wait on before it listens
    pytest.fail(f"{url} was not served within {PATIENCE_S} s")


@pytest.fixture(scope="session")
def driver() -> Iterator[webdriver.Chrome]:
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        message = "Chromium or its driver is missing: apt install chromium chromium-driver"
        (pytest.fail if os.environ.get("SSR_TEST_BROWSER") == "required" else pytest.skip)(message)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        yield browser


@contextmanager
def chromium() -> Iterator[webdriver.Chrome]:
    """A browser without a window that keeps nothing of any other."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})  # what the browser asks for
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        yield browser
    finally:
        browser.quit()


def press(driver: webdriver.Chrome, find: Callable[[], WebElement]) -> None:
    """Click what `find` finds, once it can be clicked. By script: a chat page may scroll to its end, or be drawn anew,
    between the look and the click of a mouse."""

    def pressed(_: webdriver.Chrome) -> bool:
        element = find()
        if not (element.is_displayed() and element.is_enabled()):
            return False
        driver.execute_script("arguments[0].click()", element)
        return True

    WebDriverWait(driver, PATIENCE_S, ignored_exceptions=[*PASSING, IndexError]).until(pressed)


class ChatPage:
    """What a trainee does on the chat page."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver = driver
        self.address = address
        self.wait = WebDriverWait(driver, PATIENCE_S, ignored_exceptions=PASSING)

    def open(self, query: str = "") -> "ChatPage":
        self.driver.get(self.address + query)
        self.wait.until(expected.element_to_be_clickable((By.CSS_SELECTOR, "[data-testid=stChatInputTextArea]")))
        return self

    def ask(self, question: str) -> WebElement:
        """Type a question; the newest answer or abstention."""
        before = len(self.answers())
        self.type(question)
        self.wait.until(lambda _: len(self.answers()) > before)
        return self.answers()[-1]

    def type(self, question: str) -> None:
        box = self.driver.find_element(By.CSS_SELECTOR, "[data-testid=stChatInputTextArea]")
        box.send_keys(question, Keys.ENTER)

    def answers(self) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, ".ssr-answer, [class*='st-key-abstention_']")

    def sources(self) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, ".ssr-answer button.source")

    def dialog(self) -> WebElement:
        return self.wait.until(expected.visibility_of_element_located((By.CSS_SELECTOR, "[role=dialog]")))

    def dialog_shows(self, words: str) -> None:
        """Wait until the dialog says this."""
        self.wait.until(lambda _: words in self.dialog().text)

    def text(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text

    def shows(self, words: str) -> None:
        """Wait until these words are on the page."""
        self.wait.until(lambda _: words in self.text())

    def button(self, label: str) -> WebElement:
        """The button with these words."""
        path = f"//button[contains(normalize-space(.), '{label}')]"
        return self.wait.until(expected.element_to_be_clickable((By.XPATH, path)))

    def press(self, label: str) -> None:
        """Press the button with these words."""
        press(self.driver, lambda: self.button(label))

    def press_source(self) -> None:
        """Press the number of the first source on the page."""
        press(self.driver, lambda: self.sources()[0])

    def screen(self, width: int, height: int, dark: bool = False) -> None:
        """Another screen: its size in pixels and the colours that the system prefers."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def forget(self) -> None:
        """A browser that keeps nothing of earlier visits: Streamlit keeps an opened sidebar open."""
        kept = {"origin": self.address, "storageTypes": "local_storage"}
        self.driver.execute_cdp_cmd("Storage.clearDataForOrigin", kept)

    def screenshot(self, name: str) -> None:
        self.driver.save_screenshot(str(SCREENSHOTS / f"{name}.png"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What the browser showed when a test failed, as a picture named after the test."""
    report = yield
    browser = getattr(item, "funcargs", {}).get("driver")
    if browser and report.when == "call" and report.failed:
        browser.save_screenshot(str(SCREENSHOTS / f"failed-{item.name}.png"))
    return report


@pytest.fixture
def chat(driver: webdriver.Chrome, address: str) -> ChatPage:
    page = ChatPage(driver, address)
    page.screen(1280, 1000)
    page.forget()
    return page.open()
