"""For those who look after the library: add documents, withdraw them, go back to an earlier generation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

import streamlit as st

from assistant.errors import AssistantError, LibraryError
from assistant.library import DocumentInfo, Library
from assistant.library.corpus import files_of
from assistant.library.generations import Generations, Manifest
from assistant.library.matching import descriptions_of
from assistant.library.reports import IngestReport
from assistant.library.shelving import folders_of, free_name
from assistant.reading.pdf.ocr import INSTALL, is_installed
from assistant.records import Kind, Metadata
from assistant.settings import Settings
from assistant.ui.access import ask_for_access, staff_access
from assistant.ui.languages import text
from assistant.ui.plain import isolated, plain
from assistant.ui.previews import Preview, previews_of
from assistant.ui.staff_questions import show_questions
from assistant.ui.staff_tasks import NewFile, adding, rolling_back, updating, withdrawing
from assistant.ui.work import Task, work

MOST_FILES = 20  # at once
_EDITED = ("title", "kind", "year", "publisher", "status")
_LONGEST_CELL = 300
_MOST_WARNINGS = 50  # of a file; its page in the library has all
_MOST_ROWS = 10  # of sources.csv that are named


def as_page() -> st.Page:
    """The page as it stands among the others, and as others lead to it."""
    return st.Page(page, title=text("staff.nav"), icon=":material/inventory:", url_path="staff")


def page() -> None:
    """Draw what staff may do, or the way in."""
    st.title(text("staff.heading"))
    access = staff_access()
    if access == "closed":
        st.info(text("staff.closed"))
        return
    if access != "open":
        ask_for_access(access)
        return
    if work().is_running:
        _progress()
        return
    _outcome()
    settings, documents = Settings(), _documents()
    _rows_without_file(settings)
    tabs = ("staff.add", "staff.withdraw", "staff.generations", "questions.tab")
    add, withdraw, history, questions = st.tabs([text(name) for name in tabs])
    with add:
        _add(settings, documents)
    with withdraw:
        _withdraw(settings, documents)
    with history:
        _generations(settings)
    with questions:
        show_questions(settings)
        _update(settings, "update_questions", ocr=False)


def _documents() -> list[DocumentInfo]:
    """What the library holds; nothing before there is one."""
    try:
        with Library.open(Settings().library) as library:
            return library.documents()
    except LibraryError:
        return []


# Work under way


def _begin(task: Task) -> None:
    if work().start(task):
        st.session_state.uploads = st.session_state.get("uploads", 0) + 1  # another key: an empty list of files
        st.session_state.pop("previews", None)
    else:
        st.session_state.busy = True


@st.fragment(run_every=0.5)
def _progress() -> None:
    """How far the work has come, looked at twice a second."""
    if not work().is_running:
        st.rerun()
    done = work().progress
    if done is None or not done.total:
        st.progress(0.0, text(f"staff.stage_{done.stage if done else 'looking'}"))
    else:
        label = f"{text(f'staff.stage_{done.stage}')} {done.done}/{done.total} {isolated(done.source)}"
        st.progress(done.done / done.total, plain(label))
    st.caption(text("staff.goes_on"))


def _rows_without_file(settings: Settings) -> None:
    """The rows of sources.csv that describe no file, until somebody puts them right."""
    if not settings.corpus.is_dir():
        return
    try:
        rows = descriptions_of(settings.corpus, files_of(settings.corpus).keys()).without_file
    except AssistantError as error:
        st.warning(plain(str(error)))
        return
    if rows:
        listed = ", ".join(f"{row.path} ({row.line})" for row in rows[:_MOST_ROWS])
        more = ", ..." if len(rows) > _MOST_ROWS else ""
        st.warning(plain(text("staff.rows_without_file", count=len(rows), rows=listed + more)))


def _outcome() -> None:
    """What the last work did, until it is put away."""
    if st.session_state.pop("busy", False):
        st.warning(text("staff.busy"))
    if work().error:
        st.error(plain(work().error or ""))
    elif report := work().report:
        st.success(plain(_in_words(report)))
        for note in report.notes:
            st.caption(plain(note))
        for file in report.files:
            if file.status == "refused":
                st.text(isolated(f"{file.path}: {file.message}"))
        for file in report.newly_warned:
            with st.expander(plain(text("staff.warnings", count=len(file.warnings), source=file.path))):
                for warning in file.warnings[:_MOST_WARNINGS]:
                    st.text(isolated(warning))
    else:
        return
    st.button(text("staff.done"), on_click=work().forget)


def _in_words(report: IngestReport) -> str:
    if not report.files:
        return text("staff.switched", generation=report.generation)
    counts = {str(status): count for status, count in report.counts.items()}
    return f"{_counts(counts)} {text('staff.switched', generation=report.generation)}"


def _counts(counts: Mapping[str, int]) -> str:
    """How many files were added, updated and so on, in words."""
    return ", ".join(f"{count} {text(f'staff.{status}')}" for status, count in counts.items() if count) + "."


# Adding


def _add(settings: Settings, documents: Sequence[DocumentInfo]) -> None:
    st.write(text("staff.add_help", most=MOST_FILES, megabytes=settings.max_file_mb))
    ocr = is_installed() and st.checkbox(text("staff.ocr"), key="staff_ocr")
    if not is_installed():
        st.caption(plain(f"{text('staff.no_ocr')} {INSTALL}"))
    uploaded = st.file_uploader(
        text("staff.files"),
        accept_multiple_files=True,
        max_upload_size=settings.max_file_mb,
        key=f"uploads_{st.session_state.get('uploads', 0)}",
    )
    if len(uploaded) > MOST_FILES:
        st.error(text("staff.too_many", most=MOST_FILES))
        return
    files = {f"{file.file_id} {ocr}": (file.name, file.getvalue()) for file in uploaded}
    previews = _previews(files, documents, settings, ocr=ocr)
    for preview in previews.values():
        if preview.refused:
            st.error(plain(preview.refused), icon=":material/block:")
    good = {key: preview for key, preview in previews.items() if not preview.refused}
    if good:
        _choose(good, {key: files[key][1] for key in good}, settings, ocr=ocr)
    else:
        _update(settings, "update", ocr=ocr)


def _update(settings: Settings, key: str, *, ocr: bool) -> None:
    """The button that does what ingest does."""
    task = updating(settings, ocr=ocr)
    st.button(text("staff.update"), key=key, help=text("staff.update_help"), on_click=_begin, args=(task,))


def _previews(
    files: Mapping[str, tuple[str, bytes]], documents: Sequence[DocumentInfo], settings: Settings, *, ocr: bool
) -> dict[str, Preview]:
    """A preview of each file; each is read once."""
    known: dict[str, Preview] = st.session_state.get("previews", {})
    new = {key: file for key, file in files.items() if key not in known}
    if new:
        with st.spinner(text("staff.reading", files=len(new))):
            known = {**known, **previews_of(new, documents, settings, ocr=ocr)}
    st.session_state.previews = {key: known[key] for key in files}
    return {key: known[key] for key in files}


def _choose(previews: Mapping[str, Preview], data: Mapping[str, bytes], settings: Settings, *, ocr: bool) -> None:
    """The files that can go in, with what is known of them to be put right, and the button that adds them."""
    folder = st.selectbox(
        text("staff.folder"), folders_of(settings.corpus), format_func=lambda name: isolated(name) or text("staff.top")
    )
    sources: list[str] = []
    for preview in previews.values():
        sources.append(free_name(settings.corpus, folder, preview.name, sources))
    st.caption(text("staff.edit_help"))
    rows = st.data_editor(
        [_row(source, preview) for source, preview in zip(sources, previews.values(), strict=True)],
        column_config=_columns(),
        hide_index=True,
        key=f"editor_{st.session_state.get('uploads', 0)}_{len(previews)}",
    )
    for preview in previews.values():
        _look_into(preview)
    files, shown = [], []
    for row, source, key in zip(rows, sources, previews, strict=True):
        said = _said(row, previews[key].metadata)
        if row["add"]:
            files.append(NewFile(source, data[key], said if said != previews[key].metadata else None))
            shown.append(said)
    st.button(
        text("staff.add_button", files=len(files)),
        disabled=not files,
        on_click=_begin,
        args=(adding(settings, files, shown, ocr=ocr),),
    )


def _row(source: str, preview: Preview) -> dict[str, Any]:
    known = {name: getattr(preview.metadata, name) for name in _EDITED}
    return {"add": preview.same_as is None, "file": source, **known, "pages": preview.pages}


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "add": column.CheckboxColumn(text("staff.column_add")),
        "file": column.TextColumn(text("library.source"), disabled=True),
        "title": column.TextColumn(text("library.title"), max_chars=_LONGEST_CELL),
        "kind": column.SelectboxColumn(text("library.kind"), options=list(get_args(Kind))),
        "year": column.NumberColumn(text("library.year"), min_value=1000, max_value=2200, step=1, format="%d"),
        "publisher": column.TextColumn(text("library.publisher"), max_chars=_LONGEST_CELL),
        "status": column.TextColumn(text("library.status"), max_chars=_LONGEST_CELL),
        "pages": column.NumberColumn(text("library.pages"), disabled=True),
    }


def _said(row: Mapping[str, Any], guessed: Metadata) -> Metadata:
    """What a row of the editor says; what it does not show stays as the file has it."""
    values: dict[str, Any] = {name: " ".join(str(row[name]).split()) if row[name] else None for name in _EDITED}
    values["year"] = int(row["year"]) if row["year"] and row["year"] == row["year"] else None  # an empty cell is NaN
    values["kind"] = row["kind"] if row["kind"] in get_args(Kind) else None
    return replace(guessed, **values)


def _look_into(preview: Preview) -> None:
    with st.expander(plain(preview.name)):
        if preview.same_as:
            st.warning(plain(text("staff.same_as", source=preview.same_as)))
        if preview.pages_without_text:
            st.warning(text("staff.empty_pages", empty=preview.pages_without_text, pages=preview.pages))
        for warning in preview.warnings:
            st.caption(plain(warning))
        st.text(preview.beginning)


# Withdrawing, going back


def _withdraw(settings: Settings, documents: Sequence[DocumentInfo]) -> None:
    st.write(text("staff.withdraw_help"))
    titles = {info.source: isolated(f"{info.metadata.title or info.source} – {info.source}") for info in documents}
    source = st.selectbox(
        text("staff.which"), list(titles), index=None, format_func=titles.__getitem__, key="withdraw_which"
    )
    sure = st.checkbox(text("staff.sure"), key="withdraw_sure")
    st.button(
        text("staff.withdraw_button"),
        disabled=not (source and sure),
        on_click=_begin,
        args=(withdrawing(settings, source or ""),),
    )


def _generations(settings: Settings) -> None:
    st.write(text("staff.generations_help"))
    generations = Generations(settings.library)
    names = generations.all()
    try:
        current = generations.current()
        manifests = [Manifest.read(generations.folder(name)) for name in reversed(names)]
    except LibraryError as error:
        st.info(plain(str(error)))
        return
    st.table(
        [
            {
                text("staff.made"): manifest.created.replace("T", " ").removesuffix("+00:00") + " UTC",
                text("staff.in_use"): text("staff.yes") if manifest.generation == current else "",
                text("library.documents"): manifest.counts["documents"],
                text("library.passages"): manifest.counts["passages"],
                text("staff.changed"): _counts(manifest.changes),
            }
            for manifest in manifests
        ]
    )
    earlier = [name for name in names if name < current]
    sure = st.checkbox(text("staff.sure_back"), key="back_sure", disabled=not earlier)
    st.button(
        text("staff.back_button"), disabled=not (earlier and sure), on_click=_begin, args=(rolling_back(settings),)
    )
