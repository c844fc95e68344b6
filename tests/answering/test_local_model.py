"""A model file of random weights, run by llama.cpp in this process: it can only write gibberish."""

from pathlib import Path

import gguf
import numpy as np
import psutil
import pytest
from langchain_core.messages import HumanMessage

from assistant.answering.chat_model import ChatModel
from assistant.answering.local_model import LocalModel
from assistant.assistant import Assistant
from assistant.doctor import examine
from assistant.errors import ChatModelError
from assistant.settings import Settings

WIDTH, INNER, HEADS = 32, 64, 2
WORDS = ["▁Yes", "▁No", "▁vetting", "▁police", ".", "▁is"]
UNKNOWN, CONTROL, BYTE, NORMAL = 2, 3, 6, 1  # kinds of tokens, in the words of the format


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "tiny.gguf"
    make_model(path)
    return path


def make_model(path: Path) -> None:
    writer = gguf.GGUFWriter(path, "llama")
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *WORDS]
    kinds = [UNKNOWN, CONTROL, CONTROL, *[BYTE] * 256, *[NORMAL] * len(WORDS)]
    writer.add_context_length(8192)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    drawn = np.random.default_rng(1)
    squares = {f"attn_{name}": (WIDTH, WIDTH) for name in ("q", "k", "v", "output")}
    inner = {"ffn_gate": (INNER, WIDTH), "ffn_up": (INNER, WIDTH), "ffn_down": (WIDTH, INNER)}
    shapes = {f"blk.0.{name}": shape for name, shape in {**squares, **inner}.items()}
    for name, shape in {"token_embd": (len(tokens), WIDTH), "output": (len(tokens), WIDTH), **shapes}.items():
        writer.add_tensor(f"{name}.weight", drawn.normal(0, 1, shape).astype(np.float32))
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(WIDTH, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def opened(file: Path) -> ChatModel:
    return ChatModel.open(Settings(chat_model=f"gguf:{file}"))


def test_a_model_file_writes_and_tells_how_likely_its_yes_is(file: Path) -> None:
    model = opened(file)
    try:
        assert "".join(model.stream([HumanMessage("Is it so?")]))
    except ChatModelError as error:
        assert "stopped before the end" in str(error)  # gibberish may go on until the limit of length
    yes = model.probability_of_yes([HumanMessage("Is it so?")])
    assert yes is not None and 0 <= yes <= 1


def test_it_answers_on_the_loopback_interface_and_only_to_those_that_have_its_key(file: Path) -> None:
    import httpx

    served = LocalModel.found(str(file)).serve()
    assert served.url.startswith("http://127.0.0.1:")
    asked = {"messages": [{"role": "user", "content": "x"}], "max_tokens": 1}
    stranger = httpx.post(f"{served.url}/chat/completions", json=asked)
    known = httpx.post(f"{served.url}/chat/completions", json=asked, headers={"Authorization": f"Bearer {served.key}"})
    assert (stranger.status_code, known.status_code) == (401, 200)


def test_a_model_is_loaded_once(file: Path) -> None:
    assert LocalModel.found(str(file)).serve() is LocalModel.found(str(file)).serve()


@pytest.mark.parametrize(
    ("content", "said"), [(None, "no model file"), (b"PK", "no GGUF file"), (b"GGUF", "cannot be loaded")]
)
def test_a_file_that_is_no_model_is_an_error_that_names_it(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "model.gguf"
    if content:
        file.write_bytes(content)
    with pytest.raises(ChatModelError, match=said) as raised:
        opened(file)
    assert "model.gguf" in str(raised.value)


def test_a_model_that_does_not_fit_into_the_memory_is_not_loaded(tmp_path: Path) -> None:
    file = tmp_path / "large.gguf"
    with file.open("wb") as written:
        written.write(b"GGUF")
        written.truncate(psutil.virtual_memory().total * 4)
    with pytest.raises(ChatModelError, match="smaller model"):
        opened(file)


def test_doctor_says_how_large_it_is_and_how_much_memory_it_takes(file: Path, tmp_path: Path) -> None:
    found = examine(Settings(chat_model=f"gguf:{file}", library=tmp_path, state=tmp_path))
    [said] = [check.message for check in found if check.name == "chat model"]
    assert "tiny.gguf: 0.0 GB on disk, about 0.9 GB of memory" in said and "calibrate" in said


def test_gibberish_of_a_model_file_supports_nothing(
    file: Path, assistant: Assistant, asked_settings: Settings, tmp_path: Path
) -> None:
    given = {"chat_model": f"gguf:{file}", "state": tmp_path}
    asked = Assistant.open(asked_settings.model_copy(update=given))
    asked.encoder, asked.judge = assistant.encoder, assistant.judge
    answer = asked.ask("What is vetting?")
    asked.library.close()
    assert answer.notes and answer.notes[0].code in ("nothing-supported", "chat-model-cut-off", "chat-model-empty")
    assert {claim.state for claim in answer.claims if claim.supported} == {"verbatim"}
