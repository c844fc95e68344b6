"""Bytes become text: in whatever encoding the author's machine wrote, and never into gibberish.

What can be known is tried first (a byte order mark, the zeros of UTF-16, valid UTF-8); what must be guessed comes
last, by charset-normalizer. Among guesses that read equally well, Western European cp1252 wins, for that is what
old documents in English and French are.
"""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from assistant.reading.refusals import Refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MOST_NOT_TEXT = 0.01  # share of control bytes above which a file is no text; random bytes have a tenth
FEW_NOT_TEXT = 4  # control bytes that even a short text may have
STRAY_ZEROS = 0.1  # share of zeros below which they are stray; UTF-16 has near a half
FEW_HIGH = 0.02  # share of bytes above 127 that is too small to guess from: names and dashes in English text
SAMPLE = 1 << 18  # bytes that a guess looks at
_NOT_TEXT = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")  # \x1a ends files of DOS, \x1b starts ISO-2022
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_PLAUSIBLE = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2", "koi8_r", "koi8_u"),
    *("mac_roman", "cp850", "cp866", "cp932", "euc_jp", "iso2022_jp", "gb18030", "big5", "cp949", "cp874", "cp037"),
]


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; Refused as `damaged` when the bytes are no text.

    Line ends and control characters are left to `cleaning`.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None) or _without_mark(data)
    return data.decode(encoding, "replace"), encoding


def _without_mark(data: bytes) -> str:
    if b"\0" in data and not (data.count(0) < STRAY_ZEROS * len(data) and _is_utf8(data)):
        return _utf16(data)
    if len(_NOT_TEXT.findall(data)) > FEW_NOT_TEXT + MOST_NOT_TEXT * len(data):
        raise _no_text()
    if b"\x1b$" in data:
        return "iso2022_jp"
    return "utf-8" if _is_utf8(data) else _guess(data)


def _utf16(data: bytes) -> str:
    """Which of the two orders of UTF-16 gives text; the wrong order gives characters that nobody writes."""
    strange, _, encoding = min(_strangeness(data, encoding) for encoding in ("utf-16-le", "utf-16-be"))
    if strange > MOST_NOT_TEXT:
        raise _no_text()
    return encoding


def _strangeness(data: bytes, encoding: str) -> tuple[float, int, str]:
    """The share of characters that stand in no text, and the fewer spaces the worse."""
    text = data[: min(len(data), SAMPLE) // 2 * 2].decode(encoding, "replace")
    spaces = sum(map(text.count, " \n\r\t"))
    strange = sum(unicodedata.category(character) in ("Cn", "Co", "Cs", "Cc") for character in text)
    return (strange - sum(map(text.count, "\n\r\t"))) / max(len(text), 1), -spaces, encoding


def _is_utf8(data: bytes) -> bool:
    """Valid UTF-8, or so nearly that its few broken characters are an accident."""
    try:
        data.decode()
    except UnicodeDecodeError:
        good = len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]+", data))
        return good > 10 * data.decode("utf-8", "replace").count("\ufffd")
    return True


def _guess(data: bytes) -> str:
    if _is_sprinkled_with_latin(data):
        return "cp1252"
    matches = from_bytes(data[:SAMPLE], cp_isolation=_PLAUSIBLE)
    best = matches.best()
    if best is None:
        raise _no_text()
    as_good = [match for match in matches if match.chaos <= best.chaos]
    return "cp1252" if any("cp1252" in match.could_be_from_charset for match in as_good) else best.encoding


def _is_sprinkled_with_latin(data: bytes) -> bool:
    """Few bytes above 127, and these alone: accents and dashes, where an Asian encoding would have runs."""
    runs = [len(run) for run in _HIGH_RUN.findall(data)]
    return sum(runs) < FEW_HIGH * len(data) and sum(run for run in runs if run > 2) < sum(runs) / 10


def _no_text() -> Refused:
    return Refused("damaged", "is not text, though its name says so. Get it again, or save it again as UTF-8.")
