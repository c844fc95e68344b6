"""The library: which documents there are, and each as the assistant sees it."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from assistant.errors import AssistantError
from assistant.library import DocumentInfo, Library
from assistant.library.reading_list import reading_list
from assistant.settings import Settings
from assistant.ui.document_view import show_document
from assistant.ui.languages import text
from assistant.ui.plain import WEB_ADDRESS, isolated, plain
from assistant.ui.shelves import open_library

_SORTS = ("title", "year", "kind", "organisation", "pages", "passages", "source")
_MOST_REFUSED = 100


def page() -> None:
    """Draw the document that the address names, or all of them."""
    library = open_library()
    if library is None:
        return
    named = st.query_params.get("document")
    if named is not None:
        try:
            info = library.document(named)
        except KeyError:
            st.title(text("library.heading"))
            st.warning(text("library.unknown"))
            del st.query_params["document"]
        else:
            show_document(info, library, _close)
            return
    else:
        st.title(text("library.heading"))
    _list(library)


def _close() -> None:
    st.query_params.pop("document", None)


def _list(library: Library) -> None:
    infos = library.documents()
    pages, passages = sum(info.pages for info in infos), sum(info.passages for info in infos)
    st.write(text("library.line", documents=len(infos), pages=f"{pages:,}", passages=f"{passages:,}"))
    words, order = st.columns([3, 1])
    wanted = words.text_input(text("library.search"), key="library_search", max_chars=200)
    by = order.selectbox(
        text("library.sort"), _SORTS, format_func=lambda name: text(f"library.{name}"), key="library_sort"
    )
    found = sorted((info for info in infos if _matches(info, wanted)), key=lambda info: _sort_key(info, by))
    st.caption(text("library.found", found=len(found), all=len(infos)))
    _table(found)
    st.selectbox(
        text("library.open"),
        [info.source for info in found],
        index=None,
        format_func={info.source: _name(info) for info in found}.__getitem__,
        placeholder=text("library.open_placeholder"),
        key="library_open",
        on_change=_open_chosen,
    )
    _wanted(infos)
    _refused(library)


def _wanted(infos: Sequence[DocumentInfo]) -> None:
    """The primary texts of the reading list, those that the library has ticked off."""
    try:
        texts = reading_list(Settings().corpus)
    except AssistantError as error:
        st.warning(plain(str(error)))
        return
    if not texts:
        return
    known = [info.metadata for info in infos]
    rows = [
        {
            text("library.held"): one.is_among(known),
            text("library.title"): isolated(one.title),
            text("library.symbol"): isolated(one.symbol),
            text("library.year"): isolated(one.year),
            text("library.publisher"): isolated(one.publisher),
            text("library.address"): one.address if WEB_ADDRESS.fullmatch(one.address) else None,
            text("library.why"): isolated(one.why),
            text("library.licence"): isolated(one.licence),
        }
        for one in texts
    ]
    held = sum(bool(row[text("library.held")]) for row in rows)
    heading = text("library.wanted", all=len(texts), held=held)
    with st.expander(heading):
        st.write(text("library.wanted_help"))
        st.dataframe(
            rows,
            hide_index=True,
            column_config={text("library.address"): st.column_config.LinkColumn()},
            key="reading_list",
            alt=heading,
        )


def _open_chosen() -> None:
    if source := st.session_state.library_open:
        st.query_params["document"] = source


def _table(found: Sequence[DocumentInfo]) -> None:
    """The documents as a table; a chosen row opens its document."""
    if not found:
        st.info(text("library.nothing"))
        return

    def open_row() -> None:
        if rows := st.session_state.library_table.selection.rows:
            st.query_params["document"] = found[rows[0]].source

    st.dataframe(
        [_row(info) for info in found],
        hide_index=True,
        on_select=open_row,
        selection_mode="single-row",
        key="library_table",
        alt=text("library.table", documents=len(found)),
    )


def _row(info: DocumentInfo) -> dict[str, Any]:
    data = info.metadata
    return {
        text("library.title"): isolated(data.title or info.source),
        text("library.kind"): data.kind,
        text("library.organisation"): isolated(data.publisher or "; ".join(data.organisations)),
        text("library.year"): data.year,
        text("library.pages"): info.pages,
        text("library.passages"): info.passages,
        text("library.status"): isolated(data.status or ""),
        text("library.source"): isolated(info.source),
    }


def _matches(info: DocumentInfo, wanted: str) -> bool:
    """Whether all words stand somewhere in what is known of a document; capitals do not matter."""
    data = info.metadata
    known = [data.title, data.kind, data.symbol, data.publisher, data.status, str(data.year or ""), info.source]
    known += [*data.organisations, *data.country, *data.mission]
    said = " ".join(part for part in known if part).casefold()
    return all(word in said for word in wanted.casefold().split())


def _sort_key(info: DocumentInfo, by: str) -> tuple[Any, ...]:
    """Numbers from the largest; unknown values last; then by title."""
    data, title = info.metadata, (info.metadata.title or info.source).casefold()
    match by:
        case "year":
            return (-(data.year or 0), title)
        case "pages":
            return (-info.pages, title)
        case "passages":
            return (-info.passages, title)
        case "kind":
            return (data.kind is None, data.kind or "", title)
        case "organisation":
            return (data.publisher is None, (data.publisher or "").casefold(), title)
        case "source":
            return (info.source,)
    return (title,)


def _name(info: DocumentInfo) -> str:
    year = f" ({info.metadata.year})" if info.metadata.year else ""
    return isolated(f"{info.metadata.title or info.source}{year}")


def _refused(library: Library) -> None:
    """Files that are in the folder and not in the library, with why and the way out."""
    refusals, duplicates = library.refusals(), library.duplicates()
    if not refusals and not duplicates:
        return
    with st.expander(text("library.left_out", count=len(refusals) + len(duplicates))):
        for refusal in refusals[:_MOST_REFUSED]:
            st.text(isolated(f"{refusal.source}: {refusal.message}"))
        for duplicate in duplicates[:_MOST_REFUSED]:
            st.text(isolated(text("library.duplicate", source=duplicate.source, same=duplicate.same_as)))
