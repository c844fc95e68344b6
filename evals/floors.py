"""What needs no skill: the passage whose vector is nearest to the question's own words, quoted whole, always.

Retrieval, the place cited and the key facts of this plainest of answers stand beside the assistant's.
"""

from typing import Any

from assistant import Assistant
from assistant.records import Passage
from assistant.retrieval import encoded_question
from evals.cases import Case

Record = dict[str, Any]


def places(passage: Passage) -> list[dict[str, Any]]:
    """The pages on which a passage stands, as a record keeps them."""
    return [{"id": passage.id, "source": passage.source, "page": span.page} for span in passage.spans]


def plain_answer(case: Case, assistant: Assistant, depth: int) -> dict[str, Any]:
    """The nearest passages of a case by the embedding alone, and the text of the first."""
    vector = encoded_question(assistant.encoder, case.question).vector
    passages = assistant.library.passages([key for key, _ in assistant.library.nearest(vector, depth)])
    return {
        "found": [place for passage in passages for place in places(passage)],
        "text": passages[0].text if passages else "",
    }


def as_plain(record: Record) -> Record:
    """The record of the same case, had the plain answer been given."""
    plain = record["plain"]
    first = [place for place in plain["found"] if place["id"] == plain["found"][0]["id"]]
    citations = [{"source": first[0]["source"], "spans": first}] if first else []
    answer = {"status": "answered", "text": plain["text"], "claims": [], "citations": citations}
    return {**record, "found": plain["found"], "answer": answer, "precise": []}
