"""A conversation as a file to keep: Word, Markdown or JSON, with one numbered list of references at its end."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from docx import Document
from docx.document import Document as WordDocument

from assistant.answering.citations import text_of
from assistant.records import Answer, Citation, Claim
from assistant.ui.conversations import Conversation
from assistant.ui.languages import text
from assistant.ui.plain import isolated, plain
from assistant.ui.references import numbered

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class _Renumbered:
    """An answer whose marks are numbers of the list at the end of the conversation."""

    answer: Answer
    paragraphs: tuple[str, ...]


def to_markdown(conversation: Conversation) -> str:
    """Headings, answers and references; nothing that a question or a document says counts as mark-up."""
    answers, references = _numbered_through(conversation)
    lines = [f"# {plain(conversation.title)}", ""]
    for item in answers:
        lines += [f"## {plain(item.answer.question)}", ""]
        lines += [f"*{plain(line)}*\n" for line in _remarks(item.answer)]
        for paragraph in item.paragraphs:
            lines += [_unescaped_marks(plain(paragraph)), ""]
    if references:
        lines += [f"## {plain(text('chat.sources'))}", ""]
        lines += [f"- {plain(line)}" for line in numbered(references)]
    lines += ["", f"---\n\n{plain(_foot(conversation))}"]
    return "\n".join(lines) + "\n"


def to_word(conversation: Conversation) -> bytes:
    """The same as a .docx file, with Word's own heading styles."""
    answers, references = _numbered_through(conversation)
    document = Document()
    document.core_properties.title = _for_xml(conversation.title)[:255]
    document.core_properties.author = ""
    document.add_heading(_for_xml(conversation.title), 0)
    for item in answers:
        document.add_heading(_for_xml(item.answer.question), 1)
        for line in _remarks(item.answer):
            document.add_paragraph().add_run(_for_xml(line)).italic = True
        for paragraph in item.paragraphs:
            document.add_paragraph(_for_xml(paragraph))
    _add_references(document, references)
    document.add_paragraph().add_run(_for_xml(_foot(conversation))).italic = True
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _add_references(document: WordDocument, references: Sequence[Citation]) -> None:
    if references:
        document.add_heading(text("chat.sources"), 1)
    for line in numbered(references):
        document.add_paragraph(_for_xml(line))


def _numbered_through(conversation: Conversation) -> tuple[list[_Renumbered], list[Citation]]:
    """The answers with their citations numbered through; one number for one place in one document."""
    numbers: dict[tuple[object, ...], int] = {}
    references: list[Citation] = []
    answers = []
    for exchange in conversation.exchanges:
        answer, new = exchange.answer, {}
        for citation in answer.citations:
            spot = (citation.source, citation.page, citation.page_end, citation.section, citation.paragraph)
            if spot not in numbers:
                numbers[spot] = len(numbers) + 1
                references.append(replace(citation, number=numbers[spot]))
            new[citation.number] = numbers[spot]
        claims = [_renumbered(claim, new) for claim in answer.claims]
        answers.append(_Renumbered(answer, tuple(_paragraphs(claims, answer))))
    return answers, references


def _renumbered(claim: Claim, new: dict[int, int]) -> Claim:
    """A claim with the numbers of the whole list; an unsupported one says so, an unknown number is dropped."""
    words = isolated(claim.text)
    if claim.supported is False:
        words = f"{words} ({text('support.unsupported_mark')})"
    kept = dict.fromkeys(new[number] for number in claim.citations if number in new)
    return replace(claim, text=words, citations=tuple(kept))


def _paragraphs(claims: Sequence[Claim], answer: Answer) -> Iterator[str]:
    yield from text_of(claims).split("\n") if claims else [isolated(answer.text)]


def _remarks(answer: Answer) -> Iterator[str]:
    if answer.rewritten:
        yield text("chat.understood", question=isolated(answer.rewritten))
    if not answer.complete:
        yield text("chat.incomplete")
    if answer.model:
        yield text("chat.by_model", model=answer.model)


def _foot(conversation: Conversation) -> str:
    generations = dict.fromkeys(exchange.answer.generation for exchange in conversation.exchanges)
    date = f"{conversation.changed.day} {text('export.months').split()[conversation.changed.month - 1]}"
    return text("export.foot", date=f"{date} {conversation.changed.year}", library=", ".join(generations))


def _unescaped_marks(paragraph: str) -> str:
    """Marks such as [3], which are the page's own, without the backslashes."""
    return re.sub(r"\\\[(\d+)\\\]", r"[\1]", paragraph)


def _for_xml(words: str) -> str:
    return _NOT_IN_XML.sub("", isolated(words))
