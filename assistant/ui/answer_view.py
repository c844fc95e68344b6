"""An answer on the page: its sentences with the numbers that open their passages, and a card for each number.

Drawn by a small component that sets text only as text nodes, so that nothing a document, a question or a model
says can become markup.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import streamlit as st

from assistant.records import Answer, Citation, Claim
from assistant.ui.languages import text
from assistant.ui.plain import isolated, shortened
from assistant.ui.references import pages_and_paragraph, remarks, warning

_CSS = """
.ssr-answer { font: inherit; line-height: 1.65; color: var(--st-text-color); position: relative;
  --ssr-alarm: light-dark(#b3261e, #ff9d94); }
.ssr-answer p { margin: 0 0 .6rem 0; overflow-wrap: anywhere; }
.ssr-answer p.item { margin-left: 1.4rem; }
.ssr-answer .words { unicode-bidi: isolate; border-radius: .2em; }
.ssr-answer .claim.cited .words { background: var(--st-secondary-background-color); }
.ssr-answer .unsupported .words { text-decoration: underline wavy var(--ssr-alarm); text-underline-offset: .2em; }
.ssr-answer .alarm { color: var(--ssr-alarm); font-size: .82em; font-weight: 600; margin-left: .3em; }
.ssr-answer .bound { white-space: nowrap; }
.ssr-answer button { font: inherit; cursor: pointer; color: var(--st-link-color, var(--st-text-color));
  border: none; background: none; border-radius: .3em; }
.ssr-answer button.source { position: relative; vertical-align: .3em; font-size: .75em; font-weight: 600;
  line-height: 1; min-width: 24px; min-height: 24px; margin: -.5em 0; padding: 0 .3em; }
@media (pointer: coarse) {
  .ssr-answer button.source::after { content: ""; position: absolute; inset: -10px; }
}
.ssr-answer button.caution { color: var(--ssr-alarm); white-space: normal; }
.ssr-answer button:hover:not(:disabled) { background: var(--st-secondary-background-color); }
.ssr-answer button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 0; }
.ssr-answer button:disabled { cursor: default; color: var(--ssr-alarm); }
.ssr-answer .card { position: absolute; z-index: 10; width: min(24rem, 100%); padding: .6rem .8rem;
  border-radius: .5rem; font-size: .85rem; line-height: 1.45; white-space: normal; text-align: start;
  background: var(--st-background-color); border: 1px solid var(--st-border-color, #8888);
  box-shadow: 0 4px 16px #0004; }
.ssr-answer .card > span { display: block; margin-bottom: .25rem; unicode-bidi: isolate; overflow-wrap: anywhere; }
.ssr-answer .card .title { font-weight: 600; }
.ssr-answer .card .quote, .ssr-answer .card .rests { display: -webkit-box; -webkit-box-orient: vertical;
  -webkit-line-clamp: 2; overflow: hidden; }
.ssr-answer .card .quote { border-left: 3px solid var(--st-primary-color); padding-left: .5rem; }
.ssr-answer .card button { min-height: 28px; padding: 0 .6rem; border: 1px solid currentColor; }
"""

_JS = """
const HIDE_AFTER_MS = 250;  // time to move from a number to its card
function element(kind, className, words) {
  const made = document.createElement(kind);
  made.className = className;
  if (words !== undefined) { made.textContent = words; made.dir = 'auto'; }
  if (kind === 'button') made.type = 'button';
  return made;
}
// The last word, to which the numbers are bound so that no line begins with one; none where words run from the right
// or where a word alone could be wider than the page.
function parted(text) {
  const cut = text.lastIndexOf(' ') + 1;
  return /[\u0590-\u08ff]/.test(text) || text.length - cut > 24 ? [text, ''] : [text.slice(0, cut), text.slice(cut)];
}
export default function({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector('.ssr-answer');
  if (!root) { root = element('div', 'ssr-answer'); parentElement.appendChild(root); }
  root.style.colorScheme = data.scheme;
  root.open = (number) => setTriggerValue('opened', number);
  const drawn = JSON.stringify(data);
  if (root.drawn === drawn) return;  // the same buttons stay, so that the focus can return to the one that was pressed
  root.drawn = drawn;
  let shown = null, leaving = 0;
  function hide() {
    clearTimeout(leaving);
    if (!shown) return;
    shown.card.remove();
    for (const span of shown.run) span.classList.remove('cited');
    shown.button.setAttribute('aria-expanded', 'false');
    shown = null;
  }
  function leave() { clearTimeout(leaving); leaving = setTimeout(hide, HIDE_AFTER_MS); }
  function stay() { clearTimeout(leaving); }
  function show(button, source, run) {
    stay();
    if (shown && shown.button === button) return;
    hide();
    const card = element('span', 'card');
    card.setAttribute('role', 'group');
    card.setAttribute('aria-label', source.label);
    for (const [part, words] of source.card) card.appendChild(element('span', part, words));
    const open = element('button', 'open', data.open);
    open.onclick = () => { root.open(source.number); hide(); };
    card.appendChild(open);
    card.onmouseenter = stay;
    card.onmouseleave = leave;
    button.after(card);
    const box = button.getBoundingClientRect(), around = root.getBoundingClientRect();
    const left = Math.min(box.left - around.left, around.width - card.offsetWidth);
    card.style.left = Math.max(0, left) + 'px';
    card.style.top = (box.bottom - around.top + 2) + 'px';
    button.setAttribute('aria-expanded', 'true');
    for (const span of run) span.classList.add('cited');
    shown = { button, card, run };
  }
  root.onkeydown = (event) => {
    if (event.key !== 'Escape' || !shown) return;
    shown.button.focus();
    hide();
    event.stopPropagation();
  };
  root.onfocusout = (event) => {
    if (shown && !shown.card.contains(event.relatedTarget) && event.relatedTarget !== shown.button) leave();
  };
  function number(source, run) {
    const button = element('button', source.caution ? 'source caution' : 'source', source.mark);
    button.setAttribute('aria-label', source.label);
    button.disabled = !source.known;
    if (!source.known) return button;
    button.setAttribute('aria-expanded', 'false');
    button.onmouseenter = () => show(button, source, run);
    button.onmouseleave = leave;
    button.onfocus = () => { if (button.matches(':focus-visible')) show(button, source, run); };
    button.onclick = (event) => {
      if (event.pointerType === 'touch' && !(shown && shown.button === button)) show(button, source, run);
      else { root.open(source.number); hide(); }
    };
    return button;
  }
  const paragraphs = data.paragraphs.map((paragraph) => {
    const p = element('p', paragraph.item ? 'item' : '');
    let run = [];
    for (const claim of paragraph.claims) {
      const span = element('span', claim.alarm ? 'claim unsupported' : 'claim');
      run.push(span);
      const [before, last] = parted(claim.text);
      const words = element('span', 'words', before), marks = element('span', 'bound');
      if (last) marks.appendChild(element('span', 'words', last));
      if (claim.alarm) marks.appendChild(element('span', 'alarm', claim.alarm));
      for (const source of claim.sources) marks.appendChild(number(source, run));
      if (claim.sources.length) run = [];
      span.append(words, marks);
      p.append(span, ' ');
    }
    return p;
  });
  root.replaceChildren(...paragraphs);
}
"""

_ANSWER = st.components.v2.component("ssr_answer", css=_CSS, js=_JS, isolate_styles=False)
_STATUS_CHARACTERS = 28


def show_answer(answer: Answer, key: str, open_citation: Callable[[int], None]) -> None:
    """Draw the sentences of an answer, and below them whether all are quoted word for word or supported;
    `open_citation` is called with the number that was pressed."""
    scheme = st.context.theme.type or "light"
    data = {"paragraphs": _paragraphs(answer), "scheme": scheme, "open": text("support.open")}
    _ANSWER(data=data, key=key, on_opened_change=lambda: open_citation(st.session_state[key].opened))
    if words := _in_all(answer.claims):
        st.caption(words)


def _in_all(claims: Sequence[Claim]) -> str:
    """What the judge found of all sentences, in words; "" where it judged none."""
    judged = [claim for claim in claims if claim.state != "no_claim"]
    alarming = sum(_alarm(claim) is not None for claim in judged)
    if alarming:
        return text("support.exceptions", count=alarming, sentences=len(judged))
    if judged and all(claim.state == "verbatim" for claim in judged):
        return text("support.all_verbatim")
    return text("support.all_supported") if judged and all(claim.supported for claim in judged) else ""


def _paragraphs(answer: Answer) -> list[dict[str, Any]]:
    """Claims in paragraphs: a list item stands alone, other sentences of a place run on. Of a run of sentences from one
    place the last has its number."""
    known = {citation.number: citation for citation in answer.citations}
    paragraphs: list[tuple[bool, list[Claim]]] = []
    for claim in answer.claims:
        if claim.item or claim.opens_paragraph or not paragraphs or paragraphs[-1][0]:
            paragraphs.append((claim.item, []))
        paragraphs[-1][1].append(claim)
    return [{"item": item, "claims": list(_drawn(claims, known))} for item, claims in paragraphs]


def _drawn(claims: Sequence[Claim], known: Mapping[int, Citation]) -> Iterator[dict[str, Any]]:
    """The claims of a paragraph. Those of a run rest on the same places and are supported alike, as its card says."""
    for claim, following in zip_longest(claims, claims[1:]):
        goes_on = following and _rests_on(following) == _rests_on(claim)
        numbers = () if goes_on else claim.citations
        sources = [_source(number, known.get(number), claim) for number in numbers]
        yield {"text": " ".join(claim.text.split()), "alarm": _alarm(claim), "sources": sources}


def _rests_on(claim: Claim) -> tuple[tuple[int, ...], str]:
    return claim.citations, _support(claim)


def _alarm(claim: Claim) -> str | None:
    """What is wrong with a sentence, in words; None where nothing is."""
    if claim.state in ("no_citation", "unknown_citation"):
        return text(f"support.{claim.state}")
    return text("support.unsupported_mark") if claim.supported is False else None


def _source(number: int, citation: Citation | None, claim: Claim) -> dict[str, Any]:
    """A number, and its card: all that must be known before opening it."""
    if citation is None:
        unknown = text("support.unknown_citation")
        return {"number": number, "mark": str(number), "label": unknown, "known": False, "caution": True, "card": []}
    cautions = [shortened(status, _STATUS_CHARACTERS)] if (status := warning(citation)) else []
    cautions += [text("support.ocr_mark")] if citation.ocr_confidence is not None else []
    title = isolated(citation.title or citation.source)
    label = text("chat.source_label", number=number, title=title, page=citation.page_label or citation.page)
    return {
        "number": number,
        "mark": " · ".join([str(number), *cautions]),
        "label": " – ".join([label, *remarks(citation)]),
        "known": True,
        "caution": bool(cautions),
        "card": [("title", title), *_card(citation, claim)],
    }


def _card(citation: Citation, claim: Claim) -> Iterator[tuple[str, str]]:
    """The lines of a card below its title, each with what it is."""
    where = [str(citation.year)] if citation.year else []
    where += [isolated(citation.section[-1])] if citation.section else []
    yield "place", " · ".join([*where, *pages_and_paragraph(citation)])
    yield from (("remark", words) for words in remarks(citation))
    yield "quote", isolated(citation.quote)
    if citation.footnotes:
        yield "rests", f"{text('viewer.rests_on')} {isolated(citation.footnotes[0])}"
    if words := _support(claim):
        yield "support", words


def _support(claim: Claim) -> str:
    """What the judge found, in words."""
    if claim.state == "verbatim":
        return text("support.verbatim")
    if claim.state in ("no_citation", "unknown_citation"):
        return text(f"support.{claim.state}")
    if claim.supported is None or claim.support is None:
        return ""
    percent = round(claim.support * 100)
    return text("support.supported" if claim.supported else "support.unsupported", percent=percent)
