"""The words that somebody wrote to describe a picture, read in the picture's place."""

import re
import unicodedata

from assistant.reading.blocks.flow import FlowBlock, Piece

# What programs write where nobody described a picture, and names of files.
_NO_DESCRIPTION = re.compile(
    r"(?:(?:picture|image|graphic|photo|logo|icon|chart|diagram|shape|text box|rectangle|figure)\W*)?\d*"
    r"|[\w./:\\ -]*\.(?:png|jpe?g|gif|bmp|tiff?|svg|webp|[ew]mf)|\S+\.\w{3,4}"
    r"|.*(?:automatically generated|ai-generated content|automatisch generierte beschreibung|ki-generierte inhalte"
    r"|description générée automatiquement|contenu généré par l.ia|descripción generada automáticamente"
    r"|contenido generado por ia|descrição gerada automaticamente|descrizione generata automaticamente"
    r"|automatisch gegenereerde beschrijving).*",
    re.I | re.S,
)
_ENDS = (".", "!")


def description(text: str | None) -> str:
    """What a picture's description says, nothing where a program wrote it.

    >>> description("Map of the sector"), description("IMG_2041.jpg"), description("Picture 9")
    ('Map of the sector', '', '')
    >>> description("Une image contenant carte. Description générée automatiquement")
    ''
    """
    said = " ".join(unicodedata.normalize("NFC", text or "").split())
    return "" if _NO_DESCRIPTION.fullmatch(said) else said


def described(text: str, page: int) -> FlowBlock:
    """A description as a block: a paragraph where it is a sentence, else a caption."""
    return FlowBlock("paragraph" if text.endswith(_ENDS) else "caption", [Piece(page, text)])
