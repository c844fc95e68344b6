"""Raised figures stay raised: 35 km², 10⁶. Stored as "35 km2" and "106" they would say something else."""

import re

_RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FIGURES = re.compile(r"[+\-−]?\d{1,3}|n")
_UNIT = re.compile(r"(?<![^\W\d_])(?:[kcdmµnh]?m|dam|ft|in|yd|mi|miles?|(?<!\d0)s|sec)\Z")
_SQUARED = re.compile(r"(?<![\w.])[Rrx\u0391-\u03c9]\Z")  # in statistics: R², χ²
_POWER_OF_TEN = re.compile(r"(?<!\d)10\Z")


def raised(text: str) -> str:
    """Text that stands above the line, in raised figures where it is of figures; else as it is.

    >>> raised("2"), raised("-6"), raised("st")
    ('²', '⁻⁶', 'st')
    """
    return text.translate(_RAISED) if _FIGURES.fullmatch(text.strip()) else text


def lowered(text: str) -> str:
    """Raised figures as plain ones."""
    return text.translate(_LOWERED)


def is_exponent(before: str, figures: str) -> bool:
    """Whether raised figures belong to the unit, the sign or the power of ten before them, and are no mark of a note.

    >>> is_exponent("12 km", "2"), is_exponent("3 × 10", "6"), is_exponent("(R", "2")
    (True, True, True)
    >>> is_exponent("in 2006", "2"), is_exponent("the 1990s", "3"), is_exponent("Annex A", "2")
    (False, False, False)
    """
    if figures == "2" and _SQUARED.search(before):
        return True
    return bool((figures in ("2", "3") and _UNIT.search(before)) or _POWER_OF_TEN.search(before))
