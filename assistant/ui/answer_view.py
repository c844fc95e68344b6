"""An answer on the page: its sentences, each with what the judge says of it and the numbers that open its passages.

Drawn by a small component that sets text only as text nodes, so that nothing a document, a question or a model
says can become markup.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from assistant.records import Answer, Citation, Claim
from assistant.ui.languages import text
from assistant.ui.plain import isolated, shortened
from assistant.ui.references import standing, warning

_CSS = """
.ssr-answer { font: inherit; line-height: 1.65; color: var(--st-text-color); position: relative;
  --ssr-alarm: light-dark(#b3261e, #ff9d94); }
.ssr-answer p { margin: 0 0 .6rem 0; overflow-wrap: anywhere; }
.ssr-answer p.item { margin-left: 1.4rem; }
.ssr-answer .words { unicode-bidi: isolate; border-radius: .2em; }
.ssr-answer .claim:hover .words { background: var(--st-secondary-background-color); }
.ssr-answer .unsupported .words { text-decoration: underline wavy var(--ssr-alarm); text-underline-offset: .2em; }
.ssr-answer button { font: inherit; font-size: .82em; font-weight: 600; line-height: 1.3; min-width: 1.85em;
  min-height: 1.85em; margin: 0 0 0 .25em; padding: 0 .35em; cursor: pointer; border-radius: .4em;
  border: 1px solid var(--st-primary-color); color: var(--st-text-color);
  background: var(--st-secondary-background-color); max-width: 100%; }
.ssr-answer button.support { border-color: transparent; background: transparent; font-weight: 400; margin: 0;
  padding: 0; }
.ssr-answer button.support + button { margin-left: 0; }
.ssr-answer button.alarm { color: var(--ssr-alarm); border-color: currentColor; font-weight: 600; padding: 0 .35em; }
.ssr-answer button.support.alarm { margin: 0 .25em; }
.ssr-answer button:hover:not(:disabled) { background: var(--st-primary-color); color: var(--st-background-color); }
.ssr-answer button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
.ssr-answer button:disabled { cursor: default; border-style: dashed; }
.ssr-answer .tip { position: absolute; z-index: 10; max-width: min(22rem, 100%); padding: .35rem .6rem;
  border-radius: .4rem; font-size: .85em; line-height: 1.4; pointer-events: none;
  background: var(--st-text-color); color: var(--st-background-color); }
.ssr-answer .tip[hidden] { display: none; }
"""

_JS = """
function element(kind, className, words) {
  const made = document.createElement(kind);
  made.className = className;
  if (words !== undefined) made.textContent = words;
  if (kind === 'button') made.type = 'button';
  return made;
}
export default function({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector('.ssr-answer');
  if (!root) { root = element('div', 'ssr-answer'); parentElement.appendChild(root); }
  root.style.colorScheme = data.scheme;
  root.open = (number) => setTriggerValue('opened', number);
  const drawn = JSON.stringify(data.paragraphs);
  if (root.drawn === drawn) return;  // the same buttons stay, so that the focus can return to the one that was pressed
  root.drawn = drawn;
  const tip = element('div', 'tip');
  tip.setAttribute('role', 'status');
  tip.hidden = true;
  let pinned = null;
  function show(claim, span) {
    const box = span.getClientRects()[0], around = root.getBoundingClientRect();
    if (!claim.support || !box) return;
    tip.textContent = claim.support;
    tip.hidden = false;
    const left = Math.min(box.left - around.left, around.width - tip.offsetWidth);
    tip.style.left = Math.max(0, left) + 'px';
    tip.style.top = (box.top - around.top - tip.offsetHeight - 4) + 'px';
  }
  function hide() { tip.hidden = true; pinned = null; }
  root.onkeydown = (event) => { if (event.key === 'Escape' && !tip.hidden) { hide(); event.stopPropagation(); } };
  const paragraphs = data.paragraphs.map((paragraph) => {
    const p = element('p', paragraph.item ? 'item' : '');
    for (const claim of paragraph.claims) {
      const span = element('span', claim.unsupported ? 'claim unsupported' : 'claim');
      const words = element('span', 'words', claim.text);
      words.dir = 'auto';
      span.appendChild(words);
      const toggle = () => {
        if (pinned === span) { hide(); } else { show(claim, span); pinned = span; }
      };
      span.onmouseenter = () => { if (!pinned) show(claim, span); };
      span.onmouseleave = () => { if (!pinned) hide(); };
      words.onclick = toggle;
      if (claim.support) {
        const judged = element('button', claim.unsupported ? 'support alarm' : 'support', claim.mark);
        judged.setAttribute('aria-label', claim.support);
        judged.onclick = toggle;
        judged.onblur = hide;
        span.appendChild(judged);
      }
      for (const source of claim.sources) {
        const button = element('button', source.caution ? 'source alarm' : 'source', source.mark);
        button.setAttribute('aria-label', source.label);
        button.title = source.label;
        button.disabled = !source.known;
        button.onclick = () => root.open(source.number);
        span.appendChild(button);
      }
      p.append(span, ' ');
    }
    return p;
  });
  root.replaceChildren(...paragraphs, tip);
}
"""

_ANSWER = st.components.v2.component("ssr_answer", css=_CSS, js=_JS, isolate_styles=False)
_STATUS_CHARACTERS = 28


def show_answer(answer: Answer, key: str, open_citation: Callable[[int], None]) -> None:
    """Draw the sentences of an answer; `open_citation` is called with the number that was pressed."""
    data = {"paragraphs": _paragraphs(answer), "scheme": st.context.theme.type or "light"}
    _ANSWER(data=data, key=key, on_opened_change=lambda: open_citation(st.session_state[key].opened))


def _paragraphs(answer: Answer) -> list[dict[str, Any]]:
    """Claims in paragraphs: a list item stands alone, other sentences of a place run on."""
    known = {citation.number: citation for citation in answer.citations}
    paragraphs: list[dict[str, Any]] = []
    for claim in answer.claims:
        if claim.item or claim.opens_paragraph or not paragraphs or paragraphs[-1]["item"]:
            paragraphs.append({"item": claim.item, "claims": []})
        sources = [_source(number, known.get(number)) for number in claim.citations]
        paragraphs[-1]["claims"].append(_claim(claim, sources))
    return paragraphs


def _claim(claim: Claim, sources: list[dict[str, Any]]) -> dict[str, Any]:
    unsupported = claim.supported is False
    return {
        "text": " ".join(claim.text.split()),
        "support": support_words(claim),
        "mark": text("support.unsupported_mark") if unsupported else "✓",
        "unsupported": unsupported,
        "sources": sources,
    }


def _source(number: int, citation: Citation | None) -> dict[str, Any]:
    """A number and all that must be known before opening it: its document, the status of that, and OCR."""
    if citation is None:
        return {
            "number": number,
            "mark": str(number),
            "label": text("support.unknown_citation"),
            "known": False,
            "caution": True,
        }
    cautions = [shortened(status, _STATUS_CHARACTERS)] if (status := warning(citation)) else []
    cautions += [text("support.ocr_mark")] if citation.ocr_confidence is not None else []
    title = isolated(citation.title or citation.source)
    label = text("chat.source_label", number=number, title=title, page=citation.page_label or citation.page)
    if words := standing(citation):
        label += f" – {words}"
    if status:
        label += " " + text("viewer.superseded", status=status)
    if citation.ocr_confidence is not None:
        label += " " + text("viewer.by_ocr", percent=round(100 * citation.ocr_confidence))
    return {
        "number": number,
        "mark": " · ".join([str(number), *cautions]),
        "label": label,
        "known": True,
        "caution": bool(cautions),
    }


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
    percent = round(claim.support * 100)
    return text("support.supported" if claim.supported else "support.unsupported", percent=percent)
