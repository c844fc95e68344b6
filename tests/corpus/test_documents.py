"""The corpus as its readers need it: complete front matter, notes that resolve, sentences that stand alone."""

import csv
import re
import subprocess
import sys
from calendar import month_name, monthrange
from collections import defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from assistant.reading import read
from assistant.records import Document

CORPUS = Path(__file__).parents[2] / "corpus"
MASTERS = CORPUS / "_masters"
LESSONS = sorted(CORPUS.glob("lessons/*.md"))
NOTES = sorted([*CORPUS.glob("doctrine/*.md"), *CORPUS.glob("cases/*.md"), *MASTERS.glob("*/*.md")])
TEXTS = [*NOTES, *LESSONS]
KEYS = ["title", "kind", "publisher", "organisations", "country", "mission", "period", "year", "checked"]
KEYS += ["edition", "status", "licence", "sources"]
LEANING = r"(It|Its|They|Their|This|These|Those|Such|He|She|His|Her|However|Also|There|That)\b"
each = pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
each_note = pytest.mark.parametrize("path", NOTES, ids=lambda path: path.stem)
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
SECTIONS = ["Objectives", "Questions to discuss", "Exercise", "Key points for the trainer", "Further reading"]


def front_matter(path: Path) -> dict:
    return yaml.safe_load(path.read_text("utf-8").split("\n---\n", 1)[0].removeprefix("---\n"))


def body(path: Path) -> str:
    return path.read_text("utf-8").split("\n---\n", 1)[1]


def prose(path: Path) -> str:
    """The body without footnotes, the list of sources, link targets and titles in italics or quotation marks."""
    text = re.sub(r"(?ms)^## Sources\b.*\Z", "", body(path))
    text = re.sub(r"\[\^\w+\]", "", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.sub(r"[*_][^*_\n]{4,200}[*_]|[\"“][^\"”\n]{4,200}[\"”]", " | ", text)


def paragraphs(path: Path) -> list[str]:
    return [block for block in re.split(r"\n\s*\n", prose(path)) if re.match(r"[A-Za-z*\[]", block)]


@each
def test_front_matter_is_complete(path: Path) -> None:
    front = front_matter(path)
    assert list(front) == KEYS
    assert front["title"] and front["publisher"] and isinstance(front["year"], int)
    assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", front["checked"])
    assert front["kind"] in {"doctrine", "practice-note", "case-study", "lesson"}
    assert front["kind"] != "case-study" or front["country"]
    assert body(path).lstrip().startswith(f"# {front['title']}\n")


@each
def test_every_footnote_resolves_and_every_source_is_cited(path: Path) -> None:
    definitions = dict(re.findall(r"(?m)^\[\^(\w+)\]: (.+)$", body(path)))
    used = set(re.findall(r"\[\^(\w+)\](?!:)", body(path)))
    assert used == set(definitions)
    sources = front_matter(path)["sources"]
    assert len(sources) == len(definitions)
    for source, definition in zip(sources, definitions.values(), strict=True):
        assert str(source) in definition


def test_most_footnotes_have_an_address() -> None:
    notes = [note for path in TEXTS for note in re.findall(r"(?m)^\[\^\w+\]: (.+)$", body(path))]
    assert sum("http" in note for note in notes) >= 0.85 * len(notes)


@each
def test_every_internal_link_leads_to_a_document(path: Path) -> None:
    here = path.relative_to(MASTERS if MASTERS in path.parents else CORPUS).parent
    known = {text.relative_to(MASTERS if MASTERS in text.parents else CORPUS).as_posix() for text in TEXTS}
    known |= {path.relative_to(CORPUS).as_posix() for path in shipped()}
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", body(path)):
        parts: list[str] = []
        for part in (here / target).parts:
            parts = parts[:-1] if part == ".." else [*parts, part]
        assert "/".join(parts) in known, target


@each
def test_no_paragraph_leans_on_another(path: Path) -> None:
    assert [p[:60] for p in paragraphs(path) if re.match(LEANING, p)] == []


@each_note
def test_the_length_is_that_of_an_hour_of_reading(path: Path) -> None:
    assert 900 <= len(prose(path).split()) <= 2500


@each_lesson
def test_a_lesson_fits_a_page_and_has_what_a_trainer_needs(path: Path) -> None:
    text, is_outline = body(path), path.stem == "00-course-outline"
    headings = re.findall(r"(?m)^## (.+)$", text)
    assert is_outline or headings == SECTIONS
    assert {"Objectives", "Key points for the trainer", "Further reading"} <= set(headings)
    shortest, longest = (600, 1100) if is_outline else (350, 600)
    assert shortest <= len(prose(path).split()) <= longest
    assert len(re.findall(r"\]\(\.\./(?:doctrine|cases)/", text)) >= 5


@pytest.mark.parametrize("path", LESSONS[1:], ids=lambda path: path.stem)
def test_a_lesson_can_be_taught_as_it_is_written(path: Path) -> None:
    """Each question leads to a note, the exercise has its minutes and a real case, and primary texts are named."""
    parts = dict(re.findall(r"(?ms)^## ([^\n]+)\n(.+?)(?=^## |\Z)", body(path)))
    questions = re.findall(r"(?m)^\d\. (.+)$", parts["Questions to discuss"])
    assert len(questions) == 3
    assert [question for question in questions if "](../" not in question] == []
    assert 3 <= len(re.findall(r"(?m)^- ", parts["Objectives"])) <= 4
    assert 30 <= int(re.findall(r"\((\d+) minutes", parts["Exercise"])[0]) <= 45
    assert "Debrief" in parts["Exercise"] and re.search(r"\]\(\.\./(?:cases|doctrine)/", parts["Exercise"])
    primary = parts["Further reading"].partition("Primary texts: ")[2]
    assert len(primary.split("; ")) >= 2


def test_the_outline_links_the_lessons_in_order() -> None:
    outline = body(CORPUS / "lessons" / "00-course-outline.md")
    links = re.findall(r"\]\((\d\d-[\w-]+\.md)\)", outline)
    assert links == [path.name for path in LESSONS[1:]]


@each
def test_chronologies_are_in_order(path: Path) -> None:
    for rows in re.findall(r"(?m)^\| Date \|.*\n\|[-| :]+\n((?:\|.*\n)+)", body(path)):
        dates = [period(re.sub(r"\[\^\w+\]", "", row.split("|")[1])) for row in rows.splitlines()]
        assert all(before[0] <= after[1] for before, after in pairwise(dates)), dates


def period(words: str) -> tuple[date, date]:
    """The first and the last day that "28 April 2014", "May and June 2015" or "2003 to 2005" can mean."""
    year = re.findall(r"\d{4}", words)
    months = [number for number, name in enumerate(month_name) if name and name in words]
    days = [int(found) for found in re.findall(r"\b(\d{1,2}) [A-Z]", words)]
    first = date(int(year[0]), months[0] if months else 1, days[0] if days else 1)
    last_month = months[-1] if months else 12
    last_day = days[-1] if days else monthrange(int(year[-1]), last_month)[1]
    return first, date(int(year[-1]), last_month, last_day)


def test_no_two_documents_share_nine_words_in_a_row() -> None:
    places = defaultdict(set)
    for path in TEXTS:
        for block in re.split(r"\n\s*\n|\|", prose(path)):
            words = re.findall(r"[a-z0-9]+(?:['’][a-z]+)?", block.lower())
            for start in range(len(words) - 8):
                places[tuple(words[start : start + 9])].add(path.stem)
    assert {run: stems for run, stems in places.items() if len(stems) > 1} == {}


def shipped() -> list[Path]:
    return sorted(path for folder in ("doctrine", "cases", "lessons") for path in (CORPUS / folder).iterdir())


def test_every_document_is_read_without_a_warning() -> None:
    for path in shipped():
        document = read(path, path.relative_to(CORPUS).as_posix())
        assert isinstance(document, Document), document
        assert document.warnings == (), path
        assert document.notes or path in LESSONS, path


def test_a_document_is_shipped_once() -> None:
    stems = [path.stem for path in shipped()]
    assert len(stems) == len(set(stems))


def test_the_list_of_sources_is_current() -> None:
    done = subprocess.run([sys.executable, MASTERS / "list_sources.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("today", "is_named"), [("2026-10", False), ("2027-02", False), ("2040-01", True)])
def test_case_studies_that_are_not_closed_grow_stale(today: str, is_named: bool) -> None:
    """The Alliance of Sahel States goes on; Guatemala is a finished case."""
    command = [sys.executable, MASTERS / "stale_cases.py", "--today", today]
    done = subprocess.run(command, capture_output=True, text=True)
    assert ("alliance-of-sahel-states.md" in done.stdout) == is_named
    assert "guatemala.md" not in done.stdout
    assert done.returncode == bool(done.stdout)


@pytest.mark.slow
def test_typesetting_gives_the_same_bytes() -> None:
    done = subprocess.run([sys.executable, MASTERS / "typeset.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_glossary_explains_each_term_in_a_document() -> None:
    with (CORPUS / "glossary.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["term", "expansion", "meaning", "document"]
    assert len({row["term"] for row in rows}) == len(rows)
    for row in rows:
        assert (CORPUS / row["document"]).is_file(), row
        assert row["meaning"].endswith("."), row
