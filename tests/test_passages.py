from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.encoder import Encoder
from assistant.passages import CONTEXT, HEADINGS, MOST, embedded_text, split_into_passages
from assistant.reading.blocks.document import DocumentBuilder
from assistant.records import BlockKind, Document, Metadata, Passage
from assistant.settings import Settings

ENCODER = Encoder.load(Settings(), "float32")
count_tokens = ENCODER.count_tokens
ROOM = ENCODER.room

SENTENCE = "The police service of Liberia was rebuilt between 2004 and 2013 with the help of the United Nations."
Added = tuple[Any, ...] | int  # (kind, text), or with further fields; a number starts that page
ITEM = "(a) Support the national authorities in drawing up a policy for the whole security sector;"


def document(*blocks: Added) -> Document:
    builder = DocumentBuilder("a/b.md", "0" * 64)
    builder.start_page(1)
    for block in blocks:
        if isinstance(block, int):
            builder.start_page(block)
        else:
            builder.add(block[0], block[1], **(block[2] if len(block) == 3 else {}))
    return builder.build(Metadata(title="Police reform"))


def passages(*blocks: Added) -> list[Passage]:
    return split_into_passages(document(*blocks), count_tokens)


def quoted(passage: Passage) -> list[str]:
    return [passage.sentence_text(sentence) for sentence in passage.sentences]


def test_small_paragraphs_of_a_section_share_a_passage() -> None:
    [found] = passages(("heading", "Police", {"level": 1}), ("paragraph", "One is. Two is."), ("paragraph", "Three."))
    assert found.text == "One is. Two is.\nThree."
    assert found.section == ("Police",)
    assert quoted(found) == ["One is.", "Two is.", "Three."]


def test_a_passage_never_crosses_a_section() -> None:
    found = passages(
        ("paragraph", "Before."),
        ("heading", "Reform", {"level": 1}),
        ("heading", "Police", {"level": 2}),
        ("paragraph", "One."),
        ("heading", "Army", {"level": 2}),
        ("paragraph", "Two."),
        ("heading", "Courts", {"level": 1}),
        ("paragraph", "Three."),
    )
    assert [(p.section, p.text) for p in found] == [
        ((), "Before."),
        (("Reform", "Police"), "One."),
        (("Reform", "Army"), "Two."),
        (("Courts",), "Three."),
    ]


def test_a_long_paragraph_is_parted_between_sentences() -> None:
    found = passages(("paragraph", " ".join([SENTENCE] * 20)))
    assert len(found) > 1
    assert [sentence for p in found for sentence in quoted(p)] == [SENTENCE] * 20
    sizes = [count_tokens(p.text) for p in found]
    assert max(sizes) <= MOST
    assert min(sizes) > 80


def test_a_sentence_longer_than_the_model_reads_is_cut_at_clauses() -> None:
    clause = "recalling its resolution of that year on the police and the army of the country,"
    found = passages(("paragraph", " ".join(["The Security Council,", *[clause] * 30, "decides."])))
    assert all(q.endswith((",", "decides.")) for p in found for q in quoted(p))


def test_a_list_stays_with_its_lead_in() -> None:
    lead = ("paragraph", "The mission shall:")
    [found] = passages(lead, *[("item", ITEM, {"level": 1, "number": "(a)"})] * 3)
    assert found.context == ""
    assert quoted(found) == ["The mission shall:", ITEM, ITEM, ITEM]
    assert [s.kind for s in found.sentences] == ["paragraph", "item", "item", "item"]


def test_a_long_list_is_parted_between_items_and_carries_its_lead_in() -> None:
    lead = "Much was asked of the mission in that year. The mandate is as follows:"
    first, *later = passages(("paragraph", lead), *[("item", ITEM, {"level": 1})] * 20)
    assert first.text.startswith("Much was asked") or first.text.startswith("The mandate")
    assert later
    for passage in later[1:]:
        assert passage.context == "The mandate is as follows:"
        assert set(quoted(passage)) == {ITEM}
        assert "mandate" not in passage.text


def test_items_below_an_item_carry_it_too() -> None:
    items = [("item", "Police", {"level": 1}), *[("item", ITEM, {"level": 2})] * 20]
    *_, last = passages(("paragraph", "The mission shall:"), *items)
    assert last.context == "The mission shall:\nPolice"


def test_a_table_keeps_caption_and_header_with_every_part() -> None:
    rows = "Date | Event\n" + "\n".join(f"{day} June 2003 | {SENTENCE}" for day in range(1, 21))
    first, *later = passages(("caption", "Table 1: Events"), ("table", rows, {"header_rows": 1}))
    assert first.text.startswith("Table 1: Events\nDate | Event\n1 June 2003")
    assert [s.kind for s in first.sentences[:3]] == ["caption", "heading", "table"]
    assert later
    assert {p.context for p in later} == {"Table 1: Events\nDate | Event"}
    assert all(s.kind == "table" for p in later for s in p.sentences)


def test_a_numbered_paragraph_keeps_its_number_outside_its_sentences() -> None:
    long = " ".join([SENTENCE] * 8)
    found = passages(
        ("paragraph", f"17. {long}", {"number": "17"}),
        ("paragraph", f"18. {long}", {"number": "18"}),
    )
    assert [p.paragraph for p in found] == ["17", "18"]
    assert found[1].text.startswith("18. The police")
    assert quoted(found[1])[0] == SENTENCE


def test_numbered_paragraphs_share_a_passage_that_names_them_all() -> None:
    short = [("paragraph", f"{n}. The Council met.", {"number": str(n)}) for n in range(1, 4)]
    [found] = passages(*short)
    assert found.paragraph == "1, 2, 3"
    assert quoted(found) == ["The Council met."] * 3


def test_a_heading_without_a_body_gives_no_passage() -> None:
    assert [p.text for p in passages(("heading", "Empty", {"level": 1}), ("paragraph", "Body."))] == ["Body."]
    [only] = passages(("heading", "Vetting", {"level": 1}), 2, ("heading", "Oversight", {"level": 1}))
    assert only.text == "Vetting\nOversight"
    assert [span.page for span in only.spans] == [1, 2]
    assert [s.kind for s in only.sentences] == ["heading", "heading"]


def test_a_passage_over_two_pages_has_a_span_on_each() -> None:
    builder = DocumentBuilder("a.md", "")
    builder.start_page(3)
    builder.add("paragraph", "The text goes on")
    builder.start_page(4)
    builder.add("paragraph", "over the page. It ends.", continues=True)
    [found] = split_into_passages(builder.build(Metadata()), count_tokens)
    assert [(s.page, s.start, s.text) for s in found.spans] == [
        (3, 0, "The text goes on"),
        (4, 0, "over the page. It ends."),
    ]
    assert quoted(found) == ["The text goes on\nover the page.", "It ends."]


def test_the_header_names_title_section_and_context() -> None:
    [found] = passages(("heading", "Police  reform", {"level": 1}), ("heading", "Why", {"level": 2}), ("item", ITEM))
    found = replace(found, context="The mission shall:")
    assert embedded_text(found, "Police reform", count_tokens, ROOM) == (
        "Police reform > Why\nThe mission shall:",
        ITEM,
    )


def test_a_header_too_long_keeps_the_nearest_heading_first() -> None:
    [found] = passages(("paragraph", " ".join([SENTENCE] * 7)))
    found = replace(found, section=("Part " * 60, "Who pays for police reform"))
    header, text = embedded_text(found, "A title " * 60, count_tokens, ROOM)
    assert header.endswith("… > Who pays for police reform")
    assert header.startswith("A title")
    assert count_tokens(header) + count_tokens(text) <= min(ROOM, MOST + CONTEXT + HEADINGS)


def test_the_same_document_gives_the_same_ids_and_another_place_gives_others() -> None:
    blocks = [("paragraph", "One."), ("heading", "H", {"level": 1}), ("paragraph", "One.")]
    first, second = passages(*blocks)
    assert (first.id, second.id) == tuple(p.id for p in passages(*blocks))
    assert first.id != second.id


TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from([SENTENCE, "It is.", "改革。", "x" * 900, "(a)", "No. 4", "17."]), max_size=30).map(
        " ".join
    ),
    st.lists(st.sampled_from(["a | b", SENTENCE, ""]), max_size=30).map("\n".join),
)
KINDS: list[BlockKind] = ["heading", "paragraph", "item", "table", "caption", "code"]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    builder = DocumentBuilder("any.md", "")
    for page in range(1, draw(st.integers(1, 3)) + 1):
        builder.start_page(page)
        for _ in range(draw(st.integers(0, 6))):
            level, header_rows = draw(st.integers(0, 3)), draw(st.integers(0, 2))
            number = draw(st.sampled_from([None, "17", "(a)"]))
            builder.add(draw(st.sampled_from(KINDS)), draw(TEXTS), level=level, number=number, header_rows=header_rows)
    return builder.build(Metadata())


@settings(max_examples=60, deadline=None)
@given(documents(), st.sampled_from([None, "Police reform", "A long title " * 30]))
def test_the_laws_of_passages(made: Document, title: str | None) -> None:
    pages = {page.number: made.page_text(page) for page in made.pages}
    at = 0
    for passage in split_into_passages(made, count_tokens):
        assert at <= passage.start < passage.end
        assert made.text[passage.start : passage.end] == passage.text == passage.text.strip()
        at = passage.end
        assert "".join("".join(s.text for s in passage.spans).split()) == "".join(passage.text.split())
        for span in passage.spans:
            assert pages[span.page][span.start : span.end] == span.text
        _check_sentences(passage)
        header, text = embedded_text(passage, title, count_tokens, ROOM)
        assert count_tokens(header) + count_tokens(text) <= min(ROOM, MOST + CONTEXT + HEADINGS)
        assert text == passage.text


def _check_sentences(passage: Passage) -> None:
    assert passage.sentences
    at = passage.start
    for sentence in passage.sentences:
        assert at <= sentence.start < sentence.end <= passage.end
        assert passage.sentence_text(sentence) == passage.sentence_text(sentence).strip()
        at = sentence.end


@settings(max_examples=30, deadline=None)
@given(documents())
def test_nothing_of_the_body_is_left_out(made: Document) -> None:
    found = split_into_passages(made, count_tokens)
    body = [b for b in made.blocks if b.kind != "heading"] or list(made.blocks)
    kept = "".join("".join(p.text.split()) for p in found)
    for block in body:
        for word in made.text[block.start : block.end].split():
            assert word in kept


@pytest.mark.parametrize("text", ["改革" * 2000, "x" * 2000, ". " * 3000, "a" * 99 + " " + "b, " * 2000])
def test_debris_makes_bounded_passages(text: str) -> None:
    found = passages(("paragraph", text))
    assert max(len(p.text) for p in found) <= 2 * MOST * 8
    assert max(count_tokens(p.text) for p in found) <= MOST
