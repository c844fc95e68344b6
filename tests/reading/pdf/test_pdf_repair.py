import numpy as np

from assistant.reading.pdf.glyphs import Glyphs, RawPage, no_glyphs
from assistant.reading.pdf.repair import is_nonsense, repair_tables


def page_of(text: str, font: int = 1) -> RawPage:
    """A page whose glyphs are these characters, with the spaces noted."""
    letters = [(letter, place > 0 and text[place - 1] == " ") for place, letter in enumerate(text) if letter != " "]
    count = len(letters)
    none = no_glyphs()
    glyphs = Glyphs(
        **{
            name: np.zeros((count, *getattr(none, name).shape[1:]), getattr(none, name).dtype)
            for name in Glyphs.__slots__
        }
    )
    glyphs.codes[:] = [ord(letter) for letter, _ in letters]
    glyphs.space[:] = [space for _, space in letters]
    glyphs.fonts[:] = font
    return RawPage(600, 800, glyphs, np.zeros((0, 4), np.float32))


def text_of(page: RawPage) -> str:
    spaces = ["" if not space else " " for space in page.glyphs.space]
    return "".join(space + chr(code) for space, code in zip(spaces, page.glyphs.codes, strict=True))


def test_quotation_marks_read_by_the_wrong_table_are_righted() -> None:
    page = page_of("the Missionís ìde-authorizedî officers ó and the Councilís view ó all agreed in Prizren")
    repair_tables([page])
    assert text_of(page) == "the Mission’s “de-authorized” officers — and the Council’s view — all agreed in Prizren"


def test_large_letters_inside_words_show_the_wrong_table_too() -> None:
    page = page_of("from PrishtinÎ to ShtÎrpcÎ and Ferizaj")
    repair_tables([page])
    assert text_of(page) == "from Prishtinë to Shtërpcë and Ferizaj"


def test_spanish_keeps_its_accents() -> None:
    page = page_of("El país y la región: José María habló de la policía según él")
    before = text_of(page)
    repair_tables([page])
    assert text_of(page) == before


def test_control_codes_and_letters_without_vowels_are_nonsense() -> None:
    assert is_nonsense(np.array([3, 4, 5, 6, 7, 8, 14, 15] * 10))
    assert is_nonsense(np.array([ord(letter) for letter in "3HQQtSURVWHGN" * 20]))
    assert not is_nonsense(np.array([ord(letter) for letter in "The police and the courts" * 20]))
    assert not is_nonsense(np.zeros(0, np.int64))
