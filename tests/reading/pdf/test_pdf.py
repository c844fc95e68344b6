import io

import numpy as np
import pypdf
import pypdfium2 as pdfium
import pytest
from pypdf.annotations import FreeText
from reportlab.pdfgen.canvas import Canvas

from assistant.reading.pdf.glyphs import read_page
from assistant.reading.pdf.reader import read_pdf
from assistant.reading.refusals import Refused
from assistant.records import Document
from tests.reading.laws import assert_lawful, outline, texts
from tests.reading.making.pdf import HEIGHT, LEFT, PITCH, TOP, WIDTH, Draw, lines, pdf_of, raised, rule, turned, wrapped

REFORM = (
    "Security sector reform concerns the institutions which provide security in a country and those which manage "
    "and oversee them, and it aims at services that are effective and accountable under the rule of law."
)
TRUST = (
    "People trust a police service when its officers treat them with respect, when complaints are heard, and when "
    "the courts that judge its officers are themselves independent of those who command them."
)


def document_of(data: bytes) -> Document:
    document = read_pdf(data, "a.pdf", "0")
    assert_lawful(document)
    return document


def page_of(*texts_of_page: str, top: float = TOP) -> bytes:
    return pdf_of(lambda canvas: lines(canvas, texts_of_page, top=top))


def test_lines_become_one_paragraph() -> None:
    assert outline(document_of(page_of(*wrapped(REFORM, 80)))) == [("paragraph", REFORM)]


def test_a_broken_word_is_made_whole_and_a_real_hyphen_stays() -> None:
    document = document_of(
        page_of(
            "The law-enforcement agencies and the parliament share the duty of oversight of the govern-",
            "ment, and both must hold the government to account. Other law-",
            "enforcement bodies follow, and so do long-term plans and the gender-",
            "and age-sensitive budgets of the cabinet.",
        )
    )
    assert "oversight of the government, and" in document.text
    assert "Other law-enforcement bodies" in document.text
    assert "gender- and age-sensitive" in document.text


def test_two_columns_are_read_one_after_the_other() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["A title that stands over both columns of the page, as titles do"], size=14, font="Times-Bold")
        lines(canvas, wrapped(REFORM * 3, 44), left=72, top=140)
        lines(canvas, wrapped(TRUST * 3, 44), left=310, top=143)

    text = document_of(pdf_of(draw)).text
    assert text.index("rule of law") < text.index("People trust")
    assert "institutions which provide security in a country" in text
    assert "when its officers treat them with respect" in text


def test_running_heads_and_page_numbers_are_nowhere() -> None:
    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            lines(canvas, ["Handbook on police reform"], top=40, size=8)
            lines(canvas, [f"Page {number}"], left=WIDTH / 2, top=HEIGHT - 30, size=8)
            lines(canvas, wrapped(f"In part {number} we see this. {REFORM}", 80), top=160)

        return draw

    document = document_of(pdf_of(*(page(number) for number in range(1, 6))))
    assert "Handbook" not in document.text
    assert "Page" not in document.text
    assert [document.page_text(page)[:9] for page in document.pages] == [f"In part {number}" for number in range(1, 6)]


def test_pages_that_are_all_alike_keep_their_text() -> None:
    document = document_of(pdf_of(*[lambda canvas: lines(canvas, ["The same on each page."], top=50)] * 4))
    assert document.text.count("The same on each page.") == 4


def test_the_masthead_of_a_united_nations_report_is_metadata_and_no_text() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["United Nations"], top=50, size=14)
        lines(canvas, ["S/2009/504"], left=430, top=50, size=14)
        lines(canvas, ["Security Council"], top=80, size=18, font="Times-Bold")
        lines(canvas, ["Distr.: General", "2 October 2009", "", "Original: English"], left=400, top=80)
        title = ["Report of the Secretary-General on the United Nations", "Mission in Ruritania"]
        lines(canvas, title, top=220, size=14, font="Times-Bold", pitch=16)
        lines(canvas, ["I. Introduction"], top=280, size=13, font="Times-Bold")
        lines(canvas, wrapped(f"1. {REFORM}", 80), top=310)
        lines(canvas, wrapped(f"2. {TRUST}", 80), top=360)
        lines(canvas, ["09-52536 (E) 081009"], top=HEIGHT - 40)

    document = document_of(pdf_of(draw, title="Microsoft Word - 0952536e.doc"))
    assert document.metadata.title == ("Report of the Secretary-General on the United Nations Mission in Ruritania")
    assert (document.metadata.symbol, document.metadata.year, document.metadata.kind) == ("S/2009/504", 2009, "report")
    assert "Distr" not in document.text and "09-52536" not in document.text and "S/2009/504" not in document.text
    assert outline(document)[1] == ("heading", "I. Introduction")
    assert [block.number for block in document.blocks[2:]] == ["1", "2"]


def test_a_sensible_title_in_the_properties_wins() -> None:
    draw = lambda canvas: lines(canvas, wrapped(REFORM, 80))  # noqa: E731
    assert document_of(pdf_of(draw, title="Guide to police reform")).metadata.title == "Guide to police reform"
    assert document_of(pdf_of(draw, title="guide_final2.docx")).metadata.title is None


def test_footnotes_leave_the_text_and_stay_tied_to_their_place() -> None:
    def draw(canvas: Canvas) -> None:
        body = wrapped(REFORM, 80)
        lines(canvas, body)
        end = LEFT + canvas.stringWidth(body[0], "Times-Roman", 10)
        raised(canvas, "1", end, TOP)
        rule(canvas, LEFT, LEFT + 120, 700)
        raised(canvas, "1", LEFT, 715, size=5.5)
        lines(
            canvas,
            ["See the report of the Secretary-General of 2008, which", "first defined it."],
            LEFT + 6,
            715,
            8,
            pitch=10,
        )

    document = document_of(pdf_of(draw))
    assert document.text == REFORM
    (note,) = document.notes
    assert (note.mark, note.text, note.page) == (
        "1",
        "See the report of the Secretary-General of 2008, which first defined it.",
        1,
    )
    assert note.anchor == len(wrapped(REFORM, 80)[0])


def test_notes_set_as_large_as_the_text_are_parted_by_their_raised_marks() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["The dam holds 450 boats and the quay holds 62"])
        raised(
            canvas,
            "1",
            LEFT + canvas.stringWidth("The dam holds 450 boats and the quay holds 62", "Times-Roman", 10),
            TOP,
        )
        rule(canvas, LEFT, LEFT + 140, 690)
        for number, note in enumerate(["By the harbour master.", "Without the cutters."], 1):
            raised(canvas, str(number), LEFT, 690 + PITCH * number)
            lines(canvas, [note], left=LEFT + 6, top=690 + PITCH * number)

    document = document_of(pdf_of(draw))
    assert document.text == "The dam holds 450 boats and the quay holds 62"
    assert [(note.mark, note.text) for note in document.notes] == [
        ("1", "By the harbour master."),
        ("2", "Without the cutters."),
    ]


@pytest.mark.parametrize(("again", "expected"), [([1, 2], [1, 1, 2, 2, 3, 4, 5, 6, 7]), ([2], [1, 2, 3, 4, 5, 6, 7])])
def test_notes_that_are_cited_again_are_tied_to_each_place(again: list[int], expected: list[int]) -> None:
    """One number alone that stands raised elsewhere may be an exponent."""

    def draw(canvas: Canvas) -> None:
        for line, number in enumerate([*range(1, 8), *again]):
            words = f"The harbour of the town number {line} was built by its people."
            lines(canvas, [words], top=TOP + line * 2 * PITCH)
            raised(canvas, str(number), LEFT + canvas.stringWidth(words, "Times-Roman", 10), TOP + line * 2 * PITCH)
        rule(canvas, LEFT, LEFT + 120, 600)
        for number in range(1, 8):
            raised(canvas, str(number), LEFT, 600 + number * 12, size=5.5)
            lines(canvas, [f"Record of the harbour, volume {number}."], LEFT + 6, 600 + number * 12, 8, pitch=10)

    document = document_of(pdf_of(draw))
    assert [int(note.mark) for note in document.notes] == expected
    anchors = [note.anchor for note in document.notes if note.mark == "2"]
    assert [document.text[:anchor].rpartition("number ")[2][:1] for anchor in anchors] == ["1", "8"][: len(anchors)]


def test_notes_of_typewriters_leave_the_text_too() -> None:
    document = document_of(
        page_of(
            "The peace agreement of 1992, 1/ which ended the war, set up a civilian police.",
            "",
            "",
            "Notes",
            "",
            "",
            "1/ See document A/46/864, annex.",
        )
    )
    assert document.text == "The peace agreement of 1992, which ended the war, set up a civilian police."
    assert [(note.mark, note.text) for note in document.notes] == [("1", "See document A/46/864, annex.")]
    assert document.notes[0].anchor == document.text.index(" which")


@pytest.mark.parametrize(("mark", "said"), [("a", "62ᵃ carts"), ("ii", "62ⁱⁱ carts"), ("e", "62e carts")])
def test_raised_letters_run_into_no_figure_but_stay_in_ordinals(mark: str, said: str) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["The quay holds 62"])
        end = LEFT + canvas.stringWidth("The quay holds 62", "Times-Roman", 10)
        raised(canvas, mark, end, TOP)
        lines(canvas, [" carts in the year of the count."], left=end + canvas.stringWidth(mark, "Times-Roman", 6.5))
        if mark == "a":
            raised(canvas, mark, LEFT, 300)
            lines(canvas, ["Estimate of the reeve."], left=LEFT + 5, top=300)

    assert said in document_of(pdf_of(draw)).text


def test_an_exponent_is_no_mark_of_a_note() -> None:
    def draw(canvas: Canvas) -> None:
        text = "The base of the mission lies on the northern bank of the river and covers about 25 km"
        lines(canvas, [text])
        raised(canvas, "2", LEFT + canvas.stringWidth(text, "Times-Roman", 10), TOP)
        lines(canvas, ["of land, which floods each spring when the snow melts."], top=TOP + PITCH)

    assert "25 km² of land" in document_of(pdf_of(draw)).text


@pytest.mark.parametrize(
    ("before", "figures", "said", "mark"),
    [
        ("The land covers about 25 km", "2,3", "25 km²", "3"),
        ("The land covers about 25 m", "25", "25 m²", "5"),
        ("The lake of the mission holds 6 hm", "3", "6 hm³", None),
        ("The fit of the gauge is good, with R", "2", "with R²", None),
    ],
)
def test_an_exponent_stays_beside_a_note_of_its_number(before: str, figures: str, said: str, mark: str | None) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, [before, "and floods each spring, when the snow melts in the mountains of the east."])
        raised(canvas, figures, LEFT + canvas.stringWidth(before, "Times-Roman", 10), TOP)
        rule(canvas, LEFT, LEFT + 100, 690)
        for number in (2, 3, 5):
            raised(canvas, str(number), LEFT, 700 + 11 * number, size=5)
            lines(canvas, [f"Decree {number} of the council."], left=LEFT + 5, top=700 + 11 * number, size=8)

    document = document_of(pdf_of(draw))
    tied = {note.mark: document.text[: note.anchor] for note in document.notes if note.anchor is not None}
    assert f"{said}\nand" in document.text
    assert [(tied_mark, before.endswith(said)) for tied_mark, before in tied.items()] == (
        [(mark, True)] if mark else []
    )


def test_a_paragraph_goes_on_over_the_page_end() -> None:
    def first(canvas: Canvas) -> None:
        lines(canvas, wrapped(f"7. {REFORM} The commission", 80))

    def second(canvas: Canvas) -> None:
        bottom = lines(canvas, wrapped("of inquiry published its report in March and named those responsible.", 80))
        lines(canvas, wrapped(f"8. {TRUST}", 80), top=bottom + PITCH)

    document = document_of(pdf_of(first, second))
    seventh, eighth = document.blocks
    assert (seventh.number, eighth.number) == ("7", "8")
    assert "The commission\nof inquiry published" in document.text[seventh.start : seventh.end]
    assert document.page_text(document.pages[1]).startswith("of inquiry")


def test_a_word_broken_by_the_page_end_stands_whole_on_the_first_page() -> None:
    first = lambda canvas: lines(canvas, wrapped(f"{REFORM} Then the govern-", 80))  # noqa: E731
    second = lambda canvas: lines(canvas, ["ment resigned, and another government was formed."])  # noqa: E731
    document = document_of(pdf_of(first, second))
    assert document.page_text(document.pages[0]).endswith("Then the government")
    assert document.page_text(document.pages[1]).startswith("resigned")


def test_headings_items_and_numbers_are_recognised() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["Policing after conflict"], top=90, size=18, font="Times-Bold")
        lines(canvas, ["A. Vetting"], top=130, size=13, font="Times-Bold")
        top = lines(canvas, wrapped(f"12. {REFORM} It has two parts:", 80), top=150)
        top = lines(canvas, wrapped("(a) The record of each officer is examined by a board;", 70), LEFT + 20, top + 8)
        top = lines(canvas, wrapped("(b) Those who pass are certified for five years.", 70), LEFT + 20, top + 8)
        lines(canvas, ["\u2022 A first point", "\u2022 A second point"], LEFT + 20, top + 20)

    document = document_of(pdf_of(draw))
    assert outline(document)[:2] == [("heading", "Policing after conflict"), ("heading", "A. Vetting")]
    assert [block.number for block in document.blocks] == [None, "A", "12", "(a)", "(b)", None, None]
    assert texts(document, "item")[2:] == ["A first point", "A second point"]


def test_a_bold_paragraph_is_no_heading() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(4):
            lines(canvas, wrapped(f"{number + 1}. {TRUST}", 80), top=TOP + 60 * number)
        lines(canvas, wrapped(f"5. {REFORM}", 75), top=TOP + 240, font="Times-Bold")

    assert texts(document_of(pdf_of(draw)), "heading") == []


def test_boxes_are_where_the_characters_stand() -> None:
    document = document_of(page_of("Peace", top=200))
    (page,) = document.pages
    assert page.boxes is not None and page.boxes.shape == (5, 4)
    left, top, right, bottom = page.boxes[0].tolist()
    assert left == pytest.approx(LEFT, abs=1) and left < right
    assert top < 200 <= bottom + 1 and bottom == pytest.approx(200, abs=4)
    assert (page.width, page.height) == pytest.approx((WIDTH, HEIGHT), abs=1)
    assert (np.diff(page.boxes[:, 0]) > 0).all()


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_lie_on_the_ink_of_the_page_as_shown(rotation: int) -> None:
    upright = pypdf.PdfReader(io.BytesIO(pdf_of(lambda canvas: lines(canvas, wrapped(REFORM, 80), top=400))))
    writer = pypdf.PdfWriter()
    page = writer.add_page(upright.pages[0])
    page.cropbox = pypdf.generic.RectangleObject((30, 200, 500, 700))
    page.rotate(rotation)
    turned = io.BytesIO()
    writer.write(turned)
    document = document_of(turned.getvalue())
    assert document.text == REFORM
    (shown,) = document.pages
    image = pdfium.PdfDocument(turned.getvalue())[0].render(grayscale=True).to_numpy().squeeze()
    assert image.shape == pytest.approx((shown.height, shown.width), abs=1)
    assert shown.boxes is not None
    inked = [
        image[int(top) : int(bottom) + 1, int(left) : int(right) + 1].min() < 160
        for (left, top, right, bottom), letter in zip(shown.boxes.tolist(), document.text, strict=True)
        if letter.isalnum()
    ]
    assert np.mean(inked) > 0.98


def test_text_set_sideways_is_read_as_lines() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.setFont("Times-Roman", 10)
        for number, text in enumerate(wrapped(REFORM, 80)):
            canvas.drawString(80, -100 - PITCH * number, text)

    assert document_of(pdf_of(draw)).text == REFORM


def test_letters_drawn_twice_for_boldness_are_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["Annual address of the committee"], size=12)
        lines(canvas, ["Annual address of the committee"], left=LEFT + 0.4, size=12)
        lines(canvas, wrapped(REFORM, 80), top=TOP + 40)

    assert document_of(pdf_of(draw)).text.startswith("Annual address of the committee\nSecurity")


def test_page_labels_are_kept() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, wrapped(REFORM, 80))

    def labelled(canvas: Canvas) -> None:
        canvas.addPageLabel(0, style="ROMAN_LOWER", start=4)
        draw(canvas)

    assert [page.label for page in document_of(pdf_of(labelled, draw)).pages] == ["iv", "v"]


def test_a_password_is_asked_for_only_when_there_is_one() -> None:
    page = lambda canvas: lines(canvas, wrapped(REFORM, 80))  # noqa: E731
    assert document_of(pdf_of(page, password="")).text == REFORM
    with pytest.raises(Refused) as refused:
        read_pdf(pdf_of(page, password="secret"), "a.pdf", "0")
    assert refused.value.reason == "encrypted"


def test_a_scan_is_refused_with_the_way_out() -> None:
    with pytest.raises(Refused) as refused:
        read_pdf(pdf_of(lambda canvas: canvas.rect(50, 50, 300, 300, fill=1)), "a.pdf", "0")
    assert refused.value.reason == "no-text"
    assert "--ocr" in refused.value.message


def test_pages_without_text_are_named_and_kept() -> None:
    document = document_of(pdf_of(lambda canvas: lines(canvas, ["Only here."]), lambda canvas: None))
    assert [document.page_text(page) for page in document.pages] == ["Only here.", ""]
    assert any("Page 2" in warning for warning in document.warnings)


@pytest.mark.parametrize(
    ("data", "reason"), [(b"", "empty"), (b"%PDF-1.4 nothing more", "damaged"), (b"GIF89a", "damaged")]
)
def test_what_is_no_pdf_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        read_pdf(data, "a.pdf", "0")
    assert refused.value.reason == reason


def test_reading_twice_gives_the_same() -> None:
    data = page_of(*wrapped(REFORM, 80))
    once, again = document_of(data), document_of(data)
    assert once == again


SENTENCES = (
    "The brigade keeps its own register of detainees and shows it to the magistrate on",
    "request. Each entry of the register names the officer who made the arrest and the",
    "hour at which it was made. A magistrate who finds a gap in the register may order",
    "a search of the barracks. Such an order was given three times in the first year,",
    "and twice in the second. The commander answers in writing within twenty days, and",
    "his answer is read aloud at the next sitting of the council.",
)
WHOLE = " ".join(SENTENCES)


def test_numbers_that_count_the_lines_leave_the_text() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, [str(number) for number in range(7, 13)], left=LEFT - 20)
        lines(canvas, SENTENCES)

    assert document_of(pdf_of(draw)).text == WHOLE


def test_numbers_of_a_list_stay() -> None:
    items = [f"{number} Officers of rank {number} keep the register." for number in range(1, 8)]
    assert "4 Officers of rank 4" in document_of(pdf_of(lambda canvas: lines(canvas, items))).text


def test_a_short_list_of_amounts_keeps_its_numbers() -> None:
    amounts = ["1 loaf of bread for each guard", "2 eggs for each guard", "3 cups of tea for all"]
    assert document_of(pdf_of(lambda canvas: lines(canvas, amounts))).text.startswith("1 loaf")


def test_a_figure_that_begins_a_line_stays_beside_numbers_of_every_other_line() -> None:
    sentences = [
        "400 guards came and",
        "each of them was sworn in and",
        "paid by the province and then",
        "sent home again and",
    ]

    def draw(canvas: Canvas) -> None:
        for place in range(12):
            if place % 2:
                lines(canvas, [str(place + 1)], left=LEFT - 20, top=TOP + PITCH * place)
        lines(canvas, sentences * 3)

    assert document_of(pdf_of(draw)).text == " ".join(sentences * 3)


LONG = SENTENCES * 2


def numbers(count: range, left: float, step: int = 1, pitch: float = PITCH, size: float = 10, rise: float = 0) -> Draw:
    """Numbers beside lines: the first of `count` at the line that it counts."""

    def draw(canvas: Canvas) -> None:
        for place, number in enumerate(count):
            lines(canvas, [str(number)], left=left, top=TOP + pitch * (place * step + step - 1) - rise, size=size)

    return draw


@pytest.mark.parametrize(
    "drawn",
    [
        numbers(range(5, 11, 5), LEFT - 20, step=5),
        numbers(range(5, 11, 5), LEFT + 420, step=5),
        numbers(range(2, 13, 2), LEFT - 20, step=2),
        numbers(range(1, 13), LEFT - 6, size=6, rise=3),
        numbers(range(1, 8), LEFT - 20, pitch=2 * PITCH),
    ],
    ids=["few", "few on the right", "every other line", "small and half a line up", "another pitch than the text"],
)
def test_numbers_count_lines_in_many_ways(drawn: Draw) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, LONG)
        drawn(canvas)

    assert document_of(pdf_of(draw)).text == f"{WHOLE}\n{WHOLE}"


def test_numbers_of_lines_go_on_in_a_second_column_and_begin_anew_beside_footnotes() -> None:
    halves = wrapped(WHOLE, 40)

    def draw(canvas: Canvas) -> None:
        for place, left in enumerate((LEFT, LEFT + 240)):
            lines(canvas, halves, left=left)
            lines(canvas, [str(place * len(halves) + line + 1) for line in range(len(halves))], left=left - 20)
        end = canvas.stringWidth(halves[-1], "Times-Roman", 10)
        raised(canvas, "1", LEFT + end, TOP + PITCH * (len(halves) - 1))
        rule(canvas, LEFT, LEFT + 100, 700)
        lines(canvas, ["1"], left=LEFT - 20, top=720, size=8)
        raised(canvas, "1", LEFT, 720, size=5)
        lines(canvas, ["Decree of the council."], left=LEFT + 5, top=720, size=8)

    document = document_of(pdf_of(draw))
    assert document.text.split() == f"{WHOLE} {WHOLE}".split()
    assert [(note.mark, note.text) for note in document.notes] == [("1", "Decree of the council.")]


def test_numbered_provisions_of_several_lines_keep_their_numbers() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(5, 12):
            top = TOP + 3 * PITCH * (number - 5)
            lines(canvas, [str(number)], left=LEFT - 20, top=top)
            lines(canvas, ["The commander keeps the register", *SENTENCES[1:3]], top=top)

    assert "7 The commander keeps" in document_of(pdf_of(draw)).text


def test_years_in_the_middle_of_a_table_stay() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(8):
            top = TOP + PITCH * number
            for text, left in (("border guard", LEFT), (f"{1990 + number}", LEFT + 120), ("paid in full", LEFT + 200)):
                lines(canvas, [text], left=left, top=top)

    assert "1994" in document_of(pdf_of(draw)).text


@pytest.mark.parametrize(
    ("initial", "first", "said"),
    [
        ("T", "he guard was raised by a decree.", "The guard was"),
        ("A", "guard was raised by a decree.", "A guard was"),
        ("1", "909 was the year of the guard.", "1909 was"),
    ],
)
def test_an_initial_over_several_lines_begins_its_word(initial: str, first: str, said: str) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, [initial], top=TOP + PITCH, size=30)
        lines(canvas, [first, "It counted ninety men at first, and"], left=LEFT + 26)
        lines(canvas, ["was paid from the salt tax. The guard grew later."], top=TOP + 2 * PITCH)

    text = document_of(pdf_of(draw)).text
    assert text.startswith(said)
    assert text.endswith("It counted ninety men at first, and was paid from the salt tax. The guard grew later.")


@pytest.mark.parametrize("white", [-1.0, 0.0, 2.0])
def test_lines_may_stand_close_to_an_initial_and_go_on_under_it(white: float) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["W"], top=TOP + PITCH, size=30)
        beside = LEFT + canvas.stringWidth("W", "Times-Roman", 30) + white
        lines(
            canvas,
            ["hen the guard was raised, each man of the valley came", "down to the river and paid the old ferryman,"],
            beside,
        )
        lines(canvas, ["who had one oar and half a sail, patched with an apron."], top=TOP + 2 * PITCH)

    assert document_of(pdf_of(draw)).text == (
        "When the guard was raised, each man of the valley came down to the river and paid the old ferryman, who had "
        "one oar and half a sail, patched with an apron."
    )


def test_an_initial_over_six_lines_is_no_stamp() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, [SENTENCES[-1]], top=TOP - 2 * PITCH)
        lines(canvas, ["T"], top=TOP + 5 * PITCH, size=95)
        lines(canvas, [WHOLE[1:60], *wrapped(WHOLE[60:], 60)[:5]], left=LEFT + 62)

    document = document_of(pdf_of(draw))
    assert WHOLE[:300] in document.text and document.warnings == ()


@pytest.mark.parametrize(
    ("initial", "rest", "said"), [("“T", "he guard,” says", "“The guard"), ("L’", "escadron de", "L’escadron de")]
)
def test_an_initial_may_have_a_quotation_mark_or_an_apostrophe(initial: str, rest: str, said: str) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, [initial], top=TOP + PITCH, size=30)
        lines(canvas, [rest, "the clerk of the province, and"], left=LEFT + 38)
        lines(canvas, SENTENCES, top=TOP + 2 * PITCH)

    assert document_of(pdf_of(draw)).text.startswith(said)


def test_what_follows_another_initial_is_no_word_by_itself() -> None:
    def draw(canvas: Canvas) -> None:
        for place, (initial, rest) in enumerate([("A", "n early spring,"), ("O", "n Sundays, by")]):
            top = TOP + 14 * PITCH * place
            lines(canvas, [initial], top=top + PITCH, size=30)
            lines(canvas, [rest, "as the clerk of the province"], left=LEFT + 26, top=top)
            lines(canvas, SENTENCES, top=top + 2 * PITCH)

    text = document_of(pdf_of(draw)).text
    assert text.startswith("An early spring") and "On Sundays" in text


def test_words_stamped_across_the_text_are_left_out_and_named() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, SENTENCES)
        lines(canvas, ["NOT FOR RELEASE"], left=LEFT + 40, top=TOP + 3 * PITCH, size=40)

    document = document_of(pdf_of(draw))
    assert document.text == WHOLE
    assert document.warnings == ("Page 1: words across the text, as of a stamp, were left out.",)


@pytest.mark.parametrize("angle", [2, 6, 10, 14, -10])
def test_a_stamp_set_crooked_across_the_text_is_left_out_and_named(angle: int) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, SENTENCES)
        turned(canvas, "RECEIVED 14 MAR 1962", angle, left=LEFT + 120, top=TOP + 3 * PITCH)

    document = document_of(pdf_of(draw))
    assert document.text == WHOLE
    assert document.warnings == ("Page 1: words across the text, as of a stamp, were left out.",)


def test_slanted_words_across_the_text_are_left_out_and_named() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, SENTENCES)
        canvas.translate(LEFT + 60, HEIGHT - TOP - 5 * PITCH)
        canvas.rotate(20)
        canvas.setFont("Times-Bold", 24)
        canvas.drawString(0, 0, "DRAFT")

    document = document_of(pdf_of(draw))
    assert document.text == WHOLE
    assert document.warnings == ("Page 1: words across the text, as of a stamp, were left out.",)


def test_crooked_words_beside_the_text_stay() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, SENTENCES)
        turned(canvas, "Seen by the registrar", 5, left=LEFT, top=TOP + 12 * PITCH)

    assert document_of(pdf_of(draw)).text == f"{WHOLE}\nSeen by the registrar"


def test_large_names_over_small_ones_on_a_map_stay() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(9):
            lines(canvas, ["Kukes"], left=LEFT + 19 * number, top=TOP + 20 + 3 * (number % 2), size=7)
        lines(canvas, ["ALBANIA"], left=LEFT, top=TOP + 27, size=24, font="Times-Bold")
        lines(canvas, ["Prizren", "Dragash", "Restelica"], left=LEFT + 200, top=TOP + 60, size=7)

    document = document_of(pdf_of(draw))
    assert "ALBANIA" in document.text
    assert document.warnings == ()


def test_runs_are_numbered_in_the_order_of_the_file() -> None:
    """PDFium tells them apart by addresses: sorted by these, what is read twice would differ from time to time."""

    def draw(canvas: Canvas) -> None:
        for number in range(60):
            lines(canvas, [f"Run {number}" * (number % 7 + 1)], top=TOP + 10 * number)

    document = pdfium.PdfDocument(pdf_of(draw, draw, draw))
    for page in document:
        runs = read_page(page).glyphs.runs.tolist()
        assert len(set(runs)) == 60 and runs == sorted(runs)


def test_a_hidden_layer_over_the_text_is_not_read_again() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, SENTENCES)
        layer = canvas.beginText(LEFT + 1.3, HEIGHT - TOP - 1.1)
        layer.setTextRenderMode(3)
        layer.setFont("Times-Roman", 9.2, PITCH)
        layer.textLines(list(SENTENCES))
        canvas.drawText(layer)

    assert document_of(pdf_of(draw)).text == WHOLE


def hidden(canvas: Canvas, text: str, left: float, top: float) -> None:
    """Draw text invisibly, each word by itself, as text recognition does."""
    for word in text.split():
        layer = canvas.beginText(left, HEIGHT - top)
        layer.setTextRenderMode(3)
        layer.setFont("Times-Roman", 10)
        layer.textOut(word)
        canvas.drawText(layer)
        left += canvas.stringWidth(f"{word} ", "Times-Roman", 10)


def test_a_hidden_layer_that_drifts_from_the_text_is_not_read_again() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, SENTENCES)
        for number, sentence in enumerate(SENTENCES):
            hidden(canvas, sentence, LEFT + 7, TOP + PITCH * number + 1)

    assert document_of(pdf_of(draw)).text == WHOLE


@pytest.mark.parametrize("lower", [2.0, 3.3, 4.0, 5.0])
def test_lowered_figures_belong_to_the_line_above_and_raised_ones_to_the_line_below(lower: float) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["The moor binds CO", "and holds 9 m"])
        for text, top, figure in (("The moor binds CO", TOP + lower, "2"), ("and holds 9 m", TOP + PITCH - 3.5, "3")):
            lines(canvas, [figure], left=LEFT + canvas.stringWidth(text, "Times-Roman", 10), top=top, size=6.5)

    assert document_of(pdf_of(draw)).text == "The moor binds CO2 and holds 9 m³"


def test_both_letters_of_a_ligature_whose_text_the_file_states_are_read() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(LEFT, HEIGHT - TOP)
        text.setFont("Times-Roman", 10)
        text.textOut("The chief o")
        text._code.append("/Span <</ActualText (ff)>> BDC")
        text.textOut("x")
        text._code.append("EMC")
        text.textOut("icer of the fleet")
        canvas.drawText(text)

    assert document_of(pdf_of(draw)).text == "The chief officer of the fleet"


def test_hidden_words_beside_the_text_are_read() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["Name of the commander:"])
        hidden(canvas, "Anna Kestrel of Brisol", LEFT + 160, TOP)

    assert document_of(pdf_of(draw)).text == "Name of the commander: Anna Kestrel of Brisol"


def test_what_is_filled_into_a_form_follows_its_label() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["Name of the unit:"])
        canvas.acroForm.textfield(value="Kestrel Guard", x=LEFT + 120, y=HEIGHT - TOP - 6, width=200, height=20)

    assert document_of(pdf_of(draw)).text == "Name of the unit: Kestrel Guard"


def test_what_is_filled_in_larger_than_the_text_is_no_heading_and_names_no_document() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["Return of the toll house", "Toll:"], pitch=30)
        place = {"x": LEFT + 40, "y": HEIGHT - TOP - 36, "width": 200, "height": 24}
        canvas.acroForm.textfield(value="Nine pence, in salt", fontSize=16, **place)
        lines(canvas, SENTENCES, top=TOP + 60)

    document = document_of(pdf_of(draw))
    assert "Toll: Nine pence, in salt" in texts(document, "paragraph")
    assert document.metadata.title is None


def test_a_remark_that_the_file_does_not_draw_is_read_beside_its_label() -> None:
    data = pdf_of(lambda canvas: lines(canvas, ["Name of the ferryman:", "Seen by:"], pitch=30))
    remark = FreeText(text="Hamish Torr\nof Glenlivet", rect=(LEFT + 120, HEIGHT - TOP - 36, 400, HEIGHT - TOP + 12))
    assert "/AP" not in remark
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.add_annotation(0, remark)
    written = io.BytesIO()
    writer.write(written)
    said = document_of(written.getvalue()).text.splitlines()
    assert said == ["Name of the ferryman: Hamish Torr", "Seen by: of Glenlivet"]


def test_what_is_ticked_in_a_form_is_said_beside_its_label() -> None:
    def draw(canvas: Canvas) -> None:
        form, base = canvas.acroForm, HEIGHT - TOP
        for number, (label, ticked) in enumerate([("The gate was barred.", True), ("The gate was open.", False)]):
            lines(canvas, [label], left=LEFT + 20, top=TOP + 20 * number)
            form.checkbox(name=label, checked=ticked, x=LEFT, y=base - 20 * number - 3, size=12)
        lines(canvas, ["Tide:"], top=TOP + 40)
        for number, tide in enumerate(["high", "low"]):
            left = LEFT + 40 + 60 * number
            form.radio(name="tide", value=tide, selected=tide == "low", x=left, y=base - 43, size=12)
            lines(canvas, [tide], left=left + 18, top=TOP + 40)

    text = " ".join(document_of(pdf_of(draw)).text.split())
    assert text == "☒ The gate was barred. ☐ The gate was open. Tide: ☐ high ☒ low"


def test_of_a_list_in_a_form_what_is_chosen_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["Seized:"])
        place = {"x": LEFT + 60, "y": HEIGHT - TOP - 30, "width": 100, "height": 40}
        canvas.acroForm.listbox(value="salt fish", options=["tea", "salt fish", "lace"], **place)

    assert document_of(pdf_of(draw)).text == "Seized: salt fish"


def test_a_power_of_ten_is_raised_and_a_mark_after_it_is_not_text() -> None:
    def draw(canvas: Canvas) -> None:
        base = "The stores of the mission hold about 3 × 10"
        lines(canvas, [base, "A third of them is blank, as was found in the count of the year before."])
        raised(canvas, "6", LEFT + canvas.stringWidth(base, "Times-Roman", 10), TOP)

    assert "3 × 10⁶" in document_of(pdf_of(draw)).text
