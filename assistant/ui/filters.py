"""The filters in the sidebar: which documents may answer."""

import streamlit as st

from assistant.library import Library
from assistant.records import Filters
from assistant.ui.languages import text


def choose_filters(library: Library) -> Filters:
    """Draw the choices that the library offers, with counts; what is chosen."""
    documents = [info.metadata for info in library.documents()]
    st.sidebar.subheader(text("filters.heading"))
    kind = _choices("kind", [(data.kind,) if data.kind else () for data in documents])
    country = _choices("country", [data.country for data in documents])
    mission = _choices("mission", [data.mission for data in documents])
    organisation = _choices("organisation", [data.organisations for data in documents])
    years = [data.year for data in documents if data.year]
    year_from, year_to = _years(years)
    return Filters(kind, country, mission, organisation, year_from, year_to)


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
            format_func=lambda name: f"{name} ({counts[name]})",
            key=f"filter_{field}",
        )
    )


def _years(years: list[int]) -> tuple[int | None, int | None]:
    if not years or min(years) == max(years):
        return None, None
    low, high = st.sidebar.slider(text("filters.years"), min(years), max(years), (min(years), max(years)))
    return (low if low > min(years) else None), (high if high < max(years) else None)
