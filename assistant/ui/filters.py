"""The filters in the sidebar: which documents may answer."""

from collections.abc import Mapping

import streamlit as st

from assistant.library import Library
from assistant.records import Filters
from assistant.ui.languages import text
from assistant.ui.plain import isolated

_FIELDS = ("kind", "country", "mission", "organisation")


def choose_filters(library: Library) -> Filters:
    """Draw the choices that the library offers, with counts; what is chosen."""
    documents = [info.metadata for info in library.documents()]
    st.sidebar.subheader(text("filters.heading"))
    kind = _choices("kind", [(data.kind,) if data.kind else () for data in documents])
    country = _choices("country", [data.country for data in documents])
    mission = _choices("mission", [data.mission for data in documents])
    organisation = _choices("organisation", [data.organisations for data in documents])
    year_from, year_to = _years(_known_years(library))
    filters = Filters(kind, country, mission, organisation, year_from, year_to)
    if filters != Filters():
        st.sidebar.button(text("filters.clear"), on_click=clear_filters, icon=":material/filter_alt_off:")
    return filters


def clear_filters() -> None:
    """Take all filters of this session away."""
    for key in [*(f"filter_{field}" for field in _FIELDS), "filter_years"]:
        st.session_state.pop(key, None)


def preset_filters(asked: Mapping[str, list[str]], library: Library) -> None:
    """Choose the filters that a link names, before they are drawn; what the library does not have is left out."""
    documents = [info.metadata for info in library.documents()]
    offered = {"kind": {data.kind for data in documents if data.kind}, **library.names()}
    for field in _FIELDS:
        names = {name.casefold(): name for name in offered[field]}
        known = [names[value.casefold()] for value in asked.get(field, []) if value.casefold() in names]
        if known:
            st.session_state[f"filter_{field}"] = list(dict.fromkeys(known))
    years = _known_years(library)
    if years and (asked.get("year_from") or asked.get("year_to")):
        low = _year(asked.get("year_from"), min(years))
        high = _year(asked.get("year_to"), max(years))
        low, high = max(min(years), low), min(max(years), high)
        if low <= high:
            st.session_state.filter_years = (low, high)


def _year(values: list[str] | None, otherwise: int) -> int:
    return int(values[0]) if values and values[0].isdecimal() and len(values[0]) == 4 else otherwise


def _known_years(library: Library) -> list[int]:
    return [info.metadata.year for info in library.documents() if info.metadata.year]


def _choices(field: str, values: list[tuple[str, ...]]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for names in values:
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    if not counts:
        return ()
    return tuple(
        st.sidebar.multiselect(
            text(f"filters.{field}"),
            sorted(counts),
            format_func=lambda name: f"{isolated(name)} ({counts[name]})",
            key=f"filter_{field}",
            placeholder=text("filters.all"),
            persist_state="session",
        )
    )


def _years(years: list[int]) -> tuple[int | None, int | None]:
    if not years or min(years) == max(years):
        return None, None
    bounds = (min(years), max(years))
    low, high = st.sidebar.slider(
        text("filters.years"), bounds[0], bounds[1], bounds, key="filter_years", persist_state="session"
    )
    return (low if low > min(years) else None), (high if high < max(years) else None)
