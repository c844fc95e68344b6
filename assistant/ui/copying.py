"""Buttons that copy a text, or a link to this page, to the clipboard of the browser."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from assistant.ui.languages import text

_CSS = """
.ssr-copy { display: flex; flex-wrap: wrap; gap: .5rem; }
.ssr-copy button { font: inherit; font-size: .875em; padding: .25rem .7rem; min-height: 2rem; cursor: pointer;
  border-radius: .5rem; border: 1px solid var(--st-border-color, #8888); color: var(--st-text-color);
  background: transparent; }
.ssr-copy button:hover { border-color: var(--st-primary-color); color: var(--st-link-color, inherit); }
.ssr-copy button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
"""

_JS = """
async function copy(words) {
  try { await navigator.clipboard.writeText(words); return true; } catch { /* no clipboard without HTTPS */ }
  const box = document.createElement('textarea');
  box.value = words;
  document.body.appendChild(box);
  box.select();
  const copied = document.execCommand('copy');
  box.remove();
  return copied;
}
export default function({ data, parentElement }) {
  let root = parentElement.querySelector('.ssr-copy');
  if (!root) { root = document.createElement('div'); root.className = 'ssr-copy'; parentElement.appendChild(root); }
  const drawn = JSON.stringify(data);
  if (root.drawn === drawn) return;  // the same buttons stay, and with them the word that one has just copied
  root.drawn = drawn;
  root.replaceChildren();
  for (const item of data.items) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = item.label;
    button.setAttribute('aria-live', 'polite');
    button.onclick = async () => {
      const words = item.is_link ? location.origin + location.pathname + '?' + item.words : item.words;
      button.textContent = await copy(words) ? data.done : data.failed;
      setTimeout(() => { button.textContent = item.label; }, 2000);
    };
    root.appendChild(button);
  }
}
"""

_BUTTONS = st.components.v2.component("ssr_copy", css=_CSS, js=_JS, isolate_styles=False)


@dataclass(frozen=True, slots=True)
class Copied:
    """A button and what it copies: `words`, or a link to this page with `words` as its query."""

    label: str
    words: str
    is_link: bool = False


def copy_buttons(items: Sequence[Copied], key: str) -> None:
    """Draw the buttons beside each other."""
    data = {"items": [asdict(item) for item in items], "done": text("copy.done"), "failed": text("copy.failed")}
    _BUTTONS(data=data, key=key)
