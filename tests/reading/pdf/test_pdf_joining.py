from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.pdf.joining import Joiner
from assistant.reading.pdf.lines import Line

words = st.lists(st.text("abcdefé", min_size=1, max_size=8), min_size=1)


def line(text: str, page: int = 0) -> Line:
    return Line(page, text, list(range(len(text))), 0, 0, 0, 0, 0, 10, 10, False, False, [])


def joined(*texts: str, others: tuple[str, ...] = ()) -> str:
    lines = [line(text) for text in texts]
    return " ".join(stretch.text for stretch in Joiner([*lines, *map(line, others)]).join(lines))


def test_the_document_says_how_a_word_is_written() -> None:
    assert joined("the govern-", "ment", others=("our government",)) == "the government"
    assert joined("the law-", "enforcement", others=("a law-enforcement body",)) == "the law-enforcement"


def test_suspended_hyphens_and_names_stay() -> None:
    assert joined("pre-", "and post-war") == "pre- and post-war"
    assert joined("Port-au-", "Prince fell") == "Port-au-Prince fell"


def test_addresses_and_dashes_are_joined_without_a_space() -> None:
    assert joined("see https://www.un.org/", "peace") == "see https://www.un.org/peace"
    assert joined("one thing\u2014", "another") == "one thing\u2014another"
    assert joined("one thing \u2014", "another") == "one thing \u2014 another"


def test_what_a_dash_ranges_over_is_joined_without_a_space() -> None:
    assert joined("the period 2025\u2013", "2029") == "the period 2025\u20132029"
    assert joined("average, January\u2013", "December 2025") == "average, January\u2013December 2025"
    assert joined("the first years \u2013", "2025 and 2026") == "the first years \u2013 2025 and 2026"


def test_chinese_lines_are_joined_without_a_space() -> None:
    assert joined("安全部门", "改革") == "安全部门改革"


def test_a_word_broken_by_the_page_end_goes_to_the_first_page() -> None:
    first, second = Joiner([line("the government")]).join([line("the govern-", 0), line("ment fell", 1)])
    assert (first.text, second.text) == ("the government", "fell")
    assert len(first.places) == len(first.text) and len(second.places) == len(second.text)


@given(words, words)
def test_no_letter_is_lost_and_each_keeps_its_place(before: list[str], after: list[str]) -> None:
    lines = [line(" ".join(before)), line(" ".join(after))]
    (stretch,) = Joiner(lines).join(lines)
    assert stretch.text.replace(" ", "") == "".join(before + after)
    assert len(stretch.places) == len(stretch.text)
