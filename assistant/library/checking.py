"""What must be true of a library before it may answer: the laws of a document, and the self-check of a generation."""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np

from assistant.errors import SelfCheckFailed
from assistant.library.catalogue import Catalogue, text_digest
from assistant.library.generations import Manifest
from assistant.library.sentence_matrix import SentenceMatrix
from assistant.library.vectors import MOST_LOST, IndexDamaged, Row, open_index
from assistant.records import Document, Passage

SEARCH_ALL_BELOW = 2000  # passages; of a larger library at least SAMPLE are searched for, evenly spread
SAMPLE = 500
_AMONG_THE_FIRST = 10
_RARE_WORDS = 3  # tried for each passage
# Words that FTS5 surely takes as one token: its idea of a letter is older than Python's.
_WORD = re.compile(r"(?<![^\s\"'(])[A-Za-z]{4,}(?=[\s.,;:)\"']|$)")


@dataclass(frozen=True, slots=True)
class Checked:
    """How many passages were searched for; how many of them have no word rare enough to be known by, and how many
    their own vector does not find."""

    searched: int
    without_rare_words: int
    lost_to_vectors: int


def broken_law_of_document(document: Document) -> str | None:
    """What is wrong with a document, as the end of a sentence; None when it keeps the laws of `records`."""
    if "\0" in document.text or not _is_unicode(document.text):
        return "its text holds characters that no database keeps"
    if "\n".join(document.page_text(page) for page in document.pages) != document.text:
        return "its pages do not make up its text"
    numbers = [page.number for page in document.pages]
    if sorted(set(numbers)) != numbers:
        return "its pages are not in order"
    if any(page.boxes is not None and page.boxes.shape != (page.end - page.start, 4) for page in document.pages):
        return "its boxes do not fit its characters"
    if not _are_in_order([(block.start, block.end) for block in document.blocks], len(document.text)):
        return "its blocks are not in order"
    return None


def broken_law_of_passages(document: Document, passages: Sequence[Passage]) -> str | None:
    """What is wrong with the passages of a document, as the end of a sentence; None when all are slices of it."""
    pages = {page.number: document.page_text(page) for page in document.pages}
    if len({passage.id for passage in passages}) != len(passages):
        return "two of its passages have the same id"
    for passage in passages:
        if not passage.spans or document.text[passage.start : passage.end] != passage.text:
            return f"passage {passage.id} is no slice of its text"
        if any(pages.get(span.page, "")[span.start : span.end] != span.text for span in passage.spans):
            return f"passage {passage.id} does not stand on its pages"
        if any(not passage.start <= s.start < s.end <= passage.end for s in passage.sentences):
            return f"a sentence of passage {passage.id} stands outside it"
    return None


def check_generation(
    folder: Path, manifest: Manifest, digest_of_input: Callable[[Passage, str | None], bytes]
) -> Checked:
    """Prove a generation that has been built, before it becomes current. `digest_of_input` says, for a passage and
    the title of its document, what the model has read of it. Raises SelfCheckFailed with what is wrong."""
    manifest.verify(folder)
    catalogue = Catalogue.open(folder / "catalogue.sqlite")
    try:
        _check_counts(catalogue, folder, manifest)
        sample = _check_passages(catalogue, digest_of_input)
        common = _check_full_text(catalogue, sample)
        lost = _check_vectors(catalogue, folder, {passage.id for passage in sample})
        return Checked(len(sample), common, lost)
    except (LookupError, TypeError, ValueError, sqlite3.DatabaseError) as error:
        _fail(f"its catalogue contradicts itself ({error!r})")
    finally:
        catalogue.close()


def _check_counts(catalogue: Catalogue, folder: Path, manifest: Manifest) -> None:
    counts = catalogue.counts()
    if not counts["passages"] == counts["vectors"] == counts["indexed"]:
        _fail(
            f"{counts['passages']} passages have {counts['vectors']} vectors and {counts['indexed']} rows in the "
            "full-text index"
        )
    if counts["sentences"] != (rows := len(SentenceMatrix(folder / "sentences.npy"))):
        _fail(f"{counts['sentences']} sentences have {rows} vectors")
    if counts != manifest.counts:
        _fail("the manifest counts otherwise than the catalogue")


def _check_passages(catalogue: Catalogue, digest_of_input: Callable[[Passage, str | None], bytes]) -> list[Passage]:
    """Check that every text is whole and every passage a slice of it. Return a sample, of which it is also checked
    that it is the very text that was embedded."""
    count = catalogue.counts()["passages"]
    every = 1 if count < SEARCH_ALL_BELOW else count // SAMPLE
    digests, inputs = catalogue.text_digests(), catalogue.inputs()
    sample: list[Passage] = []
    seen = 0
    for info in catalogue.documents():
        document, passages = catalogue.document(info.source), catalogue.passages_of(info.source)
        law = broken_law_of_document(document) or broken_law_of_passages(document, passages)
        if law is None and text_digest(document.text) != digests[info.source]:
            law = "its text is not the one that was read"
        if law:
            _fail(f"{info.source} is not as it should be: {law}")
        chosen = [passage for place, passage in enumerate(passages, seen) if place % every == 0]
        for passage in chosen:
            if inputs[passage.id] != digest_of_input(passage, info.metadata.title):
                _fail(f"passage {passage.id} of {info.source} is not the text that was embedded")
        sample += chosen
        seen += len(passages)
    return sample


def _check_full_text(catalogue: Catalogue, sample: Sequence[Passage]) -> int:
    """Each passage must be among the first found by its rare words; how many have none."""
    words = {passage.id: set(_WORD.findall(passage.text.lower())) for passage in sample}
    frequency = Counter(word for found in words.values() for word in found)
    common = 0
    for passage in sample:
        rare = sorted(words[passage.id], key=lambda word: (frequency[word], word))[:_RARE_WORDS]
        common += not _is_found(catalogue, rare, passage)
    return common


def _is_found(catalogue: Catalogue, words: Sequence[str], passage: Passage) -> bool:
    """Whether one of the words finds the passage; False when all of them stand in too many others to tell."""
    for word in words:
        hits = [key for key, _ in catalogue.full_text([word], _AMONG_THE_FIRST)]
        if passage.id in hits:
            return True
        if len(hits) < _AMONG_THE_FIRST:
            _fail(f"passage {passage.id} of {passage.source} is not found by its own word “{word}”")
    return False


def _check_vectors(catalogue: Catalogue, folder: Path, sample: set[str]) -> int:
    """Every vector has length one; Chroma holds as many, and finds the sample: how many of it are lost to it."""

    def sampled() -> Iterator[Row]:
        for key, source, vector in catalogue.all_vectors():
            if not 0.99 < float(np.linalg.norm(vector)) < 1.01:
                _fail(f"the vector of passage {key} has not the length 1")
            if key in sample:
                yield key, source, vector

    try:
        index = open_index(folder, catalogue.counts()["passages"], [])
        try:
            missing = list(index.lost(sampled()))
        finally:
            index.close()
    except IndexDamaged as error:
        _fail(f"the Chroma collection is not right: {error}")
    if len(missing) > MOST_LOST * len(sample):
        _fail(f"{len(missing)} of {len(sample)} passages are not found by their own vector, {missing[0]} first")
    return len(missing)


def _fail(what: str) -> NoReturn:
    raise SelfCheckFailed(
        f"The new library failed its check: {what}. The library before is still in use. "
        "Run this again; if it fails again, please report it."
    )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _are_in_order(slices: Sequence[tuple[int, int]], length: int) -> bool:
    edges = [edge for start, end in slices for edge in (start, end)]
    return edges == sorted(edges) and (not edges or (edges[0] >= 0 and edges[-1] <= length))
