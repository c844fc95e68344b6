"""A part of another kind inserted into a Word document: RTF, a web page, one saved as .mht, plain text."""

import email
import email.policy
import re

from assistant.reading.blocks.flow import FlowBlock, Piece
from assistant.reading.blocks.losses import Losses
from assistant.reading.encodings import decode
from assistant.reading.office.rtf import parts_of_rtf
from assistant.reading.refusals import Refused
from assistant.reading.web.markup import blocks_of, parse
from assistant.reading.web.notes import take_notes
from assistant.reading.web.visibility import keep_what_is_shown

_HTML = re.compile(r"<(?:html|body|p|div|table|h\d|!doctype)\b", re.I)
_MIME = re.compile(rb"\A\s*(?:[\w-]+: .*\r?\n)*mime-version:", re.I)


def parts_of_text(data: bytes, losses: Losses) -> tuple[list[FlowBlock], dict[str, str]]:
    """The blocks of a part and its notes {mark: text}; Refused where it has nothing that is read."""
    if data.startswith(b"{\\rtf"):
        return parts_of_rtf(data, losses)
    text = _web_page_in(data) if _MIME.match(data) else decode(data)[0]
    if _HTML.search(text):
        page = parse(text)
        notes = take_notes(page, losses)
        keep_what_is_shown(page, losses)
        return blocks_of(page), notes
    return [FlowBlock("paragraph", [Piece(1, line)]) for line in text.splitlines() if line.strip()], {}


def _web_page_in(data: bytes) -> str:
    """The first page of an archive of a web page."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    page = message.get_body(("html", "plain"))
    if page is None:
        raise Refused("no-text", "has no page in it.")
    return str(page.get_content())
