import re
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.ui.languages import DEFAULT, available, text

OTHERS = sorted(set(available()) - {DEFAULT})


def sentences(words: dict[str, Any], place: str = "") -> Iterator[tuple[str, str]]:
    """Each text with its place; of the forms for different numbers the general one."""
    for name, value in words.items():
        if isinstance(value, dict):
            yield from [(place + name, value["other"])] if "other" in value else sentences(value, f"{place}{name}.")
        else:
            yield place + name, str(value)


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_has_the_same_texts_with_the_same_places_to_fill(code: str) -> None:
    english, other = dict(sentences(available()[DEFAULT])), dict(sentences(available()[code]))
    assert other.keys() == english.keys()
    filled = {key for key in english if fields(english[key]) != fields(other[key])}
    assert filled == set()


def fields(words: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", words))


def test_one_file_is_not_files() -> None:
    assert text("staff.add_button", files=1) == "Add 1 file to the library"
    assert text("staff.add_button", files=3) == "Add 3 files to the library"
