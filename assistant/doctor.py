"""What the assistant needs, looked at one by one: what is wrong, and what to do about it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from assistant.answering.calibration import kept
from assistant.answering.chat_model import ChatModel, probing, size_of_file
from assistant.encoder import MINILM, find
from assistant.errors import AssistantError, LibraryError
from assistant.grounding import entailment
from assistant.library import Library
from assistant.reading.pdf.ocr import INSTALL
from assistant.settings import Settings

OLDEST_PYTHON = (3, 11)
PACKAGES = (
    "torch",
    "sentence-transformers",
    "langchain-core",
    "langchain-chroma",
    "chromadb",
    "streamlit",
    "pypdf",
    "pypdfium2",
    "python-docx",
    "python-pptx",
)
FREE_GB = 1.0  # what a build beside the current generation may need


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `required`: without it the assistant does not work."""

    name: str
    is_well: bool
    message: str
    required: bool = True

    @property
    def is_wrong(self) -> bool:
        return self.required and not self.is_well

    @property
    def mark(self) -> str:
        return "ok" if self.is_well else ("WRONG" if self.required else "missing")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def examine(settings: Settings) -> list[Check]:
    """All checks, in the order in which they depend on each other. Loads no model of our own; a chat model is asked
    for one word."""
    return [_python(), *_packages(), *_weights(settings), _library(settings), _disk(settings), *_optional(settings)]


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST_PYTHON:
        return Check("Python", True, found)
    return Check("Python", False, f"{found} is too old. Install Python 3.11 or newer.")


def _packages() -> Iterator[Check]:
    found, missing = [], []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        yield Check("packages", False, f"{', '.join(missing)} not installed. Run: make setup")
    else:
        yield Check("packages", True, ", ".join(found))


def _weights(settings: Settings) -> Iterator[Check]:
    try:
        model = find(settings.encoder)
        yield Check("weights", True, f"{model.name}, sha256 {model.digest()[:12]}, {model.path}")
    except AssistantError as error:
        yield Check("weights", False, str(error))
    try:
        find(MINILM).digest()
        yield Check("weights of the judge", True, f"{MINILM} and {entailment.weights()}")
    except AssistantError as error:
        yield Check("weights of the judge", False, str(error))


def _library(settings: Settings) -> Check:
    try:
        with Library.open(settings.library) as library:
            manifest = library.manifest
            documents = len(library.documents())
            refused = len(library.refusals())
    except LibraryError as error:
        return Check("library", False, str(error))
    counts = f"{documents} documents, {manifest.counts['passages']} passages, {refused} files refused"
    return Check("library", documents > 0, f"{counts}, generation {manifest.generation}")


def _disk(settings: Settings) -> Check:
    place = settings.library.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free / 1e9
    if free >= FREE_GB:
        return Check("disk", True, f"{free:.0f} GB free at {place}")
    return Check("disk", False, f"{free:.1f} GB free at {place}; {FREE_GB:.0f} GB are needed. Make room.")


def _optional(settings: Settings) -> Iterator[Check]:
    yield _program("browser", ("chromium", "chromium-browser", "google-chrome"), "only the tests of the page need it")
    yield _program("OCR", ("tesseract",), f"scanned pages stay without text. {INSTALL}")
    yield _chat_model(settings)


def _program(
    name: str, programs: tuple[str, ...], without: str, find: Callable[[str], str | None] = shutil.which
) -> Check:
    for program in programs:
        if place := find(program):
            return Check(name, True, place, required=False)
    return Check(name, False, f"{programs[0]} is not installed: {without}.", required=False)


def _chat_model(settings: Settings) -> Check:
    if not settings.chat_model:
        return Check("chat model", True, "none: answers are made of the documents' own sentences", required=False)
    try:
        size = size_of_file(settings.chat_model)
        ChatModel.open(probing(settings)).probe()
    except AssistantError as error:
        return Check("chat model", False, str(error), required=False)
    at = f" at {settings.chat_base_url}" if settings.chat_base_url else f" ({size})" if size else ""
    strict = "left out" if settings.strict else "marked"
    measured = kept(settings)
    yes = (
        measured.in_words
        if measured
        else "not measured whether it knows what is not answered: `python -m assistant calibrate`"
    )
    message = f"{settings.chat_model}{at} answers; unsupported sentences are {strict}; {yes}"
    return Check("chat model", measured is None or measured.is_usable, message, required=False)
