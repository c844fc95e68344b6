import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.encoder import MINILM, Encoder
from assistant.grounding.evidence import WINDOW_TOKENS, read_evidence
from assistant.grounding.features import FEATURES, longest_run
from assistant.grounding.words import name_forms, normal_form, opposite_words, words
from assistant.settings import Settings

count_tokens = Encoder.load(Settings(encoder=MINILM), "float32").count_tokens

prose = st.lists(
    st.sampled_from(["The mission closed.", "word " * 300, "Art. 3 of the\nact", "\n\n", "été 5,000 ½", "x" * 900]),
    max_size=12,
).map(" ".join)


@given(prose)
def test_windows_hold_every_sentence_once_in_order_and_fit_the_model(premise: str) -> None:
    evidence = read_evidence(premise, count_tokens)
    assert [i for window in evidence.windows for i in window] == list(range(len(evidence.sentences)))
    assert all(count_tokens(evidence.window_text(window)) <= WINDOW_TOKENS for window in evidence.windows)


@given(prose)
def test_no_word_of_the_premise_is_lost(premise: str) -> None:
    evidence = read_evidence(premise, lambda text: len(text.split()))
    assert "".join("".join(premise[a:b].split()) for a, b in evidence.sentences) == "".join(premise.split())


def test_the_windows_that_hold_the_claims_words_are_the_ones_read() -> None:
    filler = "The committee met again to discuss the budget of the garden. " * 40
    evidence = read_evidence(f"{filler}\nVetting began in Liberia.\n{filler}", count_tokens)
    [chosen] = evidence.likeliest_windows({"vetting": 8.0, "liberia": 8.0}, 1)
    assert "Vetting" in evidence.window_text(chosen)


@pytest.mark.parametrize(
    ("one", "other"), [("1,000", "1000"), ("seven", "7"), ("liberia's", "liberia"), ("police", "police")]
)
def test_what_means_the_same_has_one_form(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other)


def test_words_keep_numbers_and_apostrophes_whole() -> None:
    assert words("Liberia’s 1,500.5 men didn't") == ["liberia's", "1,500.5", "men", "didn't"]


def test_names_are_capitalised_words_that_are_not_common() -> None:
    assert name_forms("The army of Liberia joined ECOWAS") == ["liberia", "ecowas"]


def test_opposites_are_counted_only_when_both_sides_are_there() -> None:
    assert opposite_words({"increased", "police"}, {"fell"}) == 1
    assert opposite_words({"increased"}, {"rose"}) == 0


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_the_longest_run_is_the_longest_common_stretch(some: list[str], others: list[str]) -> None:
    stretches = {tuple(some[i:j]) for i in range(len(some)) for j in range(i + 1, len(some) + 1)}
    common = {tuple(others[i:j]) for i in range(len(others)) for j in range(i + 1, len(others) + 1)} & stretches
    assert longest_run(some, others) == max(map(len, common), default=0)


def test_every_feature_has_a_direction() -> None:
    assert set(FEATURES.values()) <= {-1, 0, 1}
