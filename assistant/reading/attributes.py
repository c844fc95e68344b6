"""Numbers that the file of a stranger states in its attributes: what is none costs no more than the default."""

import re

_WHOLE = re.compile(r"\s*([0-9]{1,9})\s*")


def whole_number(text: str | None, default: int = 0) -> int:
    """The number, `default` where nothing, something else or more than nine digits stand there.

    >>> whole_number("12"), whole_number("²", 1), whole_number(None, 1)
    (12, 1, 1)
    """
    found = _WHOLE.fullmatch(text or "")
    return int(found[1]) if found else default
