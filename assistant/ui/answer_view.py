"""An answer on the page: its sentences, each followed by the numbers that open its passages.

Drawn by a small component that sets text only as text nodes, so that nothing a document, a question or a model
says can become markup.
"""

from typing import Any

import streamlit as st

from assistant.records import Answer, Claim
from assistant.ui.languages import text

_CSS = """
.ssr-answer { font: inherit; line-height: 1.65; color: var(--st-text-color); }
.ssr-answer p { margin: 0 0 .6rem 0; overflow-wrap: anywhere; }
.ssr-answer p.item { margin-left: 1.4rem; }
.ssr-answer .unsupported { text-decoration: underline wavy var(--st-red-text-color, #b3261e);
  text-underline-offset: .2em; }
.ssr-answer .mark { font-size: .8em; font-weight: 600; border: 1px solid currentColor; border-radius: .3em;
  padding: 0 .3em; margin-left: .25em; color: var(--st-red-text-color, #b3261e); }
.ssr-answer button { font: inherit; font-size: .82em; font-weight: 600; line-height: 1.3; min-width: 1.75em;
  min-height: 1.75em; margin: 0 0 0 .25em; padding: 0 .35em; cursor: pointer; border-radius: .4em;
  border: 1px solid var(--st-primary-color); color: var(--st-text-color);
  background: var(--st-secondary-background-color); }
.ssr-answer button:hover { background: var(--st-primary-color); color: var(--st-background-color); }
.ssr-answer button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
"""

_JS = """
export default function({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector('.ssr-answer');
  if (!root) { root = document.createElement('div'); root.className = 'ssr-answer'; parentElement.appendChild(root); }
  root.replaceChildren();
  for (const paragraph of data.paragraphs) {
    const p = document.createElement('p');
    if (paragraph.item) p.className = 'item';
    for (const claim of paragraph.claims) {
      const span = document.createElement('span');
      span.textContent = claim.text;
      span.title = claim.support;
      span.dir = 'auto';
      if (claim.unsupported) span.className = 'unsupported';
      p.appendChild(span);
      if (claim.unsupported) {
        const mark = document.createElement('span');
        mark.className = 'mark';
        mark.textContent = claim.unsupported;
        p.appendChild(mark);
      }
      for (const source of claim.sources) {
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = String(source.number);
        button.setAttribute('aria-label', source.label);
        button.title = source.label;
        button.disabled = !source.known;
        button.onclick = () => setTriggerValue('opened', source.number);
        p.appendChild(button);
      }
      p.appendChild(document.createTextNode(' '));
    }
    root.appendChild(p);
  }
}
"""

_ANSWER = st.components.v2.component("ssr_answer", css=_CSS, js=_JS, isolate_styles=False)


def show_answer(answer: Answer, key: str) -> int | None:
    """Draw the sentences of an answer; the number of the citation that was opened just now, if any."""
    result = _ANSWER(data={"paragraphs": _paragraphs(answer)}, key=key, on_opened_change=lambda: None)
    return result.opened  # type: ignore[no-any-return]


def _paragraphs(answer: Answer) -> list[dict[str, Any]]:
    """Claims in paragraphs: a list item stands alone, other sentences run on."""
    paragraphs: list[dict[str, Any]] = []
    for claim in answer.claims:
        if claim.item or not paragraphs or paragraphs[-1]["item"]:
            paragraphs.append({"item": claim.item, "claims": []})
        paragraphs[-1]["claims"].append(_claim(claim, answer))
    return paragraphs


def _claim(claim: Claim, answer: Answer) -> dict[str, Any]:
    known = {citation.number: citation for citation in answer.citations}
    sources = []
    for number in claim.citations:
        citation = known.get(number)
        label = (
            text("chat.source_label", number=number, title=citation.title or citation.source, page=citation.page)
            if citation
            else text("support.unknown_citation")
        )
        sources.append({"number": number, "label": label, "known": citation is not None})
    unsupported = text("support.unsupported_mark") if claim.supported is False else ""
    return {
        "text": _one_line(claim.text),
        "support": support_words(claim),
        "unsupported": unsupported,
        "sources": sources,
    }


def _one_line(words: str) -> str:
    return " ".join(words.split())


def support_words(claim: Claim) -> str:
    """What the judge found, in words."""
    if claim.state == "verbatim":
        return text("support.verbatim")
    if claim.state == "no_citation":
        return text("support.no_citation")
    if claim.state == "unknown_citation":
        return text("support.unknown_citation")
    if claim.supported is None or claim.support is None:
        return ""
    if not claim.supported:
        return text("support.unsupported")
    return text("support.supported", percent=round(claim.support * 100))
