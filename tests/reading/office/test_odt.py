"""OpenDocument text: structure by style, numbers as Writer prints them, changes as accepted, notes outside the text."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.office.odt import read_odt
from assistant.records import Document, Refusal
from tests.reading.laws import assert_lawful, outline
from tests.reading.making.archive import zipped
from tests.reading.making.odt import MIMETYPE, NAMESPACES, odt

DocumentOf = Callable[[bytes | str, str], Document]
ReadBytes = Callable[[bytes, str], Document | Refusal]

OUTLINE = """<text:outline-style style:name="Outline">
<text:outline-level-style text:level="1" style:num-format="I" style:num-suffix="."/>
<text:outline-level-style text:level="2" style:num-format="1" style:num-suffix="." text:display-levels="1"/>
</text:outline-style>"""
NUMBERS = """<text:list-style style:name="L1">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(&#173;" style:num-suffix=")"/>
<text:list-level-style-number text:level="3" style:num-format="1" text:display-levels="3"/></text:list-style>
<text:list-style style:name="L2">
<text:list-level-style-number text:level="1" style:num-format="1" text:start-value="2"/>
<text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2"/></text:list-style>"""
LOOKS = """<style:style style:name="Struck" style:family="text">
<style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="T1" style:family="text" style:parent-style-name="Struck"/>
<style:style style:name="T2" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="T3" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="T4" style:family="text"><style:text-properties style:text-line-through-style="none"/>
</style:style><style:style style:name="P9" style:family="paragraph" style:parent-style-name="Struck9"/>
<style:style style:name="Struck9" style:family="paragraph">
<style:text-properties style:text-line-through-type="double"/></style:style>
<style:style style:name="T5" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="T6" style:family="text"><style:text-properties style:text-position="33% 58%"/></style:style>
<style:style style:name="T7" style:family="text"><style:text-properties style:text-position="-8% 58%"/></style:style>"""


def test_structure_comes_from_elements_and_styles(document_of: DocumentOf) -> None:
    body = """<text:p text:style-name="Title">Police reform</text:p>
    <text:h text:outline-level="1">Who leads</text:h><text:p>The ministry leads.</text:p>
    <text:list><text:list-item><text:p>to train</text:p>
      <text:list><text:list-item><text:p>to pay</text:p></text:list-item></text:list></text:list-item></text:list>
    <text:p text:style-name="Bold"><text:span text:style-name="T3">Findings of the team</text:span></text:p>
    <text:p text:style-name="Table"><text:span>Table 1: Dates</text:span></text:p>"""
    styles = '<style:style style:name="Table" style:family="paragraph" style:parent-style-name="Caption"/>'
    meta = "<dc:title>Police reform in Kosovo</dc:title>"
    document = document_of(odt(body, automatic=LOOKS, styles=styles, meta=meta), "report.odt")

    assert outline(document) == [
        ("heading", "Police reform"),
        ("heading", "Who leads"),
        ("paragraph", "The ministry leads."),
        ("item", "to train"),
        ("item", "to pay"),
        ("heading", "Findings of the team"),
        ("caption", "Table 1: Dates"),
    ]
    assert [block.level for block in document.blocks] == [1, 1, 0, 1, 2, 6, 0]
    assert document.metadata.title == "Police reform in Kosovo"
    assert [page.number for page in document.pages] == [1]
    assert_lawful(document)


def test_lists_have_the_numbers_that_writer_prints(document_of: DocumentOf) -> None:
    def items(*texts: str) -> str:
        return "".join(f"<text:list-item><text:p>{text}</text:p></text:list-item>" for text in texts)

    deepest = f"<text:list>{items('deepest')}</text:list>"
    deep = f"<text:list><text:list-item><text:p>deep</text:p>{deepest}</text:list-item></text:list>"
    body = f"""<text:list text:style-name="L1">{items("one")}
      <text:list-item><text:p>two</text:p><text:p>more of two</text:p>{deep}</text:list-item>
      <text:list-header><text:p>not counted</text:p></text:list-header></text:list>
    <text:p>Between.</text:p>
    <text:list text:style-name="L1" text:continue-numbering="true">{items("three")}</text:list>
    <text:list text:style-name="L1">{items("one again")}
      <text:list-item text:start-value="7"><text:p>seven</text:p></text:list-item></text:list>
    <text:list text:style-name="L2"><text:list-item><text:list>{items("inner")}</text:list></text:list-item>
    </text:list>"""
    document = document_of(odt(body, automatic=NUMBERS), "list.odt")

    assert document.text.split("\n") == [
        *("1. one", "2. two", "more of two", "(a) deep", "2.a.1 deepest", "not counted", "Between.", "3. three"),
        *("1. one again", "7. seven", "2.1 inner"),
    ]
    assert [block.number for block in document.blocks if block.kind == "item"] == [
        *("1", "2", "(a)", "2.a.1", "3", "1", "7", "2.1")
    ]
    assert_lawful(document)


def test_long_numbered_paragraphs_are_no_list(document_of: DocumentOf) -> None:
    body = f"""<text:list text:style-name="L1"><text:list-item><text:p>{"Decides to extend. " * 20}</text:p>
    </text:list-item></text:list>"""
    (block,) = document_of(odt(body, automatic=NUMBERS), "resolution.odt").blocks

    assert (block.kind, block.number) == ("paragraph", "1")


def test_headings_have_the_numbers_of_the_outline(document_of: DocumentOf) -> None:
    body = """<text:h text:outline-level="1">Begin</text:h><text:h text:outline-level="2">Detail</text:h>
    <text:h text:outline-level="1" text:is-list-header="true">Not counted</text:h>
    <text:h text:outline-level="1">End</text:h><text:h text:outline-level="2">Detail</text:h>"""

    assert document_of(odt(body, styles=OUTLINE), "o.odt").text.split("\n") == [
        *("I. Begin", "1. Detail", "Not counted", "II. End", "1. Detail")
    ]


def test_tables_keep_headers_and_merged_cells(document_of: DocumentOf) -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"

    covered = "<table:covered-table-cell/>"
    wide, high = 'table:number-columns-spanned="2"', 'table:number-rows-spanned="2"'
    empty = '<table:table-cell table:number-columns-repeated="16000"/>'
    body = f"""<table:table><table:table-header-rows>
    <table:table-row>{cell("Year")}{cell("Event", wide)}{covered}{empty}</table:table-row></table:table-header-rows>
    <table:table-row>{cell("1999", high)}{cell("War")}{cell("ends")}</table:table-row>
    <table:table-row>{covered}{cell("Mission")}{cell("begins")}</table:table-row>
    <table:table-row table:visibility="collapse">{cell("Hidden")}</table:table-row></table:table>"""
    document = document_of(odt(body), "table.odt")

    assert document.text == "Year | Event |\n1999 | War | ends\n1999 | Mission | begins"
    assert document.blocks[0].header_rows == 1


def test_names_above_figures_are_a_header_though_nothing_says_so(document_of: DocumentOf) -> None:
    def row(*cells: str) -> str:
        inside = "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
        return f"<table:table-row>{inside}</table:table-row>"

    body = f"<table:table>{row('Post', 'Rifles')}{row('Quay', '1,014')}</table:table>"

    assert document_of(odt(body), "t.odt").blocks[0].header_rows == 1


def test_a_frame_of_one_cell_is_read_as_text(document_of: DocumentOf) -> None:
    cell = "<table:table-cell><text:p>Boxed.</text:p><text:p>More of it.</text:p></table:table-cell>"

    assert outline(
        document_of(odt(f"<table:table><table:table-row>{cell}</table:table-row></table:table>"), "t.odt")
    ) == [
        ("paragraph", "Boxed."),
        ("paragraph", "More of it."),
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion>"
            '</text:changed-region></text:tracked-changes><text:p>Kept<text:change text:change-id="c"/> here.</text:p>',
            "Kept here.",
        ),
        ('<text:p>Kept <text:span text:style-name="T1">struck </text:span>here.</text:p>', "Kept here."),
        (
            '<text:p text:style-name="P9">Struck <text:span text:style-name="T4">not</text:span> struck</text:p>',
            "not",
        ),
        ('<text:p>Kept <text:span text:style-name="T2">hidden </text:span>here.</text:p>', "Kept here."),
        ('<text:p>Kept.</text:p><text:section text:display="none"><text:p>Hidden</text:p></text:section>', "Kept."),
        ("<text:p>Kept.<office:annotation><text:p>A comment</text:p></office:annotation></text:p>", "Kept."),
        ("<text:p>a<text:s text:c='4'/>b<text:tab/>c\n   d</text:p>", "a b c d"),
        ("<text:p>One.<text:line-break/>Two.</text:p>", "One.\nTwo."),
        ("<text:p>Read <text:a>the link</text:a> and <text:bookmark/>go on.</text:p>", "Read the link and go on."),
        (
            "<text:table-of-content><text:index-body><text:p>Contents 1</text:p></text:index-body>"
            "</text:table-of-content><text:p>Text.</text:p>",
            "Text.",
        ),
        (
            "<text:p><draw:custom-shape><loext:table><loext:table-row><loext:table-cell><text:p>Night</text:p>"
            "</loext:table-cell><loext:table-cell><text:p>2</text:p></loext:table-cell></loext:table-row></loext:table>"
            "</draw:custom-shape></text:p>",
            "Night | 2",
        ),
        (
            "<text:p>By <text:placeholder>&lt;name&gt;</text:placeholder>"
            '<loext:content-control loext:showing-place-holder="true">Click here.</loext:content-control>'
            "<loext:content-control>us</loext:content-control>.</text:p>",
            "By us.",
        ),
        ("<text:section><text:p>In a section.</text:p></text:section>", "In a section."),
        (
            "<text:p>Beside.<draw:frame><draw:text-box><text:p>In the box.</text:p></draw:text-box></draw:frame>"
            "</text:p>",
            "Beside.\nIn the box.",
        ),
        ("<text:p><draw:custom-shape><text:p>In a shape.</text:p></draw:custom-shape></text:p>", "In a shape."),
        (
            '<text:p>10<text:span text:style-name="T5">6</text:span> m<text:span text:style-name="T6">3</text:span> on '
            '4<text:span text:style-name="T5">th</text:span>, CO<text:span text:style-name="T7">2</text:span></text:p>',
            "10⁶ m³ on 4th, CO2",
        ),
    ],
)
def test_only_what_is_printed_is_read(document_of: DocumentOf, body: str, text: str) -> None:
    assert document_of(odt(body, automatic=LOOKS), "text.odt").text == text


def test_notes_leave_the_text_and_keep_their_place(document_of: DocumentOf) -> None:
    def note(kind: str, mark: str, text: str) -> str:
        citation = f"<text:note-citation>{mark}</text:note-citation>"
        body = f"<text:note-body><text:p>{text}</text:p></text:note-body>"
        return f'<text:note text:note-class="{kind}">{citation}{body}</text:note>'

    body = f"""<text:p>The police{note("footnote", "1", "Of 2003.")} were
    vetted{note("endnote", "i", "By all.")}.</text:p>
    <text:p>Again{note("footnote", "1", "A mark that begins anew.")}.</text:p>"""
    document = document_of(odt(body), "notes.odt")

    assert document.text == "The police were vetted.\nAgain."
    assert [(note.mark, note.text, document.text[: note.anchor]) for note in document.notes] == [
        ("1", "Of 2003.", "The police"),
        ("i", "By all.", "The police were vetted"),
        ("3", "A mark that begins anew.", "The police were vetted.\nAgain"),
    ]


def page(name: str, header: str) -> str:
    return f'<style:master-page style:name="{name}">{header}</style:master-page>'


def header(text: str, kind: str = "header", more: str = "") -> str:
    return f"<style:{kind} {more}><text:p>{text}</text:p></style:{kind}>"


@pytest.mark.parametrize(
    ("style", "pages", "text"),
    [
        ("P0", page("Standard", header("Estate, ref. EC/1931/77")), "Estate, ref. EC/1931/77\nText."),
        ("P1", page("Standard", header("Running")) + page("First", header("Ref. 7")), "Ref. 7\nText."),
        ("P0", page("Standard", header("Running") + header("Ref. 7", "header-first")), "Ref. 7\nText."),
        ("P0", page("Standard", header("Page <text:page-number>1</text:page-number>")), "Text."),
        ("P0", page("Standard", header("Gone", more='style:display="false"')), "Text."),
        (
            "P0",
            page(
                "Standard",
                header('<draw:custom-shape draw:name="PowerPlusWaterMark1"><text:p>DRAFT</text:p></draw:custom-shape>'),
            ),
            "Text.",
        ),
    ],
)
def test_of_the_headers_that_of_the_first_page_is_read(
    document_of: DocumentOf, style: str, pages: str, text: str
) -> None:
    first = '<style:style style:name="P1" style:family="paragraph" style:master-page-name="First"/>'
    document = document_of(
        odt(f'<text:p text:style-name="{style}">Text.</text:p>', automatic=first, styles=pages), "a.odt"
    )
    assert document.text == text


def test_what_is_not_read_is_counted_and_descriptions_are_captions(document_of: DocumentOf) -> None:
    def frame(inside: str) -> str:
        return f"<draw:frame>{inside}</draw:frame>"

    body = "".join(
        (
            "<text:p>Text.",
            frame("<draw:image/>") * 2,
            frame("<draw:image/><svg:title>A map</svg:title><svg:desc>A map of the posts</svg:desc>"),
            frame("<draw:image/><svg:title>image1.png</svg:title>"),
            frame('<draw:object xlink:href="./Object 1"/><draw:image/>'),
            frame('<draw:object xlink:href="./Object 2"/><draw:image/>'),
            '<text:span text:style-name="T1">struck <text:span text:style-name="T3">and bold</text:span></text:span>',
            " kept",
            '<text:span text:style-name="T1">struck</text:span>',
            "</text:p>",
        )
    )
    manifest = "".join(
        f'<manifest:file-entry manifest:full-path="Object {number}/" manifest:media-type="x.opendocument.{kind}"/>'
        for number, kind in [(1, "chart"), (2, "formula")]
    )
    document = document_of(odt(body, automatic=LOOKS, manifest=manifest), "p.odt")

    assert outline(document) == [("paragraph", "Text. kept"), ("caption", "A map of the posts")]
    assert document.warnings == (
        "3 pictures have no description and were not read.",
        "1 chart was not read.",
        "1 mathematical formula was not read.",
        "Struck-out text was left out in 2 places.",
    )


def test_a_file_with_a_password_is_encrypted(read_bytes: ReadBytes) -> None:
    refusal = read_bytes(odt("<text:p/>", manifest="<manifest:encryption-data/>"), "secret.odt")

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "encrypted"


@pytest.mark.parametrize("mimetype", [f"{MIMETYPE}-template", f"{MIMETYPE}-master"])
def test_templates_and_masters_are_read(document_of: DocumentOf, mimetype: str) -> None:
    members = {"mimetype": mimetype}
    text = "<office:text><text:p>A letter.</text:p></office:text>"
    members["content.xml"] = (
        f"<office:document-content {NAMESPACES}><office:body>{text}</office:body></office:document-content>"
    )

    assert document_of(zipped(members), "letter.ott").text == "A letter."


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_file_is_damaged(read_bytes: ReadBytes, share: float) -> None:
    data = odt("<text:p>Some text.</text:p>")
    refusal = read_bytes(data[: int(len(data) * share)], "cut.odt")

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "damaged"


ELEMENTS = st.sampled_from(
    [
        *('text:p text:style-name="P9"', "text:p", 'text:h text:outline-level="2"', "text:list", "text:list-item"),
        *('text:list text:style-name="L1"', 'text:span text:style-name="T1"', "text:note", "text:note-body", "text:s"),
        *("table:table", "table:table-row", "table:table-header-rows", "draw:frame", "draw:text-box", "draw:image"),
        *('table:table-cell table:number-rows-spanned="2"', "table:covered-table-cell", "text:line-break"),
        *("text:section", "text:note-citation", 'table:table-cell table:number-columns-repeated="3"'),
    ]
)
TREES = st.recursive(
    st.sampled_from(["Text ", "17. ", "• ", ""]),
    lambda inner: st.builds(
        lambda element, inside: f"<{element}>{''.join(inside)}</{element.split()[0]}>",
        ELEMENTS,
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@given(st.lists(TREES, max_size=5))
def test_elements_in_any_order_give_a_lawful_document(trees: list[str]) -> None:
    data = odt("".join(trees), automatic=LOOKS + NUMBERS, styles=OUTLINE)

    assert_lawful(read_odt(data, "a.odt", ""))
