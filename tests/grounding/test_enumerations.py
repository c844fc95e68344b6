import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.enumerations import is_item

PLAN = "The plan has three pillars: (1) outreach to the public; (2) training; and (3) protection of victims, witnesses."
_TEXT = st.text(alphabet="abcdefghij ", min_size=3).filter(lambda text: len(text.split()) > 1)


@pytest.mark.parametrize(
    ("claim", "evidence", "expected"),
    [
        ("Outreach to the public", PLAN, True),
        ("2. Training;", PLAN, True),
        ("protection of victims, witnesses", PLAN, True),
        ("Protection of victims", PLAN, False),
        ("The plan has three pillars", PLAN, False),
        ("Training.", PLAN, False),  # a sentence of its own
        ("Vetting", PLAN, False),
        ("Training", "Nothing was done for (a) outreach; (b) training; (c) protection.", False),
        ("Training", "It paid for training.", False),
        ("", PLAN, False),
    ],
)
def test_only_whole_items_of_a_numbered_list_are_items(claim: str, evidence: str, expected: bool) -> None:
    assert is_item(claim, evidence) is expected


@given(st.lists(_TEXT, min_size=2, max_size=6))
def test_every_item_of_a_list_is_found_however_it_is_written(items: list[str]) -> None:
    evidence = "It has parts: " + "; ".join(f"({number}) {item}" for number, item in enumerate(items, start=1)) + "."
    assert all(is_item(item.upper(), evidence) for item in items)
