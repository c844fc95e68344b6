"""A real server (`transformers serve`) with a real model, tiny and of random weights: it can only write gibberish."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from assistant.answering.generative import BRIDGE
from assistant.assistant import Assistant
from assistant.records import Answer, Claim, Quoted, Writing
from assistant.settings import Settings
from tests.conftest import DOCUMENTS

TEMPLATE = "{% for m in messages %}<|{{ m.role }}|> {{ m.content }}<|end|>{% endfor %}<|assistant|>"
WORDS = ["<unk>", "<|end|>", " [1]", " [2].", " [9]", ". ", ".\n"]  # of a model that cites
OPENED_WITHIN_S = 120
QUESTIONS = ["What is vetting?", "How many officers of the Liberia National Police were trained?"]


def make_model(folder: Path) -> None:
    """Random weights, and a tokenizer that knows pieces of the words of the documents."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=600, special_tokens=WORDS, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(list(DOCUMENTS.values()), trainer)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", eos_token="<|end|>", chat_template=TEMPLATE
    ).save_pretrained(folder)
    torch.manual_seed(1)
    size = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    ends = {"bos_token_id": 1, "eos_token_id": 1, "pad_token_id": 1}
    vocabulary = tokenizer.get_vocab_size()
    model = LlamaForCausalLM(LlamaConfig(vocab_size=vocabulary, initializer_range=1.0, **size, **ends))
    model.generation_config.max_new_tokens = 200
    model.save_pretrained(folder)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The name of the model and the base URL of the server, while the tests of this module run."""
    folder = tmp_path_factory.mktemp("tiny")
    make_model(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = [sys.executable, "-m", "transformers.cli.transformers", "serve", str(folder)]
    options = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu", "--default-seed", "1"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([*serve, *options], env={**os.environ, "HF_HUB_OFFLINE": "1"}, **quiet) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/health", process)
            yield str(folder), f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(OPENED_WITHIN_S * 4):
        try:
            urlopen(url, timeout=5).close()
            return
        except OSError:
            try:
                process.wait(0.25)
            except subprocess.TimeoutExpired:
                continue
            pytest.fail("the server did not start")
    pytest.fail("the server did not open its port")


@pytest.fixture
def tiny(served: tuple[str, str], assistant: Assistant, asked_settings: Settings) -> Iterator[Callable[..., Assistant]]:
    """Makes an assistant whose chat model is the tiny one."""
    made = []

    def make(strict: bool) -> Assistant:
        name, url = served
        given = {"chat_model": f"openai:{name}", "chat_base_url": url, "strict": strict}
        made.append(Assistant.open(asked_settings.model_copy(update=given)))
        made[-1].encoder, made[-1].judge = assistant.encoder, assistant.judge
        return made[-1]

    yield make
    for each in made:
        each.library.close()


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS)
def test_all_gibberish_of_a_real_model_is_marked(tiny: Callable[..., Assistant], question: str) -> None:
    *events, answer = tiny(strict=False).stream(question)
    assert isinstance(answer, Answer)
    assert any(isinstance(event, Writing) for event in events), "the model wrote nothing"
    own = [claim.text for claim in answer.claims].index(BRIDGE)
    assert own > 0
    assert not any(claim.supported for claim in answer.claims[:own])
    assert all(claim.state != "no_claim" for claim in answer.claims[:own])
    assert {claim.state for claim in answer.claims[own + 1 :]} == {"verbatim"}
    assert answer.notes[0].code in ("nothing-supported", "chat-model-cut-off")


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS)
def test_all_gibberish_of_a_real_model_is_dropped_in_strict_mode(tiny: Callable[..., Assistant], question: str) -> None:
    *events, answer = tiny(strict=True).stream(question)
    assert isinstance(answer, Answer)
    quoted, *events = events
    assert isinstance(quoted, Quoted)
    assert all(isinstance(event, Claim) and event.state == "verbatim" for event in events)
    assert answer.claims and {claim.state for claim in answer.claims} == {"verbatim"}
    assert "dropped-unsupported" in [note.code for note in answer.notes]
