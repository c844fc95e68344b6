"""What holds no language is left out of the text; what does, in any script, stays."""

import base64
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.blocks.debris import LEAST, in_words, without_language
from assistant.reading.blocks.document import DocumentBuilder
from assistant.reading.text.plain import read_plain
from assistant.records import Document, Metadata
from tests.reading.laws import assert_lawful

BYTES = random.Random(7).randbytes(6000)
PICTURE = base64.b64encode(BYTES).decode()
WRAPPED = base64.encodebytes(BYTES).decode().strip()
BEFORE = "The cipher office opens at dawn."
AFTER = "It burns its sheets at midnight."
PROTEIN = "Methionyl" + "glutaminylarginyltyrosylserylalanylglycyl" * 45 + "serine"
URL = "https://example.org/library/" + PICTURE[:1500].replace("+", "%2B")


def dump(data: bytes, group: int) -> str:
    """As hexdump -C and xxd print bytes: place, groups of digits, and what is a letter of them."""
    rows = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        letters = "".join(chr(byte) if 32 < byte < 127 else "." for byte in row)
        rows.append(f"{at:08x}: {row.hex(' ', group)}  |{letters}|")
    return "\n".join(rows)


DEBRIS = {
    "a picture": f"<data:image/png;base64,{PICTURE}>",
    "base64 in lines": WRAPPED,
    "base64 for addresses": base64.urlsafe_b64encode(BYTES).decode(),
    "a word without an end": "abcdefghij" * 10_000,
    "capitals without an end": "ACGT" * 500,
    "digits without an end": "31415926535897932384" * 30,
    "hexadecimal digits": BYTES.hex(),
    "bytes one by one": BYTES.hex(" "),
    "bytes two by two": BYTES.hex(" ", 2),
    "a dump": dump(BYTES, 1),
    "a dump in pairs": dump(BYTES, -2),
    "a dump of a text": dump((BEFORE + AFTER).encode() * 40, 1),
    "a rule": "=" * 3000,
}

LANGUAGE = {
    "Chinese": "安全部门改革是一个政治进程，联合国SSR工作队于2014年成立。" * 40,
    "Chinese without a stop": "安全部门改革是一个政治进程" * 200,
    "Japanese": "治安部門改革は政治的な過程であり、国連は支援する。" * 40,
    "Thai": "การปฏิรูปภาคความมั่นคงเป็นกระบวนการทางการเมือง" * 40,
    "Khmer": "កំណែទម្រង់វិស័យសន្តិសុខ" * 60,
    "Arabic": "إصلاح قطاع الأمن عملية سياسية. " * 40,
    "German": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 8,
    "a protein": PROTEIN,
    "chemistry": "(2S,5R,6R)-6-[(2R)-2-amino-2-(4-hydroxyphenyl)acetamido]-3,3-dimethyl-7-oxo-4-thia-1-azabicyclo" * 4,
    "an address": URL,
    "addresses": "\n".join(f"https://example.org/{number:x}/{PICTURE[number : number + 60]}" for number in range(40)),
    "numbers": "\n".join(" ".join(f"{row * column:02}" for column in range(20)) for row in range(60)),
    "years": "1999 2000 2001 2002 2003 2004 2005 2006 " * 40,
    "numbers without spaces": "12,345.6;78,901.2;2004;" * 40,
    "a table": "\n".join(f"{row} | {row * 37} | {row * 91:.2f} | 4a" for row in range(200)),
    "lines of a table": "Liberia,UNMIL,2003,15000;Mali,MINUSMA,2013,13289;" * 20,
    "symbols": "S/RES/2151(2014) A/RES/60/180 S/2008/39 " * 20,
    "a table of contents": f"Introduction{'.' * 400}7",
}


def document(text: str) -> Document:
    builder = DocumentBuilder("a.txt", "0")
    builder.start_page(1)
    builder.add("paragraph", text)
    return builder.build(Metadata())


@pytest.mark.parametrize("what", DEBRIS)
def test_what_holds_no_language_is_left_out_and_what_stands_beside_it_stays(what: str) -> None:
    found = document(f"{BEFORE} {DEBRIS[what]}\n{AFTER}")
    assert_lawful(found)
    assert found.text.startswith(BEFORE) and found.text.endswith(AFTER)
    assert len(found.text) < len(BEFORE) + len(AFTER) + 80  # the ends of a dump may be left
    assert len(found.warnings) == 1 and "without words" in found.warnings[0]


@pytest.mark.parametrize("what", LANGUAGE)
def test_what_people_may_look_for_stays(what: str) -> None:
    assert without_language(f"{BEFORE} {LANGUAGE[what]}\n{AFTER}") == []
    assert not document(LANGUAGE[what]).warnings


def test_the_warning_counts_stretches_and_characters() -> None:
    assert document("a" * 65_536).warnings == ("1 stretch of 65,536 characters without words was left out.",)
    builder = DocumentBuilder("a.txt", "0")
    builder.start_page(1)
    builder.add("paragraph", f"{BEFORE} {'a' * 3000} {AFTER} {'b' * 4000}")
    builder.add("code", "c" * 5000)
    assert builder.build(Metadata()).warnings == (in_words([3000, 4000, 5000]),)
    assert in_words([3000, 4000, 5000]) == "3 stretches without words were left out, 12,000 characters in all."


def test_boxes_and_notes_follow_what_is_left() -> None:
    text = f"a {'=' * 400} b"
    builder = DocumentBuilder("a.pdf", "0")
    builder.start_page(1, width=100, height=100)
    boxes = np.repeat(np.arange(len(text), dtype=np.float32)[:, None], 4, axis=1)
    start = builder.add("paragraph", text, boxes=boxes)
    builder.note("1", "Its source.", anchor=start + len(text))
    found = builder.build(Metadata())
    assert_lawful(found)
    assert found.text == "a b"
    assert found.pages[0].boxes is not None
    assert found.pages[0].boxes[[0, 2], 0].tolist() == [0, len(text) - 1]


def test_a_text_file_that_is_one_word_keeps_its_sentences() -> None:
    found = read_plain(f"{BEFORE}\n\n{PICTURE}\n\n{AFTER}\n".encode(), "a.txt", "0")
    assert found.text == f"{BEFORE}\n{AFTER}"


PARTS = st.sampled_from([*DEBRIS.values(), *LANGUAGE.values(), BEFORE, AFTER, "", "\n", "a" * 299, "ff 00 "])


@given(st.lists(PARTS, max_size=5), st.sampled_from(["", " ", "\n"]))
def test_stretches_are_long_and_in_order_and_all_that_is_left_is_language(parts: list[str], joint: str) -> None:
    text = joint.join(parts)
    at = 0
    for start, end in without_language(text):
        assert at <= start < end <= len(text) and end - start >= LEAST
        at = end
    assert_lawful(document(text))
