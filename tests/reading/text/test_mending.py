"""Broken words are made whole where the document itself says how; a doubt leaves the text as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.text.mending import mend


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("The activi- ties differ from other activities.", "The activities differ from other activities."),
        ("A long-term view, a long- term plan.", "A long-term view, a long-term plan."),
        ("The fighters' perpetu- ation of war.", "The fighters' perpetuation of war."),
        ("The cost is low: a cost- effective plan.", "The cost is low: a cost-effective plan."),
        ("Ex-com- batants and other combatants.", "Ex-combatants and other combatants."),
        ("They met the Secretary- General.", "They met the Secretary-General."),
        ("The combat-\nants and combatants.", "The combatants and combatants."),
        ("The United Na tions. The United Nations met.", "The United Nations. The United Nations met."),
    ],
)
def test_a_broken_word_is_mended(broken: str, whole: str) -> None:
    assert mend(broken) == whole


@pytest.mark.parametrize(
    "text",
    [
        "Gender- and age-sensitive plans; troop- or police-contributing countries.",
        "The status-of-forces agreement; the whole-of-government approach.",
        "It may be so, maybe not. Every one of them; everyone.",
        "The SSR Task Force met. The taskforce ended.",
        "- one item\n- another item",
    ],
)
def test_a_doubt_leaves_the_text_alone(text: str) -> None:
    assert mend(text) == text


@given(st.text(alphabet="abc- \n", max_size=80))
def test_mending_only_takes_away_hyphens_and_spaces(text: str) -> None:
    assert "".join(mend(text).split()).replace("-", "") == "".join(text.split()).replace("-", "")
