import pytest

from assistant.library import Library
from assistant.query.spelling import correct


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("What is vettting of oficers?", "What is vetting of officers?"),
        ("the adminstration of Kosovo", "the administration of Kosovo"),
    ],
)
def test_typing_errors_are_mended_from_titles_and_names(asked_library: Library, typed: str, meant: str) -> None:
    assert correct(typed, asked_library) == meant


@pytest.mark.parametrize(
    "typed", ["What is photosynthesis?", "Who rules Siberia now?", "What did UNMIX do?", "trained recruits", "polite"]
)
def test_what_is_not_sure_or_is_known_stays_as_typed(asked_library: Library, typed: str) -> None:
    assert correct(typed, asked_library) == typed
