"""What the commands write and read on a terminal, whatever its encoding."""

import io
import json
import sys
from typing import Any


def open_terminal() -> None:
    """Have characters that the terminal cannot show written as "\\u2019"; they would end the command. Lines that come
    in are UTF-8, as JSON is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")


def to_json(value: Any, indent: int | None = None) -> str:
    """JSON for standard output: in ASCII where that cannot take every character, for "\\xe9" is no JSON."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return text


def typed(argument: str) -> str:
    """An argument of the command line as Unicode: its bytes are UTF-8, whatever Python took them for; those that are
    not become "\\ufffd"."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
