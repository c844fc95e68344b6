import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from catalogues import a_document, build_catalogue, count_words, vector_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from assistant.errors import LibraryError, LibraryMismatch
from assistant.library.builder import CatalogueBuilder
from assistant.library.catalogue import Catalogue, quote
from assistant.library.entries import Duplicate
from assistant.library.schema import pack_boxes, unpack_boxes
from assistant.passages import split_into_passages
from assistant.reading.blocks.document import DocumentBuilder
from assistant.records import Document, Metadata, Note, Refusal

PARAGRAPHS = (
    "Vetting is the assessment of integrity. It decides who may serve in the police of Liberia.",
    "A parliament oversees the budget of the armed forces, as S/RES/2151 (2014) says.",
    "Réforme du secteur de la sécurité au Mali: l'armée est réorganisée.",
)
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=120)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return build_catalogue(
        tmp_path / "c.sqlite", a_document("b.txt", PARAGRAPHS[2]), a_document("a.txt", *PARAGRAPHS * 2, pages=3)
    )


def texts_as_fts_sees_them(path: Path) -> None:
    """FTS5's own check of its index against the view that it was made from; raises when they differ."""
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO passage_index (passage_index, rank) VALUES ('integrity-check', 1)")
        connection.rollback()


def test_a_document_comes_back_as_it_went_in(catalogue: Catalogue) -> None:
    assert catalogue.document("a.txt") == a_document("a.txt", *PARAGRAPHS * 2, pages=3)
    with pytest.raises(KeyError, match="not in the library"):
        catalogue.document("none.txt")


def test_passages_come_back_as_they_went_in_and_in_the_order_asked_for(catalogue: Catalogue) -> None:
    passages = split_into_passages(a_document("a.txt", *PARAGRAPHS * 2, pages=3), count_words)
    assert catalogue.passages_of("a.txt") == passages
    backwards = [passage.id for passage in reversed(passages)]
    assert [passage.id for passage in catalogue.passages(backwards)] == backwards
    with pytest.raises(KeyError):
        catalogue.passages(["nothing"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(LINES, st.sampled_from(["same page", "next page", "goes on"])), min_size=1, max_size=12))
def test_whatever_the_text_every_passage_is_a_slice_of_its_pages(tmp_path: Path, lines: list[tuple[str, str]]) -> None:
    builder = DocumentBuilder("x.txt", "digest")
    page = 1
    builder.start_page(page)
    for line, place in lines:
        if place != "same page":
            page += 2
            builder.start_page(page)
        begun = builder.length and place == "goes on"
        builder.add("paragraph", line, continues=bool(begun and builder._blocks))
    document = builder.build(Metadata())
    (tmp_path / "c.sqlite").unlink(missing_ok=True)
    catalogue = build_catalogue(tmp_path / "c.sqlite", document)
    assert catalogue.document("x.txt") == document
    assert catalogue.passages_of("x.txt") == split_into_passages(document, count_words)
    for passage in catalogue.passages_of("x.txt"):
        for span in passage.spans:
            assert catalogue.page("x.txt", span.page).text[span.start : span.end] == span.text
    catalogue.close()
    texts_as_fts_sees_them(tmp_path / "c.sqlite")


def test_information_on_documents_is_ordered_and_lists_empty_pages(tmp_path: Path) -> None:
    builder = DocumentBuilder("scan.pdf", "digest")
    for number in (1, 2, 3):
        builder.start_page(number)
        if number == 2:
            builder.add("paragraph", PARAGRAPHS[0])
    catalogue = build_catalogue(tmp_path / "c.sqlite", builder.build(Metadata()), a_document("a.txt", PARAGRAPHS[0]))
    [first, scan] = catalogue.documents()
    assert (first.source, first.metadata.year, first.warnings) == ("a.txt", 2001, ("Something was odd.",))
    assert (scan.pages, scan.pages_without_text, scan.passages) == (3, (1, 3), 1)
    assert catalogue.document_info("scan.pdf") == scan


def test_a_page_has_its_label_notes_and_boxes(tmp_path: Path) -> None:
    builder = DocumentBuilder("a.pdf", "digest")
    builder.start_page(4, label="iv", reader="pdfium", width=595.0, height=842.0, confidence=0.5)
    boxes = np.array([[10.25, 20.5, 15.125, 30], [np.nan] * 4, [700, 0, 701, 9]], np.float32)
    builder.add("paragraph", "a b", boxes=boxes)
    builder.note("*", "Said elsewhere.", anchor=1)
    catalogue = build_catalogue(tmp_path / "c.sqlite", builder.build(Metadata()))
    page = catalogue.page("a.pdf", 4)
    assert (page.text, page.label, page.reader, page.width, page.confidence) == ("a b", "iv", "pdfium", 595.0, 0.5)
    assert page.notes == (Note(4, "*", "Said elsewhere.", 1),)
    assert page.boxes is not None
    assert np.allclose(page.boxes, boxes, atol=0.0051, equal_nan=True)
    with pytest.raises(KeyError, match="no page 5"):
        catalogue.page("a.pdf", 5)


def test_a_note_belongs_to_the_passage_that_its_mark_stands_in_and_is_found_by_its_words(tmp_path: Path) -> None:
    builder = DocumentBuilder("a.pdf", "digest")
    for number, paragraph in enumerate(PARAGRAPHS[:2], start=1):
        builder.start_page(number)
        builder.add("heading", f"Part {number}", level=1)
        builder.add("paragraph", paragraph)
    second = builder.length - len(PARAGRAPHS[1])
    builder.note("1", "Under a zebra.", anchor=9)
    builder.note("2", "Under a heading with a giraffe.", anchor=second - 2)
    builder.note("*", "Under an okapi, without a mark.")
    document = builder.build(Metadata())
    catalogue = build_catalogue(tmp_path / "c.sqlite", document)
    [one, two] = catalogue.passages_of("a.pdf")
    assert [note.mark for note in catalogue.notes_of(one.id)] == ["1"]
    assert [note.mark for note in catalogue.notes_of(two.id)] == ["2", "*"]
    assert [key for key, _ in catalogue.full_text(["zebra"], 5)] == [one.id]
    assert {key for word in ("giraffe", "okapi") for key, _ in catalogue.full_text([word], 5)} == {two.id}
    assert catalogue.frequencies(["zebra", "vetting"]) == {"zebra": 0, "vetting": 1}
    catalogue.close()
    texts_as_fts_sees_them(tmp_path / "c.sqlite")
    build_catalogue(tmp_path / "d.sqlite", a_document("a.pdf", "Other."), previous=tmp_path / "c.sqlite").close()
    texts_as_fts_sees_them(tmp_path / "d.sqlite")


@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(0, 40), st.just(4)),
        elements=st.one_of(st.floats(-2000, 20000, width=32), st.just(np.nan)),
    )
)
def test_boxes_are_kept_to_a_hundredth_of_a_point(boxes: np.ndarray) -> None:
    back = unpack_boxes(pack_boxes(boxes))
    assert back is not None
    assert np.allclose(back, boxes, atol=0.007, equal_nan=True)
    assert unpack_boxes(pack_boxes(None)) is None


def test_the_outline_gives_headings_with_page_and_place(tmp_path: Path) -> None:
    builder = DocumentBuilder("a.txt", "digest")
    builder.start_page(7)
    builder.add("paragraph", "Before.")
    builder.add("heading", "Aims", level=2)
    catalogue = build_catalogue(tmp_path / "c.sqlite", builder.build(Metadata()))
    [heading] = catalogue.outline("a.txt")
    assert (heading.title, heading.level, heading.page, heading.start) == ("Aims", 2, 7, 8)


def test_full_text_finds_words_in_other_forms_phrases_symbols_and_without_accents(catalogue: Catalogue) -> None:
    def found(*terms: str) -> str:
        return catalogue.passages([catalogue.full_text(terms, 1)[0][0]])[0].text

    assert "Vetting" in found("vetted")
    assert "parliament" in found("armed forces")
    assert "S/RES/2151" in found("S/RES/2151")
    assert "Réforme" in found("reorganisee")


def test_no_term_is_an_operator(catalogue: Catalogue) -> None:
    for term in ['"', "AND", "NOT vetting", "text:vetting", "vett*", "(", "a\0b", "-", "NEAR(a b)", ""]:
        catalogue.full_text([term], 5)
    assert catalogue.full_text(['say "vetting"'], 5) == catalogue.full_text(["say vetting"], 5)
    assert quote("?!") == ""


def test_full_text_is_ordered_by_score_and_keeps_to_the_sources(catalogue: Catalogue) -> None:
    hits = catalogue.full_text(["sécurité", "vetting"], 10)
    assert len(hits) > 1
    assert hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))
    within = catalogue.full_text(["sécurité", "vetting"], 10, {"b.txt"})
    assert {passage.source for passage in catalogue.passages([key for key, _ in within])} == {"b.txt"}
    assert catalogue.full_text(["vetting"], 10, set()) == []


def test_vectors_come_back_by_passage(catalogue: Catalogue) -> None:
    passage = catalogue.passages_of("a.txt")[0]
    assert np.array_equal(catalogue.vectors([passage.id])[passage.id], vector_of(0))
    sentences = catalogue.sentence_vectors([passage.id])[passage.id]
    assert sentences.shape == (len(passage.sentences), 384)
    places = catalogue.passage_places()
    assert sum(count for *_, count in places) == catalogue.counts()["sentences"]


def test_a_document_that_is_replaced_or_removed_leaves_nothing_behind(tmp_path: Path) -> None:
    before = build_catalogue(
        tmp_path / "1.sqlite", a_document("a.txt", *PARAGRAPHS), a_document("b.txt", PARAGRAPHS[1])
    )
    changed = replace(a_document("a.txt", PARAGRAPHS[1]), metadata=Metadata(title="Another"))
    after = build_catalogue(tmp_path / "2.sqlite", changed, previous=tmp_path / "1.sqlite")
    assert before.full_text(["vetting"], 5)
    assert not after.full_text(["vetting"], 5)
    assert (
        after.counts() == build_catalogue(tmp_path / "3.sqlite", changed, a_document("b.txt", PARAGRAPHS[1])).counts()
    )
    texts_as_fts_sees_them(tmp_path / "2.sqlite")
    builder = CatalogueBuilder.start(tmp_path / "4.sqlite", tmp_path / "2.sqlite")
    builder.remove("a.txt")
    builder.remove("b.txt")
    builder.finish()
    assert set(Catalogue.open(tmp_path / "4.sqlite").counts().values()) == {0}


def test_the_digest_of_a_document_does_not_depend_on_what_was_there_before(tmp_path: Path) -> None:
    a, b = a_document("a.txt", *PARAGRAPHS), a_document("b.txt", PARAGRAPHS[1])
    fresh = build_catalogue(tmp_path / "1.sqlite", a, b)
    build_catalogue(tmp_path / "2.sqlite", b, a_document("a.txt", "Something else."))
    later = build_catalogue(tmp_path / "3.sqlite", a, previous=tmp_path / "2.sqlite")
    assert fresh.digests() == later.digests()
    other = build_catalogue(tmp_path / "4.sqlite", replace(a, metadata=Metadata(title="Another")), b)
    assert [x == y for x, y in zip(fresh.digests(), other.digests(), strict=True)] == [False, True]


def test_what_fails_half_way_is_not_there_at_all(tmp_path: Path) -> None:
    builder = CatalogueBuilder.start(tmp_path / "c.sqlite", None)
    document = a_document("a.txt", PARAGRAPHS[0])
    with pytest.raises(ZeroDivisionError), builder.all_or_nothing():
        builder.add_document(document, document.metadata, "1", {})
        raise ZeroDivisionError
    builder.finish()
    assert Catalogue.open(tmp_path / "c.sqlite").documents() == []


def test_refusals_keep_the_version_that_could_be_read_and_duplicates_follow_their_document(tmp_path: Path) -> None:
    build_catalogue(tmp_path / "1.sqlite", a_document("a.txt", PARAGRAPHS[0]))
    builder = CatalogueBuilder.start(tmp_path / "2.sqlite", tmp_path / "1.sqlite")
    refusal = Refusal("a.txt", "new digest", "damaged", "a.txt is broken.")
    builder.add_refusal(refusal, "1")
    builder.add_duplicate(Duplicate("c.txt", "digest", "b.txt", "1"))
    builder.add_duplicate(Duplicate("b.txt", "digest", "a.txt", "1"))
    builder.finish()
    catalogue = Catalogue.open(tmp_path / "2.sqlite")
    assert catalogue.refusals() == [(refusal, "1")]
    assert [info.source for info in catalogue.documents()] == ["a.txt"]
    assert [(d.source, d.same_as) for d in catalogue.duplicates()] == [("b.txt", "a.txt"), ("c.txt", "a.txt")]


def test_a_catalogue_may_be_used_by_many_threads_at_once(catalogue: Catalogue) -> None:
    ids = [passage.id for passage in catalogue.passages_of("a.txt")]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: (catalogue.passages(ids), catalogue.full_text(["vetting"], 3)), range(64)))
    assert all(result == found[0] for result in found)


def test_a_catalogue_is_read_from_a_disk_that_cannot_be_written(tmp_path: Path, catalogue: Catalogue) -> None:
    catalogue.close()
    (tmp_path / "c.sqlite").chmod(0o444)
    before = sorted(path.name for path in tmp_path.iterdir())
    with_reading = Catalogue.open(tmp_path / "c.sqlite")
    assert len(with_reading.documents()) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_what_is_no_catalogue_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "c.sqlite").write_bytes(b"nothing like it" * 100)
    with pytest.raises(LibraryError, match=r"ingest\.py"):
        Catalogue.open(tmp_path / "c.sqlite")
    with sqlite3.connect(tmp_path / "old.sqlite") as old:
        old.execute("PRAGMA user_version = 999")
    with pytest.raises(LibraryMismatch, match="999"):
        Catalogue.open(tmp_path / "old.sqlite")


def test_a_long_page_does_not_make_its_passages_slow(tmp_path: Path) -> None:
    builder = DocumentBuilder("long.txt", "digest")
    builder.start_page(1)
    for number in range(3000):
        builder.add("paragraph", f"Paragraph {number} tells of mission {number % 7} and its budget. " * 4)
    document: Document = builder.build(Metadata())
    catalogue = build_catalogue(tmp_path / "c.sqlite", document)
    assert len(catalogue.passages_of("long.txt")) > 400
