"""What every page needs and Streamlit has no setting for: the language of its words, and its ground as a colour.

Streamlit calls every page English, so that a screen reader would speak French words wrongly; and it writes chosen
filters in white, which nobody can read on the light blue of the dark theme: here they have the colour of the ground.
It keeps to the end of a page that has a box for questions pinned to its foot: here the box is held there by its style,
so that the page can begin with a question and its answer.
"""

import streamlit as st

from assistant.ui.languages import current

_CSS = """
.stMultiSelect :has(> span[title]),
.stMultiSelect :has(> span[title]) * { color: var(--ssr-background) !important; }
:has(> .st-key-ask_box) { position: sticky; bottom: 0; z-index: 5; background: var(--ssr-background);
  padding: .5rem 0 1rem; }
.stMainBlockContainer:has(.st-key-ask_box) { padding-bottom: 0; }
[class*='st-key-question_'] { scroll-margin-top: 4rem; }
"""

_JS = """
export default function({ data }) {
  const page = document.documentElement;
  page.lang = data.language;
  const ground = getComputedStyle(document.querySelector('.stApp')).backgroundColor;
  page.style.setProperty('--ssr-background', ground);
}
"""

_FRAME = st.components.v2.component("ssr_page_frame", css=_CSS, js=_JS, isolate_styles=False)


def frame_page() -> None:
    """Set both for the language and the theme of the session; draws nothing."""
    with st.sidebar:
        _FRAME(data={"language": current(), "theme": st.context.theme.type}, key="page_frame")
