"""Pictures of the library: what it holds, which themes it covers, what it is asked and cannot answer."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from assistant.library import Library
from assistant.settings import Settings
from assistant.ui.languages import text
from assistant.ui.plain import isolated, shortened
from assistant.ui.shelves import open_library

# The themes of the field's overview article, each with the words that a passage on it is known by.
THEMES: Mapping[str, Sequence[str]] = {
    "accountability": ("accountability", "oversight"),
    "rule_of_law": ("rule of law",),
    "governance": ("governance",),
    "challenges": ("challenge", "obstacle"),
    "best_practices": ("best practice", "good practice", "lessons learned"),
    "sierra_leone": ("sierra leone",),
    "kosovo": ("kosovo",),
    "liberia": ("liberia",),
    "united_nations": ("united nations",),
    "nato": ("nato", "north atlantic treaty organization"),
    "regional": ("african union", "european union", "ecowas", "osce"),
    "peacekeeping": ("peacekeeping", "peacekeepers"),
    "future": ("future", "emerging", "trend"),
}
_EVERYTHING = 1_000_000  # passages: more than a library holds
_BARS = 12  # organisations and documents shown
_QUESTIONS = 50  # unanswered questions shown
_PERIOD = re.compile(r"(\d{4})(?:\s*[-–]\s*(\d{4}))?")
_LONGEST_PERIOD = 200  # years: more is a slip
_LABEL = 60  # characters of a title beside its bar


@dataclass(frozen=True, slots=True)
class Asked:
    """What the log of questions says: totals, citations by source, and how often each unanswered question came."""

    questions: int
    unanswered: Mapping[str, int]
    cited: Mapping[str, int]


def page() -> None:
    """Draw the pictures."""
    st.title(text("overview.heading"))
    library = open_library()
    if library is None:
        return
    _organisations(library)
    _years(library)
    _themes(library)
    _asked(library)


def _bars(values: Mapping[str, int], what: str, *, upright: bool = False) -> None:
    """A bar for each name; its text alternative names the values."""
    named = {name: isolated(name) for name in values}
    said = "; ".join(f"{named[name]}: {count}" for name, count in values.items())
    column, counted = text("overview.name"), text(what)
    st.bar_chart(
        {column: list(named.values()), counted: list(values.values())},
        x=column,
        y=counted,
        x_label="",
        y_label=counted,
        horizontal=not upright,
        sort=column if upright else f"-{counted}",
        alt=said,
    )


def _organisations(library: Library) -> None:
    st.header(text("overview.organisations"))
    named = [info.metadata.organisations or (info.metadata.publisher,) for info in library.documents()]
    counts = Counter(name for names in named for name in names if name)
    if counts:
        _bars({shortened(name, _LABEL): count for name, count in counts.most_common(_BARS)}, "overview.documents")
    unknown = sum(not any(names) for names in named)
    st.caption(text("overview.rest", shown=min(len(counts), _BARS), all=len(counts), unknown=unknown))


def _years(library: Library) -> None:
    """By the years that documents are about, and by those in which they were published."""
    documents = [info.metadata for info in library.documents()]
    about = Counter(year for data in documents for year in years_of(data.period))
    if about:
        st.header(text("overview.about_years"))
        _bars(
            {str(year): about[year] for year in range(min(about), max(about) + 1)}, "overview.documents", upright=True
        )
    published = Counter(data.year for data in documents if data.year)
    if len(published) > 1:
        st.header(text("overview.years"))
        _bars({str(year): count for year, count in sorted(published.items())}, "overview.documents", upright=True)


def years_of(period: str | None) -> range:
    """The years of a period as sources.csv has it.

    >>> list(years_of("2001-2003")), list(years_of("2014")), list(years_of("today"))
    ([2001, 2002, 2003], [2014], [])
    """
    found = _PERIOD.fullmatch((period or "").strip())
    if found is None:
        return range(0)
    first, last = int(found[1]), int(found[2] or found[1])
    return range(first, last + 1) if last - first < _LONGEST_PERIOD else range(0)


@st.cache_data(show_spinner=False, max_entries=3)
def coverage(generation: str, _library: Library) -> dict[str, tuple[int, int]]:
    """By theme, how many documents and how many passages have its words in them."""
    source_of = {p.id: i.source for i in _library.documents() for p in _library.passages_of(i.source)}
    found = {theme: [key for key, _ in _library.full_text(words, _EVERYTHING)] for theme, words in THEMES.items()}
    return {theme: (len({source_of[key] for key in keys}), len(keys)) for theme, keys in found.items()}


def _themes(library: Library) -> None:
    st.header(text("overview.themes"))
    st.write(text("overview.themes_help"))
    covered = coverage(library.generation, library)
    _bars({text(f"overview.{theme}"): passages for theme, (_, passages) in covered.items()}, "overview.passages")
    with st.expander(text("overview.as_table")):
        rows = [
            {
                text("overview.theme"): text(f"overview.{theme}"),
                text("overview.documents"): documents,
                text("overview.passages"): passages,
                text("overview.words"): ", ".join(THEMES[theme]),
            }
            for theme, (documents, passages) in covered.items()
        ]
        st.table(rows)


def read_log(path: Path) -> Asked:
    """What `questions.jsonl` says; a broken line, such as one being written, is passed over."""
    questions, unanswered, cited = 0, Counter[str](), Counter[str]()
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    for line in lines:
        try:
            entry = json.loads(line)
            question, status, sources = str(entry["question"]), entry["status"], [str(s) for s in entry["sources"]]
        except (ValueError, KeyError, TypeError):
            continue
        questions += 1
        cited.update(sources)
        if status == "abstained":
            unanswered[" ".join(question.split())] += 1
    return Asked(questions, dict(unanswered.most_common()), dict(cited.most_common()))


def _asked(library: Library) -> None:
    asked = read_log(Settings().state / "questions.jsonl")
    titles = {info.source: info.metadata.title or info.source for info in library.documents()}
    st.header(text("overview.cited"))
    st.caption(text("overview.kept"))
    if not asked.questions:
        st.info(text("overview.none_asked"))
        return
    top = [(source, count) for source, count in asked.cited.items() if source in titles][:_BARS]
    if top:
        _bars({shortened(titles[source], _LABEL): count for source, count in top}, "overview.answers")
    st.header(text("overview.unanswered"))
    share = round(100 * sum(asked.unanswered.values()) / asked.questions)
    st.write(text("overview.share", percent=share, questions=asked.questions))
    for question, count in list(asked.unanswered.items())[:_QUESTIONS]:
        st.text(isolated(f"{count} × {question}"))
