import json

from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.citations import Quote, answer_to_json, spans_of, text_of
from assistant.assistant import Assistant
from assistant.encoder import Encoder
from assistant.passages import split_into_passages
from assistant.reading.blocks.document import DocumentBuilder
from assistant.records import Claim, Document, Metadata
from assistant.settings import Settings

count_tokens = Encoder.load(Settings(), "float32").count_tokens

WORDS = st.lists(
    st.sampled_from(["Reform", "takes", "time.", "The", "police", "left.", "改革。"]), min_size=1, max_size=12
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    builder = DocumentBuilder("a.md", "")
    for number in range(1, draw(st.integers(1, 4)) + 1):
        builder.start_page(number)
        builder.add("paragraph", " ".join(draw(WORDS)), continues=number > 1)
    return builder.build(Metadata())


@given(documents(), st.data())
def test_every_span_of_a_quote_is_a_slice_of_its_page(document: Document, data: st.DataObject) -> None:
    pages = {page.number: document.page_text(page) for page in document.pages}
    for passage in split_into_passages(document, count_tokens):
        first = data.draw(st.integers(0, len(passage.sentences) - 1))
        last = data.draw(st.integers(first, len(passage.sentences) - 1))
        quote = Quote(passage, first, last)
        spans = spans_of(quote)
        for span in spans:
            assert pages[span.page][span.start : span.end] == span.text == span.text.strip()
        whole = document.text[quote.start : quote.end]
        assert "".join("".join(span.text for span in spans).split()) == "".join(whole.split())


def test_a_citation_names_page_offsets_and_words_of_its_first_span(assistant: Assistant) -> None:
    for citation in assistant.ask("What are the steps of vetting?").citations:
        first, last = citation.spans[0], citation.spans[-1]
        assert (citation.page, citation.start, citation.end) == (first.page, first.start, first.end)
        assert (citation.quote, citation.page_end) == (first.text, last.page)


def test_a_quote_over_two_pages_has_a_span_on_each() -> None:
    builder = DocumentBuilder("a.md", "")
    builder.start_page(1)
    builder.add("paragraph", "The text goes on")
    builder.start_page(2)
    builder.add("paragraph", "over the page. It ends.", continues=True)
    [passage] = split_into_passages(builder.build(Metadata()), count_tokens)
    assert [(s.page, s.text) for s in spans_of(Quote(passage, 0, 0))] == [
        (1, "The text goes on"),
        (2, "over the page."),
    ]


def test_the_text_of_an_answer_puts_items_on_lines_of_their_own() -> None:
    claims = [Claim("Lead:", (1,)), Claim("- one;", (1,), item=True), Claim("After.", (2,))]
    assert text_of(claims) == "Lead: [1]\n- one; [1]\nAfter. [2]"


def test_the_json_of_an_answer_has_the_fields_of_the_contract(assistant: Assistant) -> None:
    fields = answer_to_json(assistant.ask("What is vetting?"), "q1")
    assert list(fields) == [
        *("id", "question", "rewritten", "status", "text", "claims", "citations", "nearest", "notes", "complete"),
        *("generation", "model", "timings_ms", "reason"),
    ]
    read = json.loads(json.dumps(fields))
    assert set(read["timings_ms"]) == {"query", "retrieve", "read", "compose", "ground", "total"}
    assert set(read["citations"][0]) >= {
        *("number", "source", "title", "publisher", "year", "symbol", "kind", "page", "page_end", "page_label"),
        *("section", "paragraph", "quote", "start", "end", "spans"),
    }
    assert read["claims"][0]["state"] == "verbatim"
    assert (read["claims"][0]["support"], read["claims"][0]["supported"]) == (1.0, True)
    assert "id" not in answer_to_json(assistant.ask("What is vetting?"))
