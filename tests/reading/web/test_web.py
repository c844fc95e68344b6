"""Web pages: the article with its structure, nothing hidden, nothing executed, nothing fetched."""

import html
import socket
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.web.page import read_web
from assistant.records import Document
from tests.reading.laws import assert_lawful, outline, texts

DocumentOf = Callable[[bytes | str, str], Document]

SENTENCES = (
    "The police of the country were vetted by the mission between 2003 and 2006, officer by officer.",
    "Parliament discussed the budget of the army in public for the first time in its history.",
    "The courts opened again in every county, with judges who had been trained in the capital.",
    "Recruits were photographed, and the public was asked whether it knew of any crime of theirs.",
)
PAGE = f"""<!DOCTYPE html>
<html><head><title>Reform in a small country | The Review</title>
<meta property="og:site_name" content="The Review"><meta name="dc.date" content="2014-04-28">
<script>var tracking = "script text";</script><style>p {{ color: red }}</style></head>
<body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">Latest news</a></li></ul></nav>
<header class="banner" role="banner">Subscribe to our letter</header>
<main><article>
<h1>Reform in a small country</h1>
<p>{SENTENCES[0]}<sup><a href="#fn1" id="ref1">1</a></sup></p>
<p style="display:none">Hidden by style.</p><p hidden>Hidden by attribute.</p><p aria-hidden="true">Hidden to some.</p>
<h2>What parliament did</h2>
<p>{SENTENCES[1]}<br><br>{SENTENCES[2]}</p>
<ul><li>First <b>task</b></li><li>Second task<ol><li>in part</li><li>in whole</li></ol></li></ul>
<table><caption>Dates</caption><tr><th>Date</th><th>Event</th></tr>
<tr><td rowspan="2">2003</td><td>War<br>ends</td></tr><tr><td>Mission begins</td></tr></table>
<p>{SENTENCES[3]}</p>
<ol class="notes"><li id="fn1">Report of the mission, 2006. <a href="#ref1" class="footnote-backref">↩</a></li></ol>
</article>
<div class="related-articles sharing">Share this story with everyone</div></main>
<footer>All rights reserved by the publisher</footer>
</body></html>"""


def test_the_article_keeps_headings_lists_and_tables_in_order(document_of: DocumentOf) -> None:
    assert outline(document_of(PAGE, "page.html")) == [
        ("heading", "Reform in a small country"),
        ("paragraph", SENTENCES[0]),
        ("heading", "What parliament did"),
        ("paragraph", SENTENCES[1]),
        ("paragraph", SENTENCES[2]),
        ("item", "First task"),
        ("item", "Second task"),
        ("item", "1. in part"),
        ("item", "2. in whole"),
        ("caption", "Dates"),
        ("table", "Date | Event\n2003 | War ends\n2003 | Mission begins"),
        ("paragraph", SENTENCES[3]),
    ]


@pytest.mark.parametrize(
    "unwanted", ["script text", "color", "Latest news", "Subscribe", "Hidden", "Share this", "All rights reserved"]
)
def test_what_is_beside_the_article_is_nowhere(document_of: DocumentOf, unwanted: str) -> None:
    document = document_of(PAGE, "page.html")

    assert unwanted not in document.text
    assert not any(unwanted in note.text for note in document.notes)


def test_footnotes_become_notes_at_their_marks(document_of: DocumentOf) -> None:
    document = document_of(PAGE, "page.html")

    (note,) = document.notes
    assert (note.mark, note.text) == ("1", "Report of the mission, 2006.")
    assert document.text[: note.anchor].endswith("officer by officer.")


def test_links_back_from_notes_are_no_marks(document_of: DocumentOf) -> None:
    page = (
        f'<body><p>{SENTENCES[0]}<a name="_ftnref1" href="#_ftn1">[1]</a></p><p>{SENTENCES[1]}</p>'
        '<p><a name="_ftn1" href="#_ftnref1">[1]</a> Report of the mission.</p></body>'
    )
    document = document_of(page, "word.html")

    assert document.text == f"{SENTENCES[0]}\n{SENTENCES[1]}"
    assert [note.text for note in document.notes] == ["Report of the mission."]


def test_the_page_says_its_title_publisher_and_year(document_of: DocumentOf) -> None:
    metadata = document_of(PAGE, "page.html").metadata

    assert (metadata.title, metadata.publisher, metadata.year) == ("Reform in a small country", "The Review", 2014)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("iso-8859-1", "cp1252"),
        ("windows-1252", "cp1252"),
        ("utf-8", "utf-8"),
        ("iso-8859-1", "utf-8"),
        (None, "cp1252"),
        (None, "utf-8"),
        (None, "utf-16"),
        (None, "utf-16-le"),
    ],
)
def test_the_encoding_is_found(document_of: DocumentOf, declared: str | None, encoding: str) -> None:
    french = "L’été, la réforme de la sécurité fut décidée à Genève, et l’armée réduite."
    meta = f'<meta charset="{declared}">' if declared else ""
    page = f"<html><head>{meta}</head><body><p>{french}</p></body></html>"

    assert document_of(page.encode(encoding), "page.html").text == french


@pytest.mark.parametrize(("label", "encoding"), [("shift_jis", "shift-jis"), (None, "shift-jis"), ("euc-jp", "euc-jp")])
def test_japanese_is_read(document_of: DocumentOf, label: str | None, encoding: str) -> None:
    japanese = "治安部門改革は民主的な監視を必要とする。文民が軍を統制する。" * 3
    page = f"<html><head><meta charset={label or ''}></head><body><p>{japanese}</p></body></html>"

    assert document_of(page.encode(encoding), "page.html").text == japanese


def test_nothing_is_fetched(document_of: DocumentOf, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    page = (
        '<!DOCTYPE html PUBLIC "x" "http://127.0.0.1:9/x.dtd"><html><head><link rel="stylesheet" '
        'href="http://127.0.0.1:9/a.css"><script src="http://127.0.0.1:9/a.js"></script></head>'
        '<body><img src="http://127.0.0.1:9/a.png"><iframe src="http://127.0.0.1:9/"></iframe><p>Text.</p></body></html>'
    )

    assert document_of(page, "page.html").text == "Text."


def test_a_page_laid_out_by_tables_is_read_as_text(document_of: DocumentOf) -> None:
    page = (
        f"<table><tr><td><table><tr><td><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></td></tr></table></td></tr></table>"
    )

    assert texts(document_of(page, "old.html"), "paragraph") == [SENTENCES[0], SENTENCES[1]]


def test_an_unclosed_script_does_not_swallow_the_page(document_of: DocumentOf) -> None:
    page = "<html><head><script lang='x'>cool script</script language></head><body><p>This is a test.</p></body></html>"

    assert document_of(page, "bad.html").text == "This is a test."


def test_a_line_in_bold_is_a_heading_and_bold_words_are_none(document_of: DocumentOf) -> None:
    page = "<p><strong>Who pays</strong></p><p><b>Donors</b> and <b>States</b> pay</p><p><b>A sentence.</b></p>"

    assert texts(document_of(page, "a.html"), "heading") == ["Who pays"]


@given(st.lists(st.sampled_from([*PAGE.split("<"), "td>x", "li>y", "p>", "/p>", "sup>1", "br>"]), max_size=60))
def test_tags_in_any_order_give_a_lawful_document(parts: list[str]) -> None:
    assert_lawful(read_web("<".join(["<html>Text ", *parts]).encode(), "a.html", ""))


def test_cells_that_span_columns_and_rows_keep_the_others_in_place(document_of: DocumentOf) -> None:
    table = (
        "<table><tr><th rowspan='2'>Post</th><th colspan='2'>2016</th><th>2017</th></tr>"
        "<tr><th>men</th><th>women</th><th>men</th></tr><tr><td>Quay</td><td>4</td><td>5</td><td>6</td></tr></table>"
    )
    document = document_of(f"<html><body><p>Strength.</p>{table}</body></html>", "page.html")
    assert texts(document, "table") == ["Post | 2016 | | 2017\nPost | men | women | men\nQuay | 4 | 5 | 6"]


def test_pictures_say_what_describes_them(document_of: DocumentOf) -> None:
    body = "<p>See <img src='a.png' alt='The sector ends at the river.'> the map.</p><img alt='IMG_12.jpg'><p>End.</p>"
    document = document_of(f"<html><body>{body}</body></html>", "page.html")
    assert outline(document) == [
        ("paragraph", "See the map."),
        ("paragraph", "The sector ends at the river."),
        ("paragraph", "End."),
    ]


def test_raised_figures_stay_raised_and_marks_of_notes_do_not(document_of: DocumentOf) -> None:
    body = (
        "<p>It covers 35 km<sup>2</sup> and was mapped.<sup>1</sup> It has 10<sup>6</sup> trees.<sup>2</sup></p>"
        "<h2>Notes</h2><p><sup>1</sup> Survey of 1997.</p><p><sup>2</sup> Count of 1998.</p>"
    )
    document = document_of(f"<html><body>{body}</body></html>", "page.html")
    assert document.text == "It covers 35 km² and was mapped. It has 10⁶ trees."
    assert [(note.mark, note.text) for note in document.notes] == [("1", "Survey of 1997."), ("2", "Count of 1998.")]


def test_raised_figures_stay_raised_in_notes(document_of: DocumentOf) -> None:
    body = (
        "<p>It was mapped.<sup><a href='#n1' id='r1'>1</a></sup></p>"
        "<p id='n1'><sup>1</sup> Survey of 12 km<sup>2</sup>. <a href='#r1'>↩</a></p>"
    )
    document = document_of(f"<html><body>{body}</body></html>", "page.html")
    assert [(note.mark, note.text) for note in document.notes] == [("1", "Survey of 12 km².")]


def test_rows_of_a_group_stand_where_a_browser_puts_them_and_no_cell_spans_another_group(
    document_of: DocumentOf,
) -> None:
    foot = "<tfoot><tr><td>All</td><td>93</td></tr></tfoot>"
    bodies = (
        "<tbody><tr><td rowspan=5>Red</td><td>51</td></tr></tbody><tbody><tr><td>Black</td><td>42</td></tr></tbody>"
    )
    page = f"<table><thead><tr><th>Herd</th><th>Cows</th></tr></thead>{foot}{bodies}</table>"

    assert texts(document_of(f"<h1>Herds</h1>{page}", "t.html"), "table") == [
        "Herd | Cows\nRed | 51\nBlack | 42\nAll | 93"
    ]


def test_formulas_and_what_is_raised_run_into_no_number(document_of: DocumentOf) -> None:
    share = "<math><mfrac><mn>3</mn><mn>17</mn></mfrac></math>"
    total = "<math><munder><mo>∑</mo><mi>i</mi></munder><mn>99</mn></math>"
    powers = "10<sup>–4</sup>, x<sup><i>n</i>+1</sup>, 10<sup>1.5</sup>, 62<sup><b>b</b></sup>, 62<sup>a</sup>"
    ordinals = "1<sup>st</sup>, 2<sup>e</sup>, M<sup>me</sup>"
    document = document_of(f"<p>2{share} of {total} it; {powers}; {ordinals}.</p>", "m.html")

    assert document.text == "2 3/17 of it; 10⁻⁴, x^(n+1), 10^1.5, 62ᵇ, 62a; 1st, 2e, Mme."
    assert document.warnings == ("1 mathematical formula was not read.",)


def test_what_is_filled_into_a_form_is_read_behind_its_label(document_of: DocumentOf) -> None:
    typed = "<label>Receiver <input value='Ann Bell'></label><label for=d>Sent on:</label><input id=d value='3 May'>"
    chosen = "<label>Route <select><option>Coast<option selected>Pass</select></label><textarea>With care.</textarea>"
    boxes = "<label><input type=checkbox checked> Insured</label><label><input type=radio> Paid</label>"
    machinery = (
        "<input type=hidden value=token><input type=search value=Search><label>Key <input type=password value=x>"
    )
    text = document_of(f"<h1>Desk</h1><form>{typed}{chosen}{boxes}{machinery}</label></form>", "f.html").text

    assert text.split("\n") == [
        *("Desk", "Receiver: Ann Bell", "Sent on: 3 May", "Route: Pass", "With care.", "☒ Insured", "☐ Paid", "Key")
    ]


def test_the_page_in_a_frame_is_read_and_shows_no_more_than_another(document_of: DocumentOf) -> None:
    inner = html.escape("<p>The oldest lime is 412 years old.</p><script>bad()</script><p hidden>x</p>")
    document = document_of(f"<h1>Limes</h1><iframe srcdoc='{inner}'></iframe><iframe srcdoc=' '></iframe>", "i.html")

    assert document.text == "Limes\nThe oldest lime is 412 years old."
