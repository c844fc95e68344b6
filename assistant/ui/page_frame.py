"""What every page needs and Streamlit has no setting for: the language of its words, and ink on the primary colour.

Streamlit calls every page English, so that a screen reader would speak French words wrongly; and it writes chosen
filters in white, which nobody can read on the light blue of the dark theme.
"""

import streamlit as st

from assistant.ui.languages import current

_CSS = """
.stMultiSelect :has(> span[title]),
.stMultiSelect :has(> span[title]) * { color: var(--ssr-on-primary) !important; }
"""

_JS = """
export default function({ data, parentElement }) {
  const page = document.documentElement;
  page.lang = data.language;
  const ground = getComputedStyle(parentElement).getPropertyValue('--st-background-color');
  page.style.setProperty('--ssr-on-primary', ground);
}
"""

_FRAME = st.components.v2.component("ssr_page_frame", css=_CSS, js=_JS, isolate_styles=False)


def frame_page() -> None:
    """Set both for the language and the theme of the session; draws nothing."""
    with st.sidebar:
        _FRAME(data={"language": current(), "theme": st.context.theme.type}, key="page_frame")
