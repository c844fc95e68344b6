"""What is raised stays raised: 35 km², 10⁶, 10^1.5, 62ᵇ. Stored as "35 km2", "101.5" and "62b" it would say something
else. Ordinals ("1st", "2e") say the same either way and stay as they are.
"""

import re

_RAISED_LETTERS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
_LETTERS = "abcdefghijklmnoprstuvwxyz"  # there is no raised q
_RAISED = str.maketrans("0123456789+-−–n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ⁿ")
_LOWERED = str.maketrans(f"⁰¹²³⁴⁵⁶⁷⁸⁹{_RAISED_LETTERS}", f"0123456789{_LETTERS}")
_MARKS = str.maketrans(f"0123456789{_LETTERS}", f"⁰¹²³⁴⁵⁶⁷⁸⁹{_RAISED_LETTERS}")
_FIGURES = re.compile(r"[+\-−–]?\d{1,3}|n")
_UNIT = re.compile(r"(?<![^\W\d_])(?:[kcdmµnh]?m|dam|ft|in|yd|mi|miles?|(?<!\d0)s|sec)\Z")
_SQUARED = re.compile(r"(?<![\w.])[Rrx\u0391-\u03c9]\Z")  # in statistics: R², χ²
_POWER_OF_TEN = re.compile(r"(?<!\d)10\Z")
_FIGURE = re.compile(r"[0-9%]\Z")
_RAISED_FIGURE = re.compile(r"[⁰¹²³⁴-⁹]\Z")
_LETTER = r"(?:[a-pr-z]|[ivx]{2,4})"
_MARK = re.compile(_LETTER)
_LISTED = re.compile(rf"\d+(?:[,;–-] ?\d+)*|{_LETTER}(?:[,;–-] ?{_LETTER})*")  # marks behind a figure
_BASE = re.compile(r"(?:\d|\)|(?<![^\W_])[^\W\d_])\Z")  # a figure, a bracket, a letter that stands alone
_TERM = r"\(?(?:\d+(?:\.\d+)?[a-zα-ω]?|[a-zα-ω])\)?"
_POWER = re.compile(rf"(?=.*[a-zα-ω/])-?{_TERM}(?:[+*×·/-]{_TERM})+|[+-]\d*[a-zα-ω]{{1,3}}|[+-]?\d+\.\d+")
_DECIMAL = re.compile(r"[+-]?\d+[.,]\d+")
_SIGNS = str.maketrans("−–", "--", " ")


def raised(text: str) -> str:
    """Text that stands above the line, in raised figures where it is of figures; else as it is.

    >>> raised("2"), raised("-6"), raised("–4"), raised("st")
    ('²', '⁻⁶', '⁻⁴', 'st')
    """
    return text.translate(_RAISED) if _FIGURES.fullmatch(text.strip()) else text


def raised_after(before: str, text: str) -> str:
    """Text that stands above the line behind other text, so that it runs into no number and no letter of a formula.

    Letters behind figures, or at the begin, are taken for marks of notes: `letter_marks` decides.

    >>> raised_after("10", "1.5"), raised_after("e", "–kt"), raised_after("62", "b"), raised_after("450", "1,2")
    ('^1.5', '^(-kt)', 'ᵇ', '¹,²')
    >>> raised_after("the 1", "st"), raised_after("M", "me"), raised_after("a word", "1,2"), raised_after("3²", "–5")
    ('st', 'me', '1,2', '–5')
    """
    said = text.strip()
    if _FIGURES.fullmatch(said):
        is_range = said[0] == "–" and bool(_RAISED_FIGURE.search(before))
        return text if is_range else raised(text)
    power = said.translate(_SIGNS)
    if (_BASE.search(before) and _POWER.fullmatch(power)) or (
        _POWER_OF_TEN.search(before) and _DECIMAL.fullmatch(power)
    ):
        return text.replace(said, as_power(power))
    is_mark = _LISTED if _FIGURE.search(before) else _MARK if not before.rstrip(" ") else None
    return text.translate(_MARKS) if is_mark and is_mark.fullmatch(said) else text


def as_power(exponent: str) -> str:
    """An exponent that has no raised figures, as people type it.

    >>> as_power("1.5"), as_power("n+1")
    ('^1.5', '^(n+1)')
    """
    return f"^{exponent}" if _DECIMAL.fullmatch(exponent) or exponent.isalnum() else f"^({exponent})"


def lowered(text: str) -> str:
    """Raised figures and letters as plain ones."""
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
