"""How long a visitor waits for the chat page: `python -m tests.browser.page_ready` (needs Chromium and its driver).

The server is warm and serves the library of the settings; each visit is of a fresh browser, then once more of the same.
"""

import statistics
import tempfile
import time
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from assistant.settings import Settings
from assistant.ui.chat import EXAMPLES
from tests.browser.conftest import chromium, serving

VISITS = 7
LOOK_S = 0.02
WARM_S = 20


def main() -> int:
    settings = Settings()
    with (
        tempfile.TemporaryDirectory() as state,
        serving(settings.corpus.resolve(), settings.library.resolve(), Path(state)) as url,
    ):
        visit(url)
        time.sleep(WARM_S)  # the models load behind the first page
        first, again = zip(*(visit(url) for _ in range(VISITS)), strict=True)
    print(f"fresh browser: {statistics.median(first):.2f} s, second visit: {statistics.median(again):.2f} s")
    print(f"(medians of {VISITS}; slowest {max(first):.2f} and {max(again):.2f} s)")
    return 0


def visit(url: str) -> tuple[float, float]:
    """Seconds until the box for questions and the last example stand, for a fresh browser and for its second visit."""
    with chromium() as browser:
        waits = []
        for _ in range(2):
            start = time.perf_counter()
            browser.get(url)
            WebDriverWait(browser, 60, poll_frequency=LOOK_S).until(
                lambda driver: (
                    driver.find_elements(By.CSS_SELECTOR, "[data-testid=stChatInputTextArea]")
                    and EXAMPLES[-1] in driver.find_element(By.TAG_NAME, "body").text
                )
            )
            waits.append(time.perf_counter() - start)
    return waits[0], waits[1]


if __name__ == "__main__":
    raise SystemExit(main())
