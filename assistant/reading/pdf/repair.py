"""Text that a PDF states wrongly: quotation marks read by the wrong table, and pages that are nonsense.

Old files name fonts without saying how their letters are coded. PDFium then takes Apple's table where Windows'
was meant: "the Missionís" for "the Mission’s", "ó" for a dash, "PrishtinÎ". The context shows it: those letters
stand where no language has them. A page whose letters cannot be words at all is nonsense: its font states no letters.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np

from assistant.reading.pdf.glyphs import Bools, Glyphs, Ints, RawPage

OVER_SIGNS_AGAINST = 4  # signs of a wrong table in a font: times as many as letters in their right place
MOST_UNREADABLE = 0.15  # of the characters of a page
FEWEST_VOWELS = 0.15  # of the letters; English has 0.38, abbreviations 0.25, shifted codes below 0.1
ENOUGH_LETTERS = 150  # to count vowels among
_VOWELS = frozenset("aeiouyæœøı")


def _other_table() -> dict[int, int]:
    """What each letter of Apple's table is when its code is looked up in Windows'."""
    table = {}
    for code in range(0x80, 0x100):
        try:
            table[ord(bytes([code]).decode("mac_roman"))] = ord(bytes([code]).decode("cp1252"))
        except UnicodeDecodeError:
            continue
    return table


_WINDOWS = _other_table()
_SMALL = [code for code in range(0x61, 0x180) if chr(code).islower()]
_LARGE = [code for code in _WINDOWS if chr(code).isupper()]
_OPENING, _CLOSING, _APOSTROPHE, _DASHES = ord("ì"), ord("î"), ord("í"), (ord("ó"), ord("ñ"))


def repair_tables(pages: Sequence[RawPage]) -> None:
    """Give the letters of fonts that were read by the wrong table their right codes, in place."""
    signs, against = Counter[int](), Counter[int]()
    for page in pages:
        wrong, right = _signs(page.glyphs)
        signs.update(page.glyphs.fonts[wrong].tolist())
        against.update(page.glyphs.fonts[right].tolist())
    fonts = [font for font, count in signs.items() if count > OVER_SIGNS_AGAINST * against[font]]
    for page in pages:
        glyphs = page.glyphs
        affected = np.flatnonzero(np.isin(glyphs.fonts, fonts) & (glyphs.codes > 0x7F))
        glyphs.codes[affected] = [_WINDOWS.get(code, code) for code in glyphs.codes[affected].tolist()]


def _signs(glyphs: Glyphs) -> tuple[Bools, Bools]:
    """Letters that stand where only a quotation mark or a dash can, and the same letters inside words."""
    codes = glyphs.codes
    begins = glyphs.space.copy()
    begins[:1] = True
    ends = np.append(begins[1:], True)
    after = np.append(codes[1:], 0)
    marks = np.isin(codes, (_OPENING, _CLOSING, _APOSTROPHE, *_DASHES))
    possessive = (codes == _APOSTROPHE) & ~begins & (after == ord("s")) & np.append(ends[1:], True)
    wrong = possessive | ((codes == _OPENING) & begins & ~ends) | (np.isin(codes, _DASHES) & begins & ends)
    wrong |= (codes == _CLOSING) & ends & ~begins
    small_before = np.append(False, np.isin(codes[:-1], _SMALL)) & ~begins
    wrong |= np.isin(codes, _LARGE) & small_before  # "ShtÎrpcÎ" for "Shtërpcë"
    return wrong, marks & ~wrong & ~begins & ~ends


def is_nonsense(codes: Ints, enough_letters: int = ENOUGH_LETTERS) -> bool:
    """Are these characters no text: control codes and private signs, or many letters that make no words?"""
    if not len(codes):
        return False
    text = "".join(map(chr, codes.tolist()))
    counts = Counter(map(unicodedata.category, text))
    unreadable = counts["Cc"] + counts["Cn"] + counts["Co"] + text.count("\ufffd")
    if unreadable > MOST_UNREADABLE * len(text) or text.count("/g") > MOST_UNREADABLE * len(text):
        return True
    latin = [
        unicodedata.normalize("NFD", letter)[0] for letter in text.lower() if letter.isalpha() and letter < "\u0250"
    ]
    vowels = sum(letter in _VOWELS for letter in latin)
    return len(latin) >= enough_letters and vowels < FEWEST_VOWELS * len(latin)
