import pytest

from assistant.answering.exchanges import exchanges

QUOTE = (
    "ONUSAL monitored the old National Police, trained 1,200 cadets of the new force and may advise nobody. "
    "By 30 June 1995 the mission, which the Council had set up in May 1991, had handed all its tasks to MINUSAL."
)
AROUND = "In Guatemala the MINUGUA mission verified accords; Norway paid in 1997."


@pytest.mark.parametrize(
    "claim",
    [
        "MINUGUA monitored the old National Police and trained 1,200 cadets.",
        "The National Police monitored the old ONUSAL, trained 1,200 cadets of the new force and may advise nobody.",
        "By 30 June 1991 the mission, which the Council had set up in May 1995, had handed all its tasks to MINUSAL.",
        "By 30 June 1995 the mission had handed all its tasks to Norway.",
        "By 30 July 1995 the mission had handed all its tasks to MINUSAL.",
        "By 30 June 1995 the mission had handed most of its tasks to MINUSAL.",
        "By 30 June 1995 the mission had not handed all its tasks to MINUSAL.",
        "ONUSAL monitored the old National Police, trained 1,200 cadets of the new force and must advise nobody.",
        "ONUSAL monitored the new National Police.",
        "Two delegates proposed the old National Police, trained 1,200 cadets of the new force and may advise nobody.",
    ],
)
def test_what_a_near_copy_puts_in_the_place_of_another_thing_is_seen(claim: str) -> None:
    assert exchanges(claim, QUOTE, AROUND)


@pytest.mark.parametrize(
    "claim",
    [
        "ONUSAL monitored the old National Police and trained 1,200 cadets of the new force.",
        "The mission had handed all its tasks to MINUSAL by June 30, 1995.",
        "By 30 June 1995 the mission had handed all its tasks to MINUSAL.",
        "The mission, set up by the Council in May 1991, had handed all its tasks to MINUSAL by 30 June 1995.",
        "1,200 cadets of the new force were trained by ONUSAL.",
        "ONUSAL monitored the old National Police, and the mission handed all its tasks to MINUSAL.",
        "In total, ONUSAL trained 1,200 cadets of the new force.",
        "According to the report, the mission had handed all its tasks to MINUSAL.",
        "The report says that the mission had handed all its tasks to MINUSAL.",
    ],
)
def test_what_is_cut_moved_or_said_in_other_words_exchanges_nothing(claim: str) -> None:
    assert not exchanges(claim, QUOTE, AROUND)


def test_a_small_word_may_go_together_with_its_verb() -> None:
    quotes = "Vetting is a formal check of past conduct, made before that person may hold a public post."
    assert not exchanges("Vetting is a formal check of past conduct before a public post.", quotes)
    assert exchanges("Vetting is a formal check of past conduct, made before that person has to hold a post.", quotes)


def test_a_no_lost_at_the_beginning_is_seen() -> None:
    assert exchanges("Some projects were carried out in 2025.", "No projects were carried out in 2025.")


def test_an_acronym_may_stand_for_its_words_and_a_word_for_one_that_means_the_same() -> None:
    assert not exchanges("The UN trained more than 20 officers.", "The United Nations trained over 20 officers.")
    assert not exchanges("Officers have to be vetted.", "Officers must be vetted.")


def test_a_word_of_the_quotes_in_the_place_of_another_is_seen() -> None:
    quotes = (
        "The mission handles disarmament, demobilization and reinsertion, which its budget can pay for. "
        "Reintegration depends on development agencies."
    )
    assert exchanges("The mission handles disarmament, demobilization and reintegration.", quotes)
    assert not exchanges("The mission handles disarmament and reinsertion.", quotes)
