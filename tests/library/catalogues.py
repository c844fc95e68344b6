"""Texts for a corpus, and catalogues that tests make without reading files and without the model."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.late_interaction import Pieces
from assistant.library.builder import CatalogueBuilder
from assistant.library.catalogue import Catalogue
from assistant.passages import split_into_passages
from assistant.reading.blocks.document import DocumentBuilder
from assistant.records import Document, Metadata

VETTING = """Vetting of the police

Vetting is the assessment of the integrity of a person for public employment. Liberia vetted its police in 2005.

A vetting commission decides who may serve. The commission of Liberia heard witnesses in Monrovia.
"""
DISARMAMENT = """Disarmament

Disarmament, demobilization and reintegration (DDR) is a process. Combatants hand in rifles and ammunition.

Nepal put weapons in containers under the watch of the United Nations Mission in Nepal (UNMIN).
"""
PARLIAMENT = """Parliaments

A parliament oversees the budget of the armed forces. Committees on defence call ministers to hearings.
"""


def a_document(source: str, *paragraphs: str, pages: int = 1) -> Document:
    """A document with a heading and paragraphs, spread over pages."""
    builder = DocumentBuilder(source, sha256=f"bytes of {source}")
    for page in range(1, pages + 1):
        builder.start_page(page, label=f"p{page}", reader="test")
        if page == 1:
            builder.add("heading", f"About {source}", level=1)
        for paragraph in paragraphs[page - 1 :: pages]:
            builder.add("paragraph", paragraph)
    builder.note("1", "A footnote.", anchor=3)
    builder.warn("Something was odd.")
    return builder.build(Metadata(title=f"Title of {source}", year=2001))


def count_words(text: str) -> int:
    return len(text.split())


DIMENSION = 384


def vector_of(number: int) -> NDArray[np.float32]:
    vector = np.random.default_rng(number).normal(size=DIMENSION).astype(np.float32)
    return vector / np.linalg.norm(vector)


def build_catalogue(path: Path, *documents: Document, previous: Path | None = None) -> Catalogue:
    """A catalogue of these documents with made-up vectors."""
    builder = CatalogueBuilder.start(path, previous)
    for document in documents:
        builder.add_document(document, document.metadata, "1", {})
        passages = split_into_passages(document, count_words)
        builder.add_passages(document.source, document.metadata, passages, [b"x" * 16] * len(passages), "1")
        rows = []
        for number, passage in enumerate(passages):
            sentences = np.stack([vector_of(1000 + n) for n in range(len(passage.sentences))]).astype(np.float16)
            pieces = Pieces(np.full((2, 8), number % 100, np.int8), np.array([-1, 0], np.int16))
            rows.append((passage.id, vector_of(number).tobytes(), sentences.tobytes(), *pieces.packed()))
        builder.add_vectors(rows)
    builder.finish()
    return Catalogue.open(path)
