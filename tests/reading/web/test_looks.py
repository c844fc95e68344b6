"""What style sheets strike out is left out, what they raise stays raised; a stranger's sheet costs little."""

import time
from collections.abc import Callable

import pytest

from assistant.reading.web.looks import Looks
from assistant.records import Document
from tests.reading.making.epub import epub

DocumentOf = Callable[[bytes | str, str], Document]


def page(sheet: str, body: str) -> str:
    return f"<html><head><style>{sheet}</style></head><body><p>It is open.</p>{body}</body></html>"


@pytest.mark.parametrize(
    ("selector", "is_struck"),
    [
        (".old", True),
        ("p.old", True),
        ("a.x, P.y , .old.last", True),
        ("#fees .old", True),
        ("div#fees div p.old", True),
        ("@import url(a.css); /* .x{ */ .old", True),
        ("<!-- .old", True),
        ("li.old", False),
        (".old.first", False),
        (".old:hover", False),
        ("#fees #fees .old", False),
        ("p", False),
    ],
)
def test_a_sheet_strikes_out_what_its_selector_names(document_of: DocumentOf, selector: str, is_struck: bool) -> None:
    sheet = f"{selector} {{ color: grey; text-decoration : underline line-through!important }}"
    document = document_of(page(sheet, "<div id=fees><div><p class='last old'>It is dear.</p></div></div>"), "a.html")
    assert ("It is dear." not in document.text) == is_struck
    assert document.warnings == (("Struck-out text was left out in 1 place.",) if is_struck else ())


def test_sheets_for_paper_strike_nothing_out_and_sheets_hide_nothing(document_of: DocumentOf) -> None:
    sheet = "@media print { .old { text-decoration: line-through } } .old { display: none }"
    assert "It is dear." in document_of(page(sheet, "<p class=old>It is dear.</p>"), "a.html").text


@pytest.mark.parametrize(
    "raised",
    [
        "<span class=up>{}</span>",
        "<span style='vertical-align: super; font-size: 70%'>{}</span>",
        "<font style='VERTICAL-ALIGN:super'>{}</font>",
        "<sup><span lang=en>{}</span></sup>",
    ],
)
def test_figures_that_a_style_raises_stay_raised(document_of: DocumentOf, raised: str) -> None:
    body = f"<p>It has 10{raised.format(7)} eels in 8 km{raised.format(2)}, the 1{raised.format('st')}.</p>"
    table = f"<table><tr><th>Area</th><th>m{raised.format(2)}</th></tr><tr><td>Quay</td><td>9</td></tr></table>"
    document = document_of(page(".up { vertical-align: super }", body + table), "a.html")
    assert document.text == "It is open.\nIt has 10⁷ eels in 8 km², the 1st.\nArea | m²\nQuay | 9"


def test_figures_that_a_book_raises_stay_raised(document_of: DocumentOf) -> None:
    data = epub(
        {"a.xhtml": "<p>It has 10<span class='up'>7</span> eels.</p>"}, more={"a.css": ".up{vertical-align:super}"}
    )
    assert document_of(data, "b.epub").text == "It has 10⁷ eels."


@pytest.mark.parametrize("part", ["/*", "a", "@media{", "@media x{a{}", "}", ".a{text-decoration:", ".a .b,", "<!--{"])
def test_a_sheet_of_whatever_kind_is_learnt_in_no_time(part: str) -> None:
    begin = time.process_time()
    Looks().learn(part * 500_000)
    assert time.process_time() - begin < 2
