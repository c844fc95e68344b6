"""The list of primary texts to get: where each stands, and that the documents named beside it do cite it."""

import csv
import re
from pathlib import Path

from assistant.library.corpus import is_document

CORPUS = Path(__file__).parents[2] / "corpus"
COLUMNS = ["symbol", "title", "year", "publisher", "address", "licence", "why", "notes"]
UNITED_NATIONS = r"[SA]/"  # how symbols of the Security Council and the General Assembly begin


def rows() -> list[dict[str, str]]:
    with (CORPUS / "reading-list.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def text_of(document: str) -> str:
    """What a document says; a typeset one says it in its master."""
    path = CORPUS / document if document.endswith(".md") else CORPUS / "_masters" / Path(document).with_suffix(".md")
    assert (CORPUS / document).is_file(), document
    return path.read_text("utf-8")


def test_the_list_has_its_columns_and_about_forty_texts() -> None:
    assert list(rows()[0]) == COLUMNS
    assert 35 <= len(rows()) <= 50


def test_the_list_is_in_order_and_names_no_text_twice() -> None:
    names = [row["symbol"] or row["title"] for row in rows()]
    assert names == sorted(set(names))
    assert len({row["title"] for row in rows()}) == len(rows())


def test_each_text_has_a_year_a_publisher_terms_and_one_sentence_why() -> None:
    for row in rows():
        assert re.fullmatch(r"(19|20)\d\d", row["year"]), row
        assert row["title"] and row["publisher"] and row["licence"], row
        assert re.fullmatch(r"[A-Z].{20,150}\.", row["why"]), row


def test_nearly_all_have_an_address_and_the_united_nations_one_made_from_the_symbol() -> None:
    for row in rows():
        assert re.fullmatch(r"(https?://\S+)?", row["address"]), row
        if re.match(UNITED_NATIONS, row["symbol"]):
            symbol = row["symbol"].split("-S/")[0].replace(" ", "")
            assert row["address"] == f"https://docs.un.org/en/{symbol}"
    assert sum(not row["address"] for row in rows()) <= 2


def test_each_document_named_cites_the_text() -> None:
    for row in rows():
        short_title = re.sub(r" \(.+\)$", "", row["title"])
        cited_as = [re.escape(name) + r"(?![\w/])" for name in (row["symbol"], short_title) if name]
        documents = row["notes"].split("; ")
        assert documents == sorted(set(documents))
        for document in documents:
            assert re.search("|".join(cited_as), text_of(document)), (row["title"], document)


def test_the_list_itself_is_no_document() -> None:
    assert not is_document(("reading-list.csv",))
