"""What may break in on an answer: the stop button, and a connection that is lost and comes back."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import ChatPage, serving
from selenium import webdriver

from tests.answering.chat_server import Script, Step
from tests.answering.chat_server import serving as chat_model

pytestmark = pytest.mark.browser

PIECE = 65536  # bytes
SAID = "Vetting is a formal check of past conduct before a public post. [1]\n"


class Line:
    """A connection to a server that can be lost: every byte passes through here, until it is `cut`."""

    def __init__(self, address: str) -> None:
        target = urlsplit(address)
        self._target = (target.hostname, target.port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._is_cut = False
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._is_cut = True
        for end in list(self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._is_cut = False

    def close(self) -> None:
        self.cut()
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                if self._is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self._target)
                for one, other in ((near, far), (far, near)):
                    self._open.add(one)
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(PIECE):
                other.sendall(piece)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.discard(one)
        one.close()


@contextmanager
def line_to(address: str) -> Iterator[Line]:
    line = Line(address)
    try:
        yield line
    finally:
        line.close()


@pytest.mark.parametrize(
    ("first", "seen"),
    [([Step.WAIT], "reads the passages"), ([SAID, "It goes on and ", Step.WAIT], "It goes on and")],
    ids=["silent", "writing"],
)
def test_stop_ends_a_chat_model_and_the_next_question_is_answered(
    driver: webdriver.Chrome, corpus: Path, library: Path, tmp_path: Path, first: Script, seen: str
) -> None:
    with chat_model(first, [SAID]) as model:
        given = {"SSR_CHAT_MODEL": "openai:scripted", "SSR_CHAT_BASE_URL": model.url}
        with serving(corpus, library, tmp_path, **given) as address:
            page = ChatPage(driver, address)
            page.screen(1280, 1000)
            page.open()
            page.type("What is vetting?")
            page.shows(seen)
            page.wait.until(lambda _: model.requests)
            page.screenshot("stop")
            page.press("Stop")
            page.shows("Write it out")
            assert "It goes on and" not in page.text()
            page.type("What is vetting?")
            page.shows("Written by the chat model")
            assert len(page.answers()) == 2


def test_a_conversation_outlasts_a_lost_connection(driver: webdriver.Chrome, address: str) -> None:
    with line_to(address) as line:
        page = ChatPage(driver, line.address)
        page.screen(1280, 1000)
        page.open()
        page.ask("What is vetting?")
        line.cut()
        page.shows("not responding")
        page.screenshot("connection-lost")
        line.mend()
        page.wait.until(lambda _: "not responding" not in page.text())
        assert len(page.answers()) == 1
        page.ask("How was the police rebuilt in Liberia?")
        assert len(page.answers()) == 2
