"""EPUB books: parts in the order of the spine, each a page; notes brought to their marks; nothing beside the text."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.web.epub import read_epub
from assistant.records import Document, Refusal
from tests.reading.laws import assert_lawful, outline, texts
from tests.reading.making.archive import rewritten
from tests.reading.making.epub import epub, page

DocumentOf = Callable[[bytes | str, str], Document]
ReadBytes = Callable[[bytes, str], Document | Refusal]


def test_each_part_with_text_is_a_page_in_the_order_of_the_spine(document_of: DocumentOf) -> None:
    document = document_of(
        epub(
            {
                "cover.xhtml": '<div><img src="cover.jpg" alt=""/></div>',
                "nav.xhtml": '<nav epub:type="toc"><ol><li><a href="one.xhtml">One</a></li></ol></nav>',
                "z.xhtml": "<h1>First chapter</h1><p>Text&nbsp;of <b>it</b>.</p><ul><li>an item</li></ul>",
                "chapter%20two.xhtml": "<h1>Second chapter</h1><table><tr><th>Year</th><th>Event</th></tr>"
                "<tr><td>1999</td><td>Mission</td></tr></table>",
            }
        ),
        "book.epub",
    )

    assert [(page.number, document.page_text(page)) for page in document.pages] == [
        (1, "First chapter\nText of it.\nan item"),
        (2, "Second chapter\nYear | Event\n1999 | Mission"),
    ]
    assert document.blocks[-1].header_rows == 1
    assert_lawful(document)


def test_the_package_says_title_publisher_and_year(document_of: DocumentOf) -> None:
    metadata = document_of(epub({"a.xhtml": "<p>Text.</p>"}), "book.epub").metadata

    assert (metadata.title, metadata.publisher, metadata.year) == ("Police reform in Kosovo", "Test Press", 2014)


def test_nothing_of_a_chapter_is_taken_for_furniture(document_of: DocumentOf) -> None:
    body = (
        '<header><h1>Chapter</h1></header><aside class="sidebar"><p>A box about vetting.</p></aside>'
        '<p>Short.</p><div class="related"><p>See also the annex.</p></div><footer><p>Written in Pristina.</p></footer>'
    )

    assert texts(document_of(epub({"a.xhtml": body}), "b.epub"), "paragraph") == [
        *("A box about vetting.", "Short.", "See also the annex.", "Written in Pristina.")
    ]


def test_notes_are_found_in_the_part_and_in_later_parts(document_of: DocumentOf) -> None:
    chapter = (
        '<p>Vetted{0}<a epub:type="noteref" id="r{1}" href="{2}">1</a>.</p><aside epub:type="footnote" id="n1">'
        "<p>{3}</p></aside>"
    )
    document = document_of(
        epub(
            {
                "one.xhtml": chapter.format(" once", 1, "#n1", '<a href="#r1">1</a>Beside it.'),
                "two.xhtml": '<p>Trained<sup><a id="r2" href="notes.xhtml#e1">1</a></sup> and paid'
                '<sup><a href="notes.xhtml#e2">2</a></sup>.</p>',
                "notes.xhtml": '<h2>Notes</h2><ol><li id="e1"><p>1. At the end. '
                '<a href="two.xhtml#r2">back</a></p></li>'
                '<li><a id="e2"/>2. By donors.</li></ol>',
            }
        ),
        "notes.epub",
    )

    assert [document.page_text(page) for page in document.pages][:2] == ["Vetted once.", "Trained and paid."]
    assert "donors" not in document.text
    assert [(note.page, note.mark, note.text) for note in document.notes] == [
        (1, "1", "Beside it."),
        (2, "1", "At the end."),
        (2, "2", "By donors."),
    ]
    assert [document.text[: note.anchor].rpartition("\n")[2] for note in document.notes] == [
        *("Vetted once", "Trained", "Trained and paid")
    ]


def test_a_numbered_link_to_a_chapter_moves_no_chapter(document_of: DocumentOf) -> None:
    chapter = (
        f'<section id="c1"><h1>1. Beginnings</h1>{"<p>The police were vetted by the mission.</p>" * 100}</section>'
    )
    document = document_of(
        epub({"list.xhtml": '<p>Chapters: <a href="one.xhtml#c1">1</a></p>', "one.xhtml": chapter}), "b.epub"
    )

    assert [len(document.page_text(page)) > 1000 for page in document.pages] == [False, True]


@pytest.mark.parametrize(
    ("contents", "name"),
    [
        (
            "<ncx xmlns='http://www.daisy.org/z3986/2005/ncx/'><navMap><navPoint><navLabel><text>Beginnings</text>"
            "</navLabel><content src='a.xhtml#top'/></navPoint></navMap></ncx>",
            "toc.ncx",
        ),
        ('<nav epub:type="toc"><ol><li><a href="a.xhtml">Beginnings</a></li></ol></nav>', "nav.xhtml"),
        ("<ncx>broken", "toc.ncx"),
    ],
)
def test_a_part_without_a_heading_has_that_of_the_contents(document_of: DocumentOf, contents: str, name: str) -> None:
    document = document_of(epub({"a.xhtml": "<p>It began.</p>"}, more={name: contents}), "b.epub")

    expected = [] if "broken" in contents else ["Beginnings"]
    assert texts(document, "heading") == expected


def test_contents_and_marks_of_printed_pages_are_left_out(document_of: DocumentOf) -> None:
    data = epub(
        {
            "toc.html": "<p>1 Beginnings</p>",
            "a.html": '<p>Text <span epub:type="pagebreak" title="7">7</span>goes on.</p><nav><a href="#x">x</a></nav>',
        },
        guide='<reference type="toc" href="toc.html"/>',
    )

    assert document_of(data, "b.epub").text == "Text goes on."


def test_what_is_not_read_is_counted_and_descriptions_are_captions(document_of: DocumentOf) -> None:
    body = (
        '<p>Kept <s>struck</s><span class="gone">too</span> here.<span style="display:none">Hidden</span></p>'
        '<p><img src="a.png" alt="A map of the posts"/></p><p>Text <img src="b.png" alt=""/> and '
        '<svg><image href="c.png"/></svg>more.</p><script>run()</script><p class="note">Seen on paper.</p>'
        '<figure><img src="d.png" alt="A flag"/><figcaption>A flag</figcaption></figure>'
    )
    css = ".gone, em.gone { text-decoration: line-through } @media small { .note { display: none } }"
    document = document_of(epub({"a.xhtml": body}, more={"style.css": css}), "b.epub")

    assert outline(document) == [
        ("paragraph", "Kept here."),
        ("caption", "A map of the posts"),
        ("paragraph", "Text and more."),
        ("paragraph", "Seen on paper."),
        ("caption", "A flag"),
    ]
    assert document.warnings == (
        "2 pictures have no description and were not read.",
        "Struck-out text was left out in 2 places.",
        "Hidden text was left out in 1 place.",
    )


@pytest.mark.parametrize(("uri", "is_refused"), [("OEBPS/a.xhtml", True), ("OEBPS/fonts/serif.otf", False)])
def test_a_protected_book_is_encrypted_and_protected_fonts_do_not_matter(
    read_bytes: ReadBytes, uri: str, is_refused: bool
) -> None:
    encryption = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
        f'<e:EncryptedData><e:CipherData><e:CipherReference URI="{uri}"/></e:CipherData></e:EncryptedData></encryption>'
    )
    data = rewritten(epub({"a.xhtml": "<p>Text.</p>"}), "META-INF/encryption.xml", lambda _: encryption)
    result = read_bytes(data, "b.epub")

    assert isinstance(result, Refusal) == is_refused
    assert not isinstance(result, Refusal) or result.reason == "encrypted"


def test_no_path_leads_out_of_the_archive(document_of: DocumentOf, tmp_path) -> None:
    (tmp_path / "secret.xhtml").write_text(page("<p>A secret of the machine.</p>"))
    parts = {"a.xhtml": "<p>Text.</p>", f"../../../../../..{tmp_path}/secret.xhtml": ""}
    document = document_of(epub(parts), "b.epub")

    assert document.text == "Text."


def test_a_missing_part_is_said(document_of: DocumentOf) -> None:
    package = '<item id="i9" href="gone.xhtml" media-type="application/xhtml+xml"/>'
    data = epub({"a.xhtml": "<p>Text.</p>"})
    data = rewritten(data, "OEBPS/book.opf", lambda opf: opf.replace("</manifest>", f"{package}</manifest>"))
    data = rewritten(data, "OEBPS/book.opf", lambda opf: opf.replace("</spine>", '<itemref idref="i9"/></spine>'))

    assert document_of(data, "b.epub").warnings == ("1 part of the book is missing or broken.",)


PIECES = [
    "td>x",
    "li>y",
    "p>",
    "/p>",
    'sup><a href="#n">1</a></sup>',
    "br>",
    'aside id="n">n',
    "nav>",
    "s>gone",
    "img alt=x>",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_tags_in_any_order_give_a_lawful_document(parts: list[str]) -> None:
    body = "<".join(["Text ", *parts])

    assert_lawful(read_epub(epub({"a.xhtml": body, "b.xhtml": body}), "a.epub", ""))
