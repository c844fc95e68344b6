"""References, and conversations as files."""

import io
import json

import pytest
from docx import Document
from markdown_it import MarkdownIt
from samples import EVIL, answer, citation, hostile_abstention, hostile_answer

from assistant.records import Claim
from assistant.ui.conversations import Conversation, Exchange, conversation_to_json
from assistant.ui.exports import to_markdown, to_word
from assistant.ui.plain import isolated, linked, plain, shortened
from assistant.ui.references import answer_with_references, numbered, quote_with_reference, reference, standing


def two_answers() -> Conversation:
    second = answer(
        "And the army?",
        rewritten="Who vetted the army?",
        claims=(
            Claim("A board did.", (1, 2), "judged", 0.2, False),
            Claim("(a) officers;", (2,), "verbatim", 1.0, True, item=True),
        ),
        citations=(citation(1, source="b.pdf", title="The army", year=None), citation(2)),
    )
    return Conversation().with_exchange(Exchange(answer())).with_exchange(Exchange(second))


def test_a_reference_names_what_is_needed_to_find_the_place() -> None:
    assert reference(citation()) == "Test press, Vetting, 2021, p. 3, para. 17"
    resolution = citation(title="Resolution", symbol="S/RES/2151 (2014)", year=2014, page_label="iv", page_end=5)
    assert reference(resolution) == "Test press, Resolution, S/RES/2151 (2014), p. iv–5, para. 17"


def test_a_file_without_pages_is_cited_by_section() -> None:
    web = citation(source="a.md", page=1, page_end=1, paragraph=None)
    assert reference(web) == "Test press, Vetting, 2021, “How it is done”"


def test_chapters_and_sheets_are_cited_by_their_names_and_not_as_pages() -> None:
    book = citation(source="book.epub", page=7, page_end=8, paragraph=None)
    assert reference(book) == "Test press, Vetting, 2021, “How it is done”"
    sheet = citation(
        source="strength.xlsx", page=2, page_end=2, page_label="Strength", section=("Strength",), paragraph=None
    )
    assert reference(sheet) == "Test press, Vetting, 2021, “Strength”"


def test_a_citation_says_itself_that_it_is_superseded_or_read_by_ocr() -> None:
    line = numbered([citation(4, status="superseded", ocr_confidence=0.874)])[0]
    assert line.startswith("[4] Test press, Vetting")
    assert "Status of this document: superseded" in line
    assert "87% confidence" in line
    assert "Status" not in numbered([citation(status="in force")])[0]


def test_a_reference_says_whether_it_is_the_text_itself_and_how_far_it_was_checked() -> None:
    case = citation(source_type="note", checked="2026-03", status="closed")
    note, law, unknown = numbered([case, citation(2, source_type="primary"), citation(3)])
    assert note.endswith("(note: an account, not the text itself, facts checked to March 2026, its newest source)")
    assert law.endswith("(primary text)")
    assert unknown.endswith("para. 17")
    assert standing(citation(checked="spring of 2026")) == "facts checked to spring of 2026, its newest source"


def test_a_copied_answer_carries_its_references() -> None:
    copied = answer_with_references(answer())
    assert copied.splitlines()[0] == "The police were vetted. [1]"
    assert copied.splitlines()[-1] == "[1] Test press, Vetting, 2021, p. 3, para. 17"
    assert quote_with_reference(citation()).startswith("“The police were vetted.” (Test press,")


def test_references_are_numbered_through_and_each_place_has_one_number() -> None:
    said = to_markdown(two_answers())
    assert "A board did\\. \\(not supported\\) [2] [1]" in said
    assert "officers; [1]" in said
    rendered = MarkdownIt().render(said)
    assert rendered.count("<li>") == 2
    assert "[2] Test press, The army, p. 3, para. 17" in rendered
    assert "Understood as: Who vetted the army?" in rendered


def test_the_word_file_holds_the_same() -> None:
    document = Document(io.BytesIO(to_word(two_answers())))
    lines = [paragraph.text for paragraph in document.paragraphs]
    headings = [p.text for p in document.paragraphs if p.style.name.startswith(("Title", "Heading"))]
    assert headings == ["Who was vetted?", "Who was vetted?", "And the army?", "Sources"]
    assert "A board did. (not supported) [2] [1]" in lines
    assert "[1] Test press, Vetting, 2021, p. 3, para. 17" in lines


def test_the_json_file_is_whole_but_does_not_open_the_conversation() -> None:
    kept = two_answers()
    record = json.loads(conversation_to_json(kept))
    assert "id" not in record
    assert record["exchanges"][1]["answer"]["citations"][0]["title"] == "The army"
    assert kept.id not in json.dumps(record)


def test_nothing_hostile_becomes_markup_in_a_file() -> None:
    kept = (
        Conversation(name=EVIL).with_exchange(Exchange(hostile_answer())).with_exchange(Exchange(hostile_abstention()))
    )
    rendered = MarkdownIt("commonmark", {"html": True}).render(to_markdown(kept))
    for markup in ("<img", "<a ", "<strong", "\u202e", "\u2066"):
        assert markup not in rendered
    texts = [paragraph.text for paragraph in Document(io.BytesIO(to_word(kept))).paragraphs]
    assert any("<img src=x" in line for line in texts)
    assert not any("\u202e" in line for line in texts)


def test_a_name_of_control_characters_makes_a_word_file() -> None:
    kept = Conversation().with_exchange(Exchange(answer("a\x00b\x0b\x1fc \ufffe d")))
    assert to_word(kept).startswith(b"PK")


def test_plain_words_stay_on_their_line_and_turn_nothing_round() -> None:
    assert plain("# a\n*b* & :red[c]") == "\\# a \\*b\\* \\& \\:red\\[c\\]"
    assert isolated("a\u202eb\u2069") == "ab"
    assert isolated("שלום") == "\u2068שלום\u2069"
    assert shortened("one two three", 9) == "one two…"


@pytest.mark.parametrize(
    ("words", "addresses"),
    [
        ("See https://docs.un.org/en/S/RES/2151(2014).", ["https://docs.un.org/en/S/RES/2151%282014%29"]),
        ("(http://a.org/x_y, p. 3; http://b.org)", ["http://a.org/x_y", "http://b.org"]),
        ("javascript:alert(1) data:x [a](b) <https://c.org>", ["https://c.org"]),
        ('http://d.org/"onclick="x', ["http://d.org/"]),
    ],
)
def test_only_web_addresses_become_links(words: str, addresses: list[str]) -> None:
    tree = MarkdownIt().parse(linked(words))
    children = [child for token in tree for child in token.children or ()]
    assert [child.attrs["href"] for child in children if child.type == "link_open"] == addresses
    assert "".join(child.content for child in children if child.type == "text") == words


def test_what_is_copied_turns_nothing_round() -> None:
    evil = hostile_answer()
    assert "\u202e" not in answer_with_references(evil) + quote_with_reference(evil.citations[0])
