"""Tells the browser in which language the page's own words are, so that a screen reader speaks them rightly.

Streamlit calls every page English.
"""

import streamlit as st

from assistant.ui.languages import current

_JS = "export default function({ data }) { document.documentElement.lang = data.language; }"

_LANGUAGE = st.components.v2.component("ssr_page_language", js=_JS)


def say_language() -> None:
    """Name the language of the session in the page; draws nothing."""
    with st.sidebar:
        _LANGUAGE(data={"language": current()}, key="page_language")
