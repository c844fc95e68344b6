"""A real library made of ready-made passages: what public collections are measured through.

Catalogue, full text, sentence matrix and Chroma collection are those of any library; only reading and splitting are
left out, since a collection's passages must stay what its judgements are about.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.encoder import Encoder, PassageInput
from assistant.library import Library
from assistant.library.acronyms import acronyms_in
from assistant.library.corpus import Descriptions
from assistant.library.generations import Generations
from assistant.library.new_generation import NewGeneration
from assistant.library.planning import Versions
from assistant.reading.blocks.cleaning import clean
from assistant.records import Block, Document, Metadata, Page, Passage, Sentence, Span
from assistant.sentences import split_sentences

_VERSION = "ready-made"


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A passage that is a document of its own. `sentences` are offsets into `text`."""

    id: str
    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, key: str, title: str, text: str) -> "ReadyMade":
        """A text cut into sentences; characters that SQLite would lose are taken out."""
        cleaned = clean(text)
        return cls(key, clean(title), cleaned, tuple(split_sentences(cleaned)))


@contextmanager
def library_of(passages: Iterable[ReadyMade], encoder: Encoder) -> Iterator[Library]:
    """A library that lies in a temporary folder as long as it is used."""
    with TemporaryDirectory(prefix="ssr-evals-") as name:
        folder = Path(name)
        _make(folder, passages, encoder)
        with Library.open(folder) as library:
            yield library


def _make(folder: Path, passages: Iterable[ReadyMade], encoder: Encoder) -> None:
    generations = Generations(folder)
    with generations.writing():
        making = generations.begin()
        versions = Versions({"": _VERSION}, _VERSION, encoder.identity)
        new = _OfPassages(making, generations, None, encoder, versions, Descriptions({}, {}))
        for passage in passages:
            new.add(passage)
        manifest = new.finish({})
        generations.finish(making, manifest.generation)
        generations.switch_to(manifest.generation)


class _OfPassages(NewGeneration):
    """A generation whose passages are given and not split from documents."""

    def add(self, given: ReadyMade) -> None:
        text, end = given.text, len(given.text)
        sha256 = hashlib.sha256(f"{given.id}\n{given.title}\n{text}".encode()).hexdigest()
        metadata = Metadata(title=given.title or None)
        page, block = Page(1, 0, end), Block("paragraph", 0, end)
        document = Document(given.id, sha256, text, (page,), (block,), metadata)
        sentences = tuple(Sentence(first, last) for first, last in given.sentences)
        passage = Passage(given.id, given.id, 0, end, text, (Span(1, 0, end, text),), sentences=sentences)
        digest = bytes.fromhex(sha256)[:16]
        self._builder.add_document(document, metadata, _VERSION, acronyms_in(text))
        self._builder.add_passages(given.id, metadata, [passage], [digest], _VERSION)
        self._waiting.append((given.id, digest, PassageInput(given.title, text, given.sentences)))
        self._embed_many()
