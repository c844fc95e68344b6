"""RTF: text in whatever code page, structure by style, tables, notes; nothing deleted, hidden or struck out."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.office.rtf import read_rtf
from assistant.records import Document, Refusal
from tests.reading.laws import assert_lawful, outline

DocumentOf = Callable[[bytes | str, str], Document]
ReadBytes = Callable[[bytes, str], Document | Refusal]

HEAD = r"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fcharset204 Arial;}
{\f2\ftech\fcharset2 Symbol;}{\f3\fcharset128 MS Mincho;}}{\colortbl;\red0\green0\blue0;}
{\stylesheet{\ql \snext0 Normal;}{\s1\b heading 1;}{\s2\outlinelevel1 Section;}{\s3 caption;}{\s4 toc 1;}{\s5 Title;}
{\s6\sbasedon1 Chapter;}
{\*\cs10 \additive Default Paragraph Font;}}{\info{\title Police reform in Kosovo}{\author A. Writer}}
{\header\pard Page 1\par}{\*\generator Word;}"""


def rtf(body: str, head: str = HEAD) -> bytes:
    return (head + body + "}").encode("latin-1")


def test_structure_comes_from_styles(document_of: DocumentOf) -> None:
    body = r"""\pard\plain\s5 Police reform\par
\pard\plain\s1\b Who leads\b0\par \pard\plain The ministry leads.\par
\pard\s6 Why\par \pard\s2 Details\par
\pard\outlinelevel2 By outline\par \pard\s3 Figure 1\par \pard\s4 Who leads\tab 1\par
\pard\b Findings of the team\b0\par
{\listtext\pard\plain\f2 \'b7\tab}\pard\ls1 to train\par
{\listtext\pard  \tab 1.\tab}\pard\ls2\ilvl0 first\par {\listtext\pard (a)\tab}\pard\ls2\ilvl1 deep\par
{\pntext 2.\tab}\pard second\par"""
    document = document_of(rtf(body), "report.rtf")

    assert outline(document) == [
        ("heading", "Police reform"),
        ("heading", "Who leads"),
        ("paragraph", "The ministry leads."),
        ("heading", "Why"),
        ("heading", "Details"),
        ("heading", "By outline"),
        ("caption", "Figure 1"),
        ("heading", "Findings of the team"),
        ("item", "to train"),
        ("item", "1. first"),
        ("item", "(a) deep"),
        ("item", "2. second"),
    ]
    assert [block.level for block in document.blocks] == [1, 1, 0, 1, 2, 3, 0, 6, 1, 1, 2, 1]
    assert [block.number for block in document.blocks][-3:] == ["1", "(a)", "2"]
    assert document.metadata.title == "Police reform in Kosovo"
    assert_lawful(document)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"caf\'e9 \ldblquote x\rdblquote\emdash y\~z\_w so\-me", "café “x”—y z-w some"),
        (r"{\f1 \'cf\'f0\'e8}vet", "Привет".replace("вет", "vet")),
        (r"{\f3 \'8e\'a1\'88\'c0}", "治安"),
        (r"{\u1055?\u1088?\u1080?}", "При"),
        (r"{\uc2\u1055\'cf\'cf\u1088??}x", "Прx"),
        (r"{\uc0\u8211 x}", "–x"),
        (r"\u-10179?\u-8704?.", "😀."),
        (r"{\upr{ascii}{\*\ud{unic\u246 oede}}}", "unicöede"),
        ("a\\{b\\}c\\\\d", "a{b}c\\d"),
        ("One\\\nTwo.\\line Three.", "One\nTwo.\nThree."),
        ("wr\r\napped", "wrapped"),
    ],
)
def test_characters_are_read_in_whatever_way_they_are_written(document_of: DocumentOf, body: str, text: str) -> None:
    assert document_of(rtf(body), "c.rtf").text == text


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (r"{\rtf1\mac ", "cafŽ".encode("cp1252").decode("mac_roman")),
        (r"{\rtf1\pc ", "cafÄ"),
        (r"{\rtf1\ansi\ansicpg1251 ", "cafЋ"),
        (r"{\rtf1\ansi\ansicpg99999 ", "cafŽ"),
        (r"{\rtf1 ", "cafŽ"),
    ],
)
def test_the_document_says_its_code_page(document_of: DocumentOf, head: str, text: str) -> None:
    assert document_of(rtf(r"caf\'8e", head), "c.rtf").text == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"Kept {\strike struck }here.", "Kept here."),
        (r"Kept \strike struck \strike0 here.", "Kept here."),
        (r"Kept {\striked1 struck }{\strike\plain here.}", "Kept here."),
        (r"Kept {\v hidden }here.", "Kept here."),
        (r"Kept {\deleted gone }{\revised and new}.", "Kept and new."),
        (r"Two are {\deleted gone\par }now one.\par", "Two are now one."),
        (r"Kept{\*\annotation\pard A comment}{\*\unknown thing}{\*\bkmkstart name}.", "Kept."),
        (r'See {\field{\*\fldinst HYPERLINK "http://x.org"}{\fldrslt the link}}.', "See the link."),
        (r"Text.{\pict\pngblip 89504e470d0a}", "Text."),
        (r"Text.{\pict\bin5 }}{{}}more", "Text.more"),
        (
            r"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt\pard In the box.\par}}{\shprslt Again}}Beside.\par",
            "Beside.\nIn the box.",
        ),
        (r"{\*\do\dptxbx{\dptxbxtext\pard In an old box.\par}}Beside.\par", "Beside.\nIn an old box."),
        (r"{\pard\dropcapli3\dropcapt1\fs110 T\par}\pard he toll.\par \pard Two.\par", "The toll.\nTwo."),
        (r"7 m{\up6\fs14 3} and 10\super 6\sub 2\nosupersub , {\super\u8722?1}.\par", "7 m³ and 10⁶2, ⁻¹."),
    ],
)
def test_only_what_is_printed_is_read(document_of: DocumentOf, body: str, text: str) -> None:
    assert document_of(rtf(body), "text.rtf").text == text


def test_tables_keep_columns_headers_and_merged_cells(document_of: DocumentOf) -> None:
    body = r"""\trowd\trhdr\cellx1000\cellx3000\pard\intbl Year\cell Event\cell\row
\trowd\clvmgf\cellx1000\cellx2020\cellx3000\pard\intbl 1999\cell War\cell ends\par at last\cell\row
\trowd\clvmrg\cellx1010\cellx2000\cellx3000\pard\intbl\cell Mission\cell begins\cell\row
\pard After.\par"""
    document = document_of(rtf(body), "table.rtf")

    assert document.text == "Year | Event |\n1999 | War | ends at last\n1999 | Mission | begins\nAfter."
    assert document.blocks[0].header_rows == 1


def test_nested_tables_are_read_in_their_cell(document_of: DocumentOf) -> None:
    inner = (
        r"\pard\intbl\itap2 x\nestcell y\nestcell{\*\nesttableprops\trowd\cellx500\cellx600\nestrow}{\nonesttables\par}"
    )
    body = rf"\trowd\cellx1000\cellx2000\pard\intbl A\cell {inner}\pard\intbl z\cell\row\pard After.\par"

    assert document_of(rtf(body), "n.rtf").text == "A | x y z\nAfter."


def test_rows_without_an_end_lose_nothing(document_of: DocumentOf) -> None:
    assert document_of(rtf(r"\trowd\cellx1\cellx999\intbl A\cell B\cell C"), "t.rtf").text == "A | B | C"


def test_notes_leave_the_text_and_keep_their_place(document_of: DocumentOf) -> None:
    body = r"""The police{\super\chftn{\footnote\pard{\super\chftn} Of 2003.}} were vetted{\super *{\footnote {\super *}
 By {\strike nobody }all.}}.{\super\chftn{\footnote\ftnalt\pard{\super\chftn} An endnote.}}\par
\pard Again{\super\chftn}{\*\footnote\chftn Of 2006.}.\par"""
    document = document_of(rtf(body), "notes.rtf")

    assert document.text == "The police were vetted.\nAgain."
    assert [(note.mark, note.text, document.text[: note.anchor]) for note in document.notes] == [
        ("1", "Of 2003.", "The police"),
        ("*", "By all.", "The police were vetted"),
        ("i", "An endnote.", "The police were vetted."),
        ("2", "Of 2006.", "The police were vetted.\nAgain"),
    ]


def test_a_typed_mark_of_figures_is_a_mark_and_no_raised_figure(document_of: DocumentOf) -> None:
    document = document_of(rtf(r"Vetted{\super 1}{\footnote {\super 1} By all.} on 5 km{\super 2}.\par"), "notes.rtf")

    assert document.text == "Vetted on 5 km²."
    assert [(note.mark, note.text) for note in document.notes] == [("1", "By all.")]


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        (r"{\header Burgh, file BM/8/1902\par}", "Burgh, file BM/8/1902\nText."),
        (r"{\header Page {\field{\*\fldinst PAGE}{\fldrslt 1}} of 3\par Text.\par}", "Text."),
        (r"{\header Running\par}\titlepg{\headerf\pard {\pict 00}First\par Ref. 7\par}", "First\nRef. 7\nText."),
        (r"{\header Running\par}{\headerf First\par}", "Running\nText."),
        (r"{\header Running\par}\titlepg", "Text."),
        (r"\facingp{\headerl Left\par}{\headerr Right\par}", "Right\nText."),
    ],
)
def test_of_the_headers_that_of_the_first_page_is_read(document_of: DocumentOf, headers: str, text: str) -> None:
    later = r"\sect\sectd\titlepg{\header Later\par}{\headerf Later\par}"
    document = document_of(rtf(rf"{headers}\pard Text.{later}", r"{\rtf1\ansi"), "letter.rtf")
    assert document.text == text
    assert document.warnings == ()


def test_what_is_not_read_is_counted_and_descriptions_are_captions(document_of: DocumentOf) -> None:
    described = r"{\*\picprop{\sp{\sn wzDescription}{\sv A map of the posts}}}"
    shape = r"{\shp{\*\shpinst{\sp{\sn pib}{\sv {\pict 00}}}{\sp{\sn wzDescription}{\sv A flag}}}}"
    body = rf"""Text{{\*\shppict{{\pict{described} 00}}}}{{\nonshppict{{\pict 00}}}}{{\pict 00}}{shape}
{{\object{{\*\objdata 00}}{{\result{{\pict 00}}}}}}{{\mmath{{\*\moMath x}}{{\mmathPict{{\pict 00}}}}}}
{{\strike struck {{\b bold}}}} kept {{\v hidden}}.\par"""
    document = document_of(rtf(body), "p.rtf")

    assert outline(document) == [
        ("paragraph", "Text kept ."),
        ("caption", "A map of the posts"),
        ("caption", "A flag"),
    ]
    assert document.warnings == (
        "1 picture has no description and was not read.",
        "1 embedded object was not read.",
        "1 mathematical formula was not read.",
        "Struck-out text was left out in 1 place.",
        "Hidden text was left out in 1 place.",
    )


def test_a_file_that_is_cut_off_is_read_so_far_and_says_so(document_of: DocumentOf) -> None:
    document = document_of(rtf(r"First.\par Second {\b and")[:-1], "cut.rtf")

    assert document.text == "First.\nSecond and"
    assert document.warnings == ("The file is cut off: its end is missing.",)


def test_groups_nested_like_in_no_document_are_refused(read_bytes: ReadBytes) -> None:
    refusal = read_bytes(HEAD.encode() + b"{" * 5000, "deep.rtf")

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "damaged"


def test_rtf_under_the_name_of_a_word_file_is_read(document_of: DocumentOf) -> None:
    assert document_of(b"{\\rtf1 An old letter.}", "letter.doc").text == "An old letter."


TOKENS = st.sampled_from(
    [
        *("{", "}", "\\par ", "\\cell ", "\\row ", "\\trowd ", "\\cellx900 ", "\\intbl ", "\\pard ", "{\\footnote "),
        *(
            "{\\*",
            "\\chftn ",
            "{\\super 1",
            "{\\listtext a  1.}",
            "{\\shp{\\*\\shpinst{\\shptxt ",
            "\\u-10179?",
            "\\'e9",
        ),
        *("{\\pict ", "\\strike ", "\\plain ", "\\deleted ", "Text ", "17. ", "\\s1 ", "\\bin3 ", "\\ftnalt ", "\\"),
        *(
            "\\f3\\'8e",
            "\\clvmrg ",
            "\\nestcell ",
            "{\\stylesheet{\\s1 heading 1;}}",
            "{\\upr{a}{\\*\\ud b}}",
            "\\uc0 ",
        ),
    ]
)


@given(st.lists(TOKENS, max_size=60))
def test_tokens_in_any_order_give_a_lawful_document(tokens: list[str]) -> None:
    assert_lawful(read_rtf(("{\\rtf1 " + "".join(tokens)).encode("latin-1"), "a.rtf", ""))
