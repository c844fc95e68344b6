"""Questions why and how: answered from the section that tells it, not from the one that says what a thing is."""

import pytest

from assistant.assistant import Assistant
from tests.answering.conftest import AskedOf

PATROLS = """# Joint patrols

## What joint patrols are

Joint patrols are patrols that police officers and soldiers make together, under one leader and one plan. Joint patrols
matter in many places. Joint patrols matter to villages.

## Why joint patrols matter to a village

Shopkeepers open again when police and soldiers walk past together. Night markets follow within weeks, and taxes too.

## How a joint patrol is prepared

Officers of both services walk the route by day before anybody walks it by night. A map with the route hangs in the
station of the police.

## How joint patrols link to other topics

Joint patrols matter for markets, as is told in trade and police.
"""


@pytest.fixture(scope="module")
def patrols(asked_of: AskedOf) -> Assistant:
    return asked_of({"patrols": PATROLS})


def test_why_is_answered_by_the_section_of_reasons_from_its_beginning(patrols: Assistant) -> None:
    answer = patrols.ask("Why do joint patrols matter?")
    assert answer.claims[0].text.startswith("Shopkeepers open again")


def test_what_is_still_answered_by_what_it_is(patrols: Assistant) -> None:
    answer = patrols.ask("What are joint patrols?")
    assert answer.claims[0].text.startswith("Joint patrols are patrols")


def test_where_else_to_read_is_no_answer(patrols: Assistant) -> None:
    answer = patrols.ask("Why do joint patrols matter?")
    assert "trade and police" not in answer.text


def test_how_is_answered_by_the_section_that_tells_how(patrols: Assistant) -> None:
    answer = patrols.ask("How are joint patrols prepared by police and soldiers?")
    assert answer.claims[0].text.startswith("Officers of both services walk the route")
