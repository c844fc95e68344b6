"""Markdown: the author's structure without its marks, pages by their marks, notes at their anchors."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.text.markdown import read_markdown
from assistant.records import Document
from tests.reading.laws import assert_lawful, outline, texts

DocumentOf = Callable[[bytes | str, str], Document]

CASE = """\
---
title: Liberia, a new army from zero
kind: case-study
organisations: [United Nations]
country: Liberia
mission: [UNMIL]
period: 2003-2018
year: 2026
licence: CC-BY-4.0
---
# Liberia, a new army from zero

Liberia **dissolved** its [old army](army.md) in *2003*.[^1] A `mission` was sent.

## What the mission did

The mission had three tasks:

- to train the police;
- to vet recruits:
  1. by photograph;
  2. by interview.

| Date | Event |
|---|---|
| 19 September 2003 | The mission is created.[^2] |
| 30 March 2018 | The mission closes. |

> The army was built from nothing.[^1]

```
code stays   as it is
```

## Sources

[^1]: Security Council, S/RES/1509 (2003).
[^2]: Kroc Institute, *Peace Accords Matrix*.
"""


def test_marks_of_markdown_leave_the_text(document_of: DocumentOf) -> None:
    document = document_of(CASE, "liberia.md")

    assert outline(document) == [
        ("heading", "Liberia, a new army from zero"),
        ("paragraph", "Liberia dissolved its old army in 2003. A mission was sent."),
        ("heading", "What the mission did"),
        ("paragraph", "The mission had three tasks:"),
        ("item", "to train the police;"),
        ("item", "to vet recruits:"),
        ("item", "1. by photograph;"),
        ("item", "2. by interview."),
        (
            "table",
            "Date | Event\n19 September 2003 | The mission is created.\n30 March 2018 | The mission closes.",
        ),
        ("paragraph", "The army was built from nothing."),
        ("code", "code stays   as it is"),
    ]


def test_levels_and_header_rows_are_kept(document_of: DocumentOf) -> None:
    blocks = document_of(CASE, "liberia.md").blocks

    assert [block.level for block in blocks if block.kind in ("heading", "item")] == [1, 2, 1, 1, 2, 2]
    assert [block.header_rows for block in blocks if block.kind == "table"] == [1]


def test_front_matter_is_metadata(document_of: DocumentOf) -> None:
    metadata = document_of(CASE, "liberia.md").metadata

    assert (metadata.title, metadata.kind, metadata.year) == ("Liberia, a new army from zero", "case-study", 2026)
    assert (metadata.country, metadata.mission) == (("Liberia",), ("UNMIL",))
    assert (metadata.period, metadata.publisher) == ("2003-2018", None)


def test_footnotes_are_notes_wherever_they_are_referred_to(document_of: DocumentOf) -> None:
    document = document_of(CASE, "liberia.md")

    anchored = [(note.mark, document.text[: note.anchor].split()[-1]) for note in document.notes]
    assert anchored == [("1", "2003."), ("2", "created."), ("1", "nothing.")]
    assert document.notes[1].text == "Kroc Institute, Peace Accords Matrix."


def test_broken_front_matter_costs_a_warning_and_not_the_text(document_of: DocumentOf) -> None:
    document = document_of('---\ntitle: "unclosed\n: : :\n---\n\n# Heading\n\nBody.\n', "a.md")

    assert outline(document) == [("heading", "Heading"), ("paragraph", "Body.")]
    assert document.metadata.title == "Heading"
    assert "front matter" in document.warnings[0]


def test_unknown_values_of_front_matter_stay_unknown(document_of: DocumentOf) -> None:
    metadata = document_of("---\nkind: poem\nyear: soon\ncountry: []\ntitle:\n---\nText.\n", "a.md").metadata

    assert (metadata.kind, metadata.year, metadata.country, metadata.title) == (None, None, (), None)


def test_page_marks_number_pages_within_and_between_paragraphs(document_of: DocumentOf) -> None:
    text = (
        "# Module\n\n[page 1]\nThe module covers activi- ties of reform and other\n[page 2]\nactivities as well.\n\n"
        "[page 4]\n- one\n- two\n\n| a | b |\n|---|---|\n| c | d |\n[page 5]\n| e | f |\n"
    )
    document = document_of(text, "module.md")

    assert [page.number for page in document.pages] == [1, 2, 4, 5]
    assert outline(document) == [
        ("heading", "Module"),
        ("paragraph", "The module covers activities of reform and other\nactivities as well."),
        ("item", "one"),
        ("item", "two"),
        ("table", "a | b\nc | d\ne | f"),
    ]
    assert document.page_text(document.pages[3]) == "e | f"


def test_a_list_that_lost_its_bullets_is_a_list(document_of: DocumentOf) -> None:
    text = (
        "Box 1 Links between the two \n Disarmament shapes the ground \n Reform needs resources \n\n"
        "The procedures should cover: \n Security of the sites; \n Reception of the fighters. \n\n"
        + "A long paragraph of the module, which fills a line well beyond the width at which anyone wraps text, "
        "and so shows that the line breaks above were meant. " * 3
    )

    assert outline(document_of(text, "module.md"))[:6] == [
        ("caption", "Box 1 Links between the two"),
        ("item", "Disarmament shapes the ground"),
        ("item", "Reform needs resources"),
        ("paragraph", "The procedures should cover:"),
        ("item", "Security of the sites;"),
        ("item", "Reception of the fighters."),
    ]


def test_wrapped_paragraphs_are_one(document_of: DocumentOf) -> None:
    text = "The first line of this paragraph is wrapped\nwhere the second begins. A third comes then,\nand the end.\n"

    assert len(document_of(text, "a.md").blocks) == 1


def test_long_numbered_items_are_numbered_paragraphs(document_of: DocumentOf) -> None:
    prose = "The Council decides that the mandate shall include the reform of the police, and requests reports. " * 3
    document = document_of(f"17. {prose}\n18. {prose}\n", "a.md")

    assert [(block.kind, block.number) for block in document.blocks] == [("paragraph", "17"), ("paragraph", "18")]
    assert document.text.startswith("17. The Council")


def test_html_in_markdown_is_read_and_comments_are_not(document_of: DocumentOf) -> None:
    text = (
        "<!-- hidden -->\n\n"
        "<table><tr><th>Post</th><th>Name</th></tr><tr><td>Chief</td><td>Ann</td></tr></table>\n\n"
        "End."
    )

    assert outline(document_of(text, "a.md")) == [("table", "Post | Name\nChief | Ann"), ("paragraph", "End.")]


@pytest.mark.parametrize("tags", [("<div align=center>", "</div>"), ("<center>", "</center>"), ("</br>", "</details>")])
def test_html_round_paragraphs_costs_nothing(document_of: DocumentOf, tags: tuple[str, str]) -> None:
    document = document_of(f"{tags[0]}\n\n# Signals\n\nThe flag is red.\n\n{tags[1]}\n", "a.md")
    assert outline(document) == [("heading", "Signals"), ("paragraph", "The flag is red.")]


def test_blocks_between_struck_out_tags_are_left_out_and_counted(document_of: DocumentOf) -> None:
    text = "One.\n\n<del>\n\n# Old\n\n- Two.\n\n</del>\n\nThree.\n\n<p>Four.</p>\n<s>\n\nFive.\n\n</s>\n\nSix."
    document = document_of(text, "a.md")
    assert document.text == "One.\nThree.\nFour.\nSix."
    assert document.warnings == ("Struck-out text was left out in 2 places.",)


def test_a_struck_out_tag_that_nothing_closes_strikes_nothing_out(document_of: DocumentOf) -> None:
    assert document_of("One.\n\n<del>\n\nTwo.\n", "a.md").text == "One.\nTwo."


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("It has 2 × 10<sup>5</sup> trees on 9 km<sup>2</sup>.", "It has 2 × 10⁵ trees on 9 km²."),
        ("It has 10^-6^ of 31 km^2^, the 1^st^ says.", "It has 10⁻⁶ of 31 km², the 1st says."),
        ("| Area |\n|---|\n| 4 m<sup>2</sup> |\n| 5 m^3^ |", "Area\n4 m²\n5 m³"),
        ("The <sup>upper</sup> 2 stay, `km^2^` too, 2^3 and 3^2.", "The upper 2 stay, km^2^ too, 2^3 and 3^2."),
    ],
)
def test_raised_figures_stay_raised(document_of: DocumentOf, text: str, stored: str) -> None:
    assert document_of(text, "a.md").text == stored


def test_endnotes_of_a_plain_copy_become_notes(document_of: DocumentOf) -> None:
    text = (
        "It serves “the peoples.”1 This underlines it.\n\n## Endnotes\n\n1 Report of the Secretary-General, para 17.\n"
    )
    document = document_of(text, "a.md")

    assert outline(document) == [("paragraph", "It serves “the peoples.” This underlines it.")]
    assert document.notes[0].text == "Report of the Secretary-General, para 17."


def test_headings_keep_their_numbers(document_of: DocumentOf) -> None:
    document = document_of("## 5.3 Location\n\nText.\n", "a.md")

    assert (document.blocks[0].number, texts(document, "heading")) == ("5.3", ["5.3 Location"])


def test_a_line_in_bold_is_a_heading_and_bold_words_are_none(document_of: DocumentOf) -> None:
    document = document_of("**Who pays**\n\n**Donors** and **States** pay\n\n**A sentence.**\n", "a.md")

    assert texts(document, "heading") == ["Who pays"]


@given(
    st.lists(st.sampled_from([*CASE.splitlines(), "", "[page 2]", "[page 7]", "    x", "<div>", "1. a"]), max_size=40)
)
def test_lines_in_any_order_give_a_lawful_document(lines: list[str]) -> None:
    assert_lawful(read_markdown("\n".join(lines).encode(), "a.md", ""))


def test_struck_out_text_is_left_out_and_counted(document_of: DocumentOf) -> None:
    document = document_of("It begins at ~~eight~~ ten.\n\n~~All are exempt.~~\n\nIt <del>never</del> ends.\n", "a.md")
    assert [text for _, text in outline(document)] == ["It begins at ten.", "It ends."]
    assert document.warnings == ("Struck-out text was left out in 3 places.",)


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nThe bridge is held.\n\n---\n\n# Posts\n",
        "---\nNote: the bridge is held.\n---\n\n# Posts\n",
        "---\n\nWarning: the bridge is held.\n\nSigned: the major\n\n---\n\n# Posts\n",
        "---\nTo: the reeve\nFrom: the major\nDate: 3 May\nSubject: Re: the bridge is held.\n---\n\n# Posts\n",
    ],
)
def test_text_between_two_rules_is_no_front_matter(document_of: DocumentOf, text: str) -> None:
    document = document_of(text, "a.md")
    assert "the bridge is held." in document.text.lower()
    assert texts(document, "heading") in ([], ["Posts"])
    assert not document.warnings


def test_the_date_of_front_matter_gives_the_year(document_of: DocumentOf) -> None:
    assert document_of("---\ntitle: A\ndate: 2009-03-12\n---\n\nText.\n", "a.md").metadata.year == 2009


def test_front_matter_with_a_colon_in_its_title_is_read(document_of: DocumentOf) -> None:
    document = document_of("---\ntitle: Lessons: the district\nyear: 2011\n---\n\nIt disarmed.\n", "a.md")
    assert (document.metadata.title, document.metadata.year) == ("Lessons: the district", 2011)
    assert document.text == "It disarmed."


def test_front_matter_in_toml_is_read(document_of: DocumentOf) -> None:
    text = '+++\ntitle = "Mules: the depot"\nyear = 1987\ncountry = ["Carden"]\n[params]\nx = 1\n+++\n\nIt has mules.\n'
    document = document_of(text, "a.md")
    assert document.text == "It has mules."
    assert (document.metadata.title, document.metadata.year) == ("Mules: the depot", 1987)
    assert document.metadata.country == ("Carden",)


def test_broken_front_matter_in_toml_stays_in_the_text(document_of: DocumentOf) -> None:
    document = document_of("+++\nThe depot is full.\n+++\n\nIt has mules.\n", "a.md")
    assert "The depot is full." in document.text and "TOML" in document.warnings[0]


def test_a_picture_in_the_file_itself_is_no_text(document_of: DocumentOf) -> None:
    picture = "data:image/svg+xml;base64," + "ab0Z+/" * 5000
    document = document_of(f"One.\n\n![][image1]\n\n![Picture 2](<{picture}>)\n\n[image1]: <{picture}>\n", "a.md")
    assert document.text == "One."
