"""Which pages there are, and what all of them share: title, width, language."""

import streamlit as st

from assistant.ui import chat, library, overview, quality, staff
from assistant.ui.access import staff_access
from assistant.ui.languages import choose_language, text
from assistant.ui.page_frame import frame_page


def run() -> None:
    """Draw the page that the address names."""
    # Before the pages: Streamlit would fetch the icon of one of them from fonts.gstatic.com for the browser's tab.
    st.set_page_config(page_icon="📖", layout="centered")
    page = st.navigation(
        [
            st.Page(chat.page, title=text("chat.title"), icon=":material/forum:", default=True),
            st.Page(library.page, title=text("library.nav"), icon=":material/library_books:", url_path="library"),
            st.Page(overview.page, title=text("overview.nav"), icon=":material/bar_chart:", url_path="overview"),
            *([staff.as_page()] if staff_access() != "closed" else []),
            st.Page(quality.page, title=text("quality.title"), icon=":material/monitoring:", url_path="quality"),
        ]
    )
    st.set_page_config(page_title=f"{page.title} · SSR Assistant")
    page.run()
    choose_language()
    frame_page()
