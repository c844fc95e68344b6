"""Which pages there are, and what all of them share: title, width, language."""

import streamlit as st

from assistant.ui import chat, quality
from assistant.ui.languages import choose_language, text


def run() -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title="SSR Assistant", page_icon=":material/menu_book:", layout="centered")
    page = st.navigation(
        [
            st.Page(chat.page, title=text("chat.title"), icon=":material/forum:", default=True),
            st.Page(quality.page, title=text("quality.title"), icon=":material/monitoring:", url_path="quality"),
        ]
    )
    page.run()
    choose_language()
