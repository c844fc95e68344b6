"""A chat model that says what a test wrote down: an OpenAI-compatible server on loopback, with real server-sent events.

What it says is a list of steps for each request in turn, the last list for all further ones: a text to send as a piece,
a number of an HTTP state to answer with, how likely its one word is Yes (a fraction), or one of the words of `Step`.
"""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import log
from typing import Any


class Step(Enum):
    """What the server does beside sending text."""

    CUT = auto()  # breaks the connection
    END_EARLY = auto()  # ends the stream in order, but without the mark of an end
    TOO_LONG = auto()  # ends with the mark of an answer that reached its limit
    ERROR = auto()  # an error within the stream
    WAIT = auto()  # says nothing until the test is over or the client has gone
    HOLD = auto()  # says nothing until the test lets it go on


Script = Sequence[str | int | float | Step]


@dataclass
class ChatServer:
    """The server as a test sees it: where it is, what was asked, whether it has come to a WAIT or a HOLD, and whether
    the last client left early. `go_on`: sets it free from a HOLD."""

    script: list[Script]
    retry_after: str | None = None
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    waits: threading.Event = field(default_factory=threading.Event)
    client_left: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def said_to_it(self) -> str:
        """All that the last request holds for the model."""
        return "\n".join(message["content"] for message in self.requests[-1]["messages"])


@contextmanager
def serving(*script: Script, retry_after: str | None = "0") -> Iterator[ChatServer]:
    """A server that follows the script while the block runs. `retry_after`: seconds that it names with an error."""
    state = ChatServer(list(script), retry_after)

    class Handler(_Handler):
        chat = state

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield state
    finally:
        state.over.set()
        state.go_on.set()
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    chat: ChatServer

    def do_POST(self) -> None:
        self.chat.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.chat.requests.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        steps = self.chat.script[min(len(self.chat.requests), len(self.chat.script)) - 1]
        if steps and isinstance(steps[0], int):
            self._refuse(steps[0])
            return
        if steps and isinstance(steps[0], float):
            self._weigh(steps[0])
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.close_connection = True
        try:
            self._follow(steps)
        except (BrokenPipeError, ConnectionResetError):
            self.chat.client_left.set()

    def _refuse(self, status: int) -> None:
        waits = {} if self.chat.retry_after is None else {"Retry-After": self.chat.retry_after}
        self._send(status, {"error": {"message": "secret-of-the-server", "type": "x", "code": None}}, **waits)

    def _weigh(self, yes: float) -> None:
        """A reply of one word, with how likely the first words are."""
        words = [("Yes", yes), ("No", 1 - yes), ("Maybe", 1e-6)]
        likeliest = [{"token": word, "logprob": log(p), "bytes": None} for word, p in words]
        choice = {
            "index": 0,
            "finish_reason": "length",
            "message": {"role": "assistant", "content": "Yes"},
            "logprobs": {"content": [{**likeliest[0], "top_logprobs": likeliest}]},
        }
        reply = {"id": "1", "object": "chat.completion", "created": 1, "model": "scripted", "choices": [choice]}
        self._send(200, reply)

    def _send(self, status: int, reply: object, **headers: str) -> None:
        body = json.dumps(reply).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _follow(self, steps: Script) -> None:
        for step in steps:
            if isinstance(step, str):
                self._piece({"content": step})
            elif step is Step.CUT:
                self.connection.close()
                return
            elif step is Step.ERROR:
                self._event(json.dumps({"error": {"message": "secret-of-the-server", "type": "server_error"}}))
                return
            elif step is Step.HOLD:
                self.chat.waits.set()
                self.chat.go_on.wait()
            elif step is Step.WAIT:
                self._wait()
                return
        if Step.END_EARLY not in steps:
            self._piece({}, "length" if Step.TOO_LONG in steps else "stop")
            self._event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _wait(self) -> None:
        """Until the client closes: then there is something to read, namely nothing."""
        self.chat.waits.set()
        self.connection.settimeout(0.05)
        while not self.chat.over.is_set():
            try:
                if not self.connection.recv(1):
                    self.chat.client_left.set()
                    return
            except TimeoutError:
                continue

    def _piece(self, delta: dict[str, str], ending: str | None = None) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": ending}
        self._event(json.dumps({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted",
                                "choices": [choice]}))  # fmt: skip

    def _event(self, data: str) -> None:
        event = f"data: {data}\n\n".encode()
        self.wfile.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""
