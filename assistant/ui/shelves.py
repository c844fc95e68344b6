"""The library as the pages see it: opened once for the process, moved on when there is a newer generation."""

import streamlit as st

from assistant.errors import AssistantError, NoLibrary
from assistant.library import Library
from assistant.settings import Settings
from assistant.ui.languages import text
from assistant.ui.plain import plain


@st.cache_resource(show_spinner=False)
def _opened() -> Library:
    return Library.open(Settings().library)


def open_library() -> Library | None:
    """The newest generation, for this run of the page; None, said in words, where there is none."""
    try:
        library = _opened()
        library.refresh()
    except NoLibrary:
        st.warning(text("chat.no_library"))
        st.text(text("chat.no_library_help", corpus=str(Settings().corpus)))
        return None
    except AssistantError as error:
        st.error(plain(str(error)))
        return None
    return library
