"""The words of the pages, one file for each language; documents and answers stay in their own."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st
from babel import Locale

DEFAULT = "en"


@cache
def available() -> dict[str, dict[str, Any]]:
    """Every language file beside this module by its code: a further language is one more file."""
    found = (entry for entry in files(__package__).iterdir() if entry.name.endswith(".toml"))
    return {entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text("utf-8")) for entry in found}


def current() -> str:
    """The code of the language of this session: `?lang=` in the address, else what was chosen, else English."""
    chosen = st.query_params.get("lang") or st.session_state.get("language")
    return chosen if chosen in available() else DEFAULT


def text(key: str, /, **values: Any) -> str:
    """The words for `section.name` in the language of the session, with its {placeholders} filled.

    Words that differ with a number stand as {one = ..., other = ...}; the first value chooses.
    """
    section, name = key.split(".")
    language = current() if name in available()[current()].get(section, {}) else DEFAULT
    words = available()[language][section][name]
    if isinstance(words, dict):
        form = Locale(language).plural_form(next(iter(values.values())))
        words = words.get(form, words["other"])
    return str(words).format(**values)


def choose_language() -> None:
    """A choice of language at the foot of the sidebar."""
    codes = sorted(available())

    def chosen() -> None:
        st.query_params["lang"] = st.session_state.language

    st.sidebar.selectbox(
        text("sidebar.language"),
        codes,
        index=codes.index(current()),
        format_func=lambda code: available()[code]["name"],
        key="language",
        on_change=chosen,
    )
