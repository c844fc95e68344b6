import json
from pathlib import Path
from typing import Any

import pytest

from assistant.__main__ import main
from assistant.settings import Settings
from tests.answering.chat_server import serving


@pytest.fixture
def run(asked_settings: Settings, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command on the small library; gives (exit code, lines of stdout, stderr)."""

    def command(*arguments: str) -> tuple[int, list[str], str]:
        code = main([*arguments, "--library", str(asked_settings.library), "--corpus", str(asked_settings.corpus)])
        captured = capsys.readouterr()
        return code, captured.out.splitlines(), captured.err

    return command


def lines(tmp_path: Path, *rows: str) -> str:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(rows) + "\n")
    return str(path)


def test_a_question_of_bytes_that_are_no_text_gets_a_plain_answer(run: Any) -> None:
    code, out, _ = run("ask", "\udcff\udcfe vetting")
    assert code == 0 and out


def test_ask_shows_answer_quotes_and_sources(run: Any) -> None:
    code, out, _ = run("ask", "What is vetting?")
    text = " ".join(" ".join(out).split())
    assert code == 0
    assert "Vetting is a formal check" in text
    assert "[1] Vetting of officers, Test press, 2021, page 1" in text
    assert "“Vetting is a formal check" in text


def test_an_abstention_ends_well(run: Any) -> None:
    code, out, _ = run("ask", "How do I bake bread?", "--json")
    [answer] = [json.loads(line) for line in out]
    assert code == 0
    assert answer["status"] == "abstained"


def test_history_and_filters_come_from_options(run: Any, tmp_path: Path) -> None:
    _, out, _ = run("ask", "And in Kosovo?", "--history", "How was the police of Liberia trained?", "--json")
    assert json.loads(out[0])["rewritten"] == "How was the police of Kosovo trained?"
    turns = tmp_path / "history.json"
    turns.write_text(json.dumps([{"question": "How was the police of Liberia trained?", "answer": "By UNMIL."}]))
    _, out, _ = run("ask", "And in Kosovo?", "--history-file", str(turns), "--json")
    assert json.loads(out[0])["rewritten"] == "How was the police of Kosovo trained?"
    _, out, _ = run("search", "police", "--country", "Liberia", "--year-from", "2020", "--json")
    assert {passage["source"] for passage in json.loads(out[0])["passages"]} == {"cases/liberia.md"}


def test_search_shows_the_notes_of_a_passage(run: Any) -> None:
    _, out, _ = run("search", "How did the Kosovo police school work?", "-k", "1", "--json")
    [passage] = json.loads(out[0])["passages"]
    assert passage["notes"] == [{"page": 1, "mark": "1", "text": "Quarterly log of its classes, third binder."}]
    _, out, _ = run("search", "How did the Kosovo police school work?", "-k", "1")
    assert "note 1: Quarterly log of its classes, third binder." in "\n".join(out)


def test_search_says_that_no_document_fits_the_filters(run: Any) -> None:
    _, out, _ = run("search", "police", "--country", "Atlantis")
    assert out == ["No document fits these filters."]


def test_search_gives_passages_with_places(run: Any) -> None:
    _, out, _ = run("search", "What is vetting?", "-k", "2", "--json")
    found = json.loads(out[0])
    assert found["query"] == "What is vetting?"
    assert len(found["passages"]) == 2
    first = found["passages"][0]
    assert list(first)[:4] == ["id", "source", "page", "page_end"]
    assert first["score"] >= found["passages"][1]["score"]
    code, out, _ = run("search", "vetting")
    assert (code, "doctrine/vetting.md" in out[0]) == (0, True)


def test_lines_are_answered_in_order_and_bad_ones_named(run: Any, tmp_path: Path) -> None:
    name = lines(
        tmp_path,
        '{"id": 1, "question": "What is vetting?", "color": "ignored"}',
        "",
        '{"id": "two"}',
        "not json",
        '{"id": 4, "question": "And in Kosovo?", "history": [{"question": "How was the police of Liberia trained?"}]}',
        '{"id": 5, "question": "police", "filters": {"country": "Kosovo"}}',
        '{"id": 6, "question": " "}',
        '{"id": 7, "question": "x", "filters": {"year_from": "soon"}}',
    )
    code, out, _ = run("ask", "--input", name)
    rows = [json.loads(line) for line in out]
    assert code == 1
    assert [row.get("id") for row in rows] == [1, "two", None, 4, 5, 6, 7]
    assert ["error" in row for row in rows] == [False, True, True, False, False, True, True]
    assert rows[3]["rewritten"] == "How was the police of Kosovo trained?"
    assert {citation["source"] for citation in rows[4]["citations"]} <= {"cases/kosovo.md"}


def test_searching_lines_gives_a_line_each(run: Any, tmp_path: Path) -> None:
    code, out, _ = run("search", "--input", lines(tmp_path, '{"id": "a", "question": "vetting"}'), "-k", "3")
    [row] = [json.loads(line) for line in out]
    assert (code, row["id"], len(row["passages"])) == (0, "a", 3)


@pytest.mark.parametrize(
    "arguments", [("ask",), ("ask", ""), ("ask", "x", "--input", "y"), ("ask", "--input", "/no/such/file")]
)
def test_a_command_that_cannot_be_carried_out_ends_with_2(run: Any, arguments: tuple[str, ...]) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert err.strip()


def test_a_wrong_option_ends_with_2() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["search", "x", "-k", "0"])
    assert stopped.value.code == 2


def test_without_a_library_it_ends_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What?", "--library", str(tmp_path / "none"), "--json"]) == 3
    captured = capsys.readouterr()
    assert "ingest.py" in json.loads(captured.out)["error"]
    assert "ingest.py" in captured.err


def test_doctor_finds_nothing_wrong_here_and_a_missing_library_elsewhere(run: Any, tmp_path: Path) -> None:
    code, out, _ = run("doctor")
    assert code == 0
    assert any(line.startswith("ok") and "library" in line for line in out)
    code = main(["doctor", "--library", str(tmp_path / "none"), "--json"])
    assert code == 1


def test_the_chat_model_of_the_settings_answers_and_what_nothing_supports_is_named(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(["Vetting is a formal check of past conduct. [1] The moon is made of cheese. [1]"]) as server:
        monkeypatch.setenv("SSR_CHAT_MODEL", "openai:scripted")
        monkeypatch.setenv("SSR_CHAT_BASE_URL", server.url)
        _, out, _ = run("ask", "What is vetting?")
        assert "cheese. (not supported) [" in " ".join(" ".join(out).split())
        code, out, _ = run("ask", "What is vetting?", "--json")
    answer = json.loads(out[0])
    assert (code, answer["model"], answer["complete"]) == (0, "openai:scripted", True)
    assert [claim["supported"] for claim in answer["claims"]] == [True, False]


def test_a_chat_model_that_cannot_be_opened_ends_with_3(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSR_CHAT_MODEL", "parrot")
    code, _, err = run("ask", "What is vetting?")
    assert code == 3
    assert "SSR_CHAT_MODEL=parrot" in err
