"""Presentations: a page a slide, the title as heading, lists, tables and the speaker's notes."""

import io
from collections.abc import Callable

import pptx
from pptx.util import Inches

from assistant.records import Document, Refusal
from tests.reading.laws import assert_lawful, outline

DocumentOf = Callable[[bytes | str, str], Document]
ReadBytes = Callable[[bytes, str], Document | Refusal]


def saved(show: pptx.presentation.Presentation) -> bytes:
    buffer = io.BytesIO()
    show.save(buffer)
    return buffer.getvalue()


def a_show() -> pptx.presentation.Presentation:
    show = pptx.Presentation()
    first = show.slides.add_slide(show.slide_layouts[1])
    first.shapes.title.text = "What reform is"
    body = first.placeholders[1].text_frame
    body.text = "A process"
    deeper = body.add_paragraph()
    deeper.text, deeper.level = "led by the state", 1
    first.notes_slide.notes_text_frame.text = "Say this slowly."
    second = show.slides.add_slide(show.slide_layouts[6])
    table = second.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    for place, value in enumerate(["Date", "Event", "2008", "Report"]):
        table.cell(place // 2, place % 2).text = value
    show.slides.add_slide(show.slide_layouts[6])
    last = show.slides.add_slide(show.slide_layouts[6])
    last.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "Thank you for your attention."
    return show


def test_each_slide_is_a_page(document_of: DocumentOf) -> None:
    document = document_of(saved(a_show()), "show.pptx")

    assert [page.number for page in document.pages] == [1, 2, 3, 4]
    assert [document.page_text(page) for page in document.pages] == [
        "What reform is\nA process\nled by the state\nNotes\nSay this slowly.",
        "Date | Event\n2008 | Report",
        "",
        "Thank you for your attention.",
    ]
    assert_lawful(document)


def test_titles_are_headings_and_bodies_are_lists(document_of: DocumentOf) -> None:
    document = document_of(saved(a_show()), "show.pptx")

    assert outline(document)[:3] == [("heading", "What reform is"), ("item", "A process"), ("item", "led by the state")]
    assert [block.level for block in document.blocks[:3]] == [1, 1, 2]
    assert document.metadata.title == "What reform is"


def test_a_hidden_slide_is_left_out_with_a_warning(document_of: DocumentOf) -> None:
    show = a_show()
    show.slides[0]._element.set("show", "0")
    document = document_of(saved(show), "show.pptx")

    assert "What reform is" not in document.text
    assert document.warnings == ("Slide 1 is hidden or missing and was left out.",)
    assert [page.number for page in document.pages] == [1, 2, 3, 4]


def test_text_in_groups_is_read(document_of: DocumentOf) -> None:
    show = pptx.Presentation()
    group = show.slides.add_slide(show.slide_layouts[6]).shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "Inside a group."

    assert document_of(saved(show), "show.pptx").text == "Inside a group."


def test_line_breaks_in_a_title_are_spaces(document_of: DocumentOf) -> None:
    show = pptx.Presentation()
    show.slides.add_slide(show.slide_layouts[5]).shapes.title.text = "Reform\vin Mali"

    assert document_of(saved(show), "show.pptx").text == "Reform in Mali"


def test_a_show_without_slides_has_no_text(read_bytes: ReadBytes) -> None:
    refusal = read_bytes(saved(pptx.Presentation()), "none.pptx")

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "no-text"


def with_run(text_frame: pptx.text.text.TextFrame, text: str, **properties: str) -> None:
    """Add a run with these attributes of its properties."""
    run = text_frame.paragraphs[0].add_run()
    run.text = text
    for name, value in properties.items():
        run._r.get_or_add_rPr().set(name, value)


def test_struck_out_text_is_left_out_and_counted_in_bodies_tables_and_notes(document_of: DocumentOf) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    box = slide.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame
    with_run(box, "Leave begins ")
    with_run(box, "in June ", strike="sngStrike")
    with_run(box, "in May.", strike="noStrike")
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text, table.cell(1, 0).text = "Isle", "Judges", "Ronay"
    with_run(table.cell(1, 1).text_frame, "19", strike="dblStrike")
    with_run(table.cell(1, 1).text_frame, "2")
    with_run(slide.notes_slide.notes_text_frame, "Not said.", strike="sngStrike")

    document = document_of(saved(show), "show.pptx")
    assert document.text == "Leave begins in May.\nIsle | Judges\nRonay | 2"
    assert document.warnings == ("Struck-out text was left out in 3 places.",)


def test_raised_figures_stay_raised(document_of: DocumentOf) -> None:
    show = pptx.Presentation()
    box = show.slides.add_slide(show.slide_layouts[6]).shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame
    for text, baseline in [
        ("27 km", 0),
        ("2", 30000),
        (" and the 4", 0),
        ("th", 30000),
        (" test of CO", 0),
        ("2", -25000),
    ]:
        with_run(box, text, baseline=str(baseline))

    assert document_of(saved(show), "show.pptx").text == "27 km² and the 4th test of CO2"
