"""Where the page stands after a question: at the question, with the beginning of its answer, not at the end of it."""

import streamlit as st

_JS = """
export default function({ data, parentElement }) {
  if (parentElement.broughtUp) return;  // once: the reader may have gone on since
  parentElement.broughtUp = true;
  const begin = parentElement.closest("[class*='st-key-question_']");
  if (begin) requestAnimationFrame(() => begin.scrollIntoView({ block: 'start' }));
}
"""

_TO_TOP = st.components.v2.component("ssr_to_top", js=_JS, isolate_styles=False)


def bring_to_top(key: str) -> None:
    """Have the page begin, once, with the question in whose container this is called."""
    _TO_TOP(key=f"to_top_{key}")
