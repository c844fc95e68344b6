"""Text in whatever encoding comes out as its author wrote it; what is no text is refused, never made gibberish."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.encodings import decode
from assistant.reading.refusals import Refused

ENGLISH = "The Secretary-General's report on Côte d’Ivoire – submitted in March – speaks of the police. " * 8
FRENCH = "La réforme du secteur de la sécurité exige un contrôle démocratique, là où l’État a failli. " * 5
GERMAN = "Die Reform des Sicherheitssektors verlangt Übersicht für größere Maßnahmen der Länder. " * 5
PORTUGUESE = "Do escripto como primitivamente foi publicado, entendemos não dever alterar as orações. " * 5
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy. Bezpečnostní sektor je třeba reformovat. " * 5
RUSSIAN = "Реформа сектора безопасности требует демократического контроля. " * 5
ARABIC = "إصلاح القطاع الأمني يتطلب رقابة ديمقراطية. " * 5
JAPANESE = "治安部門改革は民主的な監視を必要とする。文民が軍を統制する。" * 5
KOREAN = "안보 부문 개혁은 민주적 통제를 필요로 한다. " * 5
CHINESE = "安全部门改革需要民主监督。文职人员控制军队。" * 5


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "utf-8"),
        (FRENCH, "utf-8-sig"),
        (FRENCH, "utf-16"),
        (FRENCH, "utf-16-le"),
        (FRENCH, "utf-16-be"),
        (FRENCH, "utf-32"),
        (FRENCH, "cp1252"),
        (ENGLISH, "cp1252"),
        (GERMAN, "latin-1"),
        (PORTUGUESE, "latin-1"),
        (CZECH, "cp1250"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (ARABIC, "cp1256"),
        (JAPANESE, "shift-jis"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "iso2022-jp"),
        (KOREAN, "euc-kr"),
        (CHINESE, "gb18030"),
        (CHINESE, "gbk"),
        (CHINESE + "\n", "utf-16-le"),
    ],
)
def test_text_comes_out_as_it_was_written(text: str, encoding: str) -> None:
    decoded, _ = decode(text.encode(encoding))

    assert decoded.lstrip("\ufeff") == text


def test_a_few_broken_characters_do_not_make_utf8_something_else() -> None:
    data = FRENCH.encode() + b" d\xe9j\xe0 "

    assert decode(data)[0].startswith(FRENCH)


def test_a_stray_zero_does_not_make_text_utf16() -> None:
    assert decode(b"A text with one \0 in the middle of it.")[1] == "utf-8"


@pytest.mark.parametrize("size", [60, 500, 20_000])
def test_random_bytes_are_refused(size: int) -> None:
    with pytest.raises(Refused) as refused:
        decode(random.Random(size).randbytes(size))

    assert refused.value.reason == "damaged"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=200))
def test_every_text_survives_utf8(text: str) -> None:
    decoded, _ = decode(text.encode())

    assert decoded.lstrip("\ufeff") == text.lstrip("\ufeff")
