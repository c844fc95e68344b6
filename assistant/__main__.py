"""`python -m assistant ask | search | doctor | calibrate`: the question's journey from the command line.

Exit codes: 0 done, also when the answer is an abstention; 1 some lines of --input were bad, or doctor found
something wrong; 2 the command cannot be carried out as given; 3 there is no library or no model.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TextIO

from pydantic import BaseModel, Field, TypeAdapter, ValidationError, field_validator
from rich.console import Console
from rich.text import Text
from tqdm import tqdm

from assistant.answering import calibration
from assistant.answering.chat_model import ChatModel, size_of_file
from assistant.answering.citations import answer_to_json, one_line, passage_to_json, text_of
from assistant.assistant import Assistant
from assistant.doctor import examine
from assistant.errors import AssistantError, UsageError
from assistant.library import Library
from assistant.records import Answer, Filters, Reading, Turn
from assistant.settings import Settings
from assistant.terminal import open_terminal, to_json, typed

SOME_BAD = 1
INTERRUPTED = 3
LISTS = ("kind", "country", "mission", "organisation")


class AskedTurn(BaseModel):
    """An earlier turn, as JSON from outside."""

    question: str
    answer: str | None = None


class AskedFilters(BaseModel):
    """Filters, as JSON from outside: a name or a list of names in each field."""

    kind: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    mission: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None

    @field_validator(*LISTS, mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value or ()

    def record(self) -> Filters:
        return Filters(**self.model_dump())


class Asked(BaseModel):
    """A line of --input. Fields that are not named here are ignored."""

    id: Any = None
    question: str = Field(pattern=r"\S")
    history: list[AskedTurn] = []
    filters: AskedFilters = AskedFilters()

    def turns(self) -> list[Turn]:
        return [Turn(turn.question, turn.answer) for turn in self.history]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    open_terminal()
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except AssistantError as error:
        return _failed(options, error)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _failed(options: argparse.Namespace, error: AssistantError) -> int:
    if options.json:
        print(to_json({"error": str(error)}))
    print(error, file=sys.stderr)
    return error.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m assistant", description="Ask the library of documents.", allow_abbrev=False
    )
    commands = parser.add_subparsers(required=True, metavar="ask | search | doctor | calibrate")
    ask = _command(commands, "ask", _ask, "answer a question, each sentence cited")
    search = _command(commands, "search", _search, "find the passages that answer a question")
    for command in (ask, search):
        command.add_argument("question", metavar="QUESTION", nargs="?", help="the question")
        _add_conversation(command)
        _add_filters(command)
    ask.add_argument(
        "--quoted", action="store_true", help="in the documents' own words, also where a chat model is set"
    )
    search.add_argument("-k", type=_positive, default=10, metavar="N", help="how many passages (10)")
    _command(commands, "doctor", _doctor, "check what the assistant needs, and say what to do")
    _command(commands, "calibrate", _calibrate, "measure whether the chat model knows when passages do not answer")
    return parser


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], int], help_: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=help_, description=help_, allow_abbrev=False)
    command.set_defaults(run=run)
    command.add_argument("--corpus", type=Path, metavar="DIR", help="the folder of documents (SSR_CORPUS, ./corpus)")
    command.add_argument(
        "--library", type=Path, metavar="DIR", help="the folder of the library (SSR_LIBRARY, ./library)"
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    return command


def _add_conversation(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--input", metavar="FILE", help='lines of {"id", "question", "history", "filters"}; - for stdin'
    )
    command.add_argument(
        "--history", metavar="TEXT", action="append", default=[], help="an earlier question; repeat it"
    )
    command.add_argument(
        "--history-file", metavar="FILE", type=Path, help='a list of {"question", "answer"}, oldest first'
    )


def _add_filters(command: argparse.ArgumentParser) -> None:
    for name in LISTS:
        command.add_argument(f"--{name}", action="append", default=[], help=f"only documents of this {name}; repeat it")
    command.add_argument("--year-from", type=int, metavar="YEAR", help="only documents of this year or later")
    command.add_argument("--year-to", type=int, metavar="YEAR", help="only documents of this year or earlier")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _ask(options: argparse.Namespace) -> int:
    with _assistant(options) as assistant:
        if not options.quoted and (size := size_of_file(_settings(options).chat_model or "")):
            print(f"Loading {size} ...", file=sys.stderr)
        if options.input:
            return _each_line(options.input, lambda asked: _answered(assistant, asked, options.quoted))
        asked = _asked(options)
        answer = assistant.ask(asked.question, asked.turns(), asked.filters.record(), written=not options.quoted)
    if options.json:
        print(to_json(answer_to_json(answer)))
    else:
        _show_answer(answer, Console(highlight=False))
    return 0


def _answered(assistant: Assistant, asked: Asked, quoted: bool) -> dict[str, Any]:
    answer = assistant.ask(asked.question, asked.turns(), asked.filters.record(), written=not quoted)
    return answer_to_json(answer, asked.id)


def _search(options: argparse.Namespace) -> int:
    with _assistant(options) as assistant:
        if options.input:
            return _each_line(options.input, lambda asked: _found(assistant, asked, options.k))
        asked = _asked(options)
        if options.json:
            print(to_json(_found(assistant, asked, options.k)))
        else:
            filters = asked.filters.record()
            readings = assistant.search(asked.question, options.k, asked.turns(), filters)
            _show_passages(readings, assistant.library, Console(highlight=False))
            if not readings:
                print("No passage was found." if filters == Filters() else "No document fits these filters.")
    return 0


def _found(assistant: Assistant, asked: Asked, k: int) -> dict[str, Any]:
    readings = assistant.search(asked.question, k, asked.turns(), asked.filters.record())
    found = {} if asked.id is None else {"id": asked.id}
    passages = [passage_to_json(r.passage, r.score, assistant.library.notes_of(r.passage.id)) for r in readings]
    return {**found, "query": asked.question, "passages": passages}


def _doctor(options: argparse.Namespace) -> int:
    checks = examine(_settings(options))
    if options.json:
        print(to_json([check.as_json() for check in checks]))
    else:
        console = Console(highlight=False)
        for check in checks:
            console.print(Text(f"{check.mark:<8} {check.name}: {check.message}"), soft_wrap=True)
    return SOME_BAD if any(check.is_wrong for check in checks) else 0


def _calibrate(options: argparse.Namespace) -> int:
    settings = _settings(options)
    if not settings.chat_model:
        raise UsageError("No chat model is set. Name one in SSR_CHAT_MODEL.")
    if size := size_of_file(settings.chat_model):
        print(f"Loading {size} ...", file=sys.stderr)
    asked = calibration.pairs()
    measured = calibration.calibrate(ChatModel.open(settings), tqdm(asked, unit="question", desc="asking"))
    if measured is None:
        raise UsageError(
            f"{settings.chat_model} does not tell how likely its words are, so its yes cannot be measured."
        )
    calibration.keep(settings, measured)
    print(
        to_json(asdict(measured))
        if options.json
        else f"{settings.chat_model}: {measured.in_words}, {measured.seconds:.0f} s a question."
    )
    return 0


@contextmanager
def _assistant(options: argparse.Namespace) -> Iterator[Assistant]:
    if bool(options.input) == bool(options.question is not None):
        raise UsageError("Give a QUESTION or --input FILE, one of them.")
    assistant = Assistant.open(_settings(options))
    try:
        yield assistant
    finally:
        assistant.library.close()


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(**{name: getattr(options, name) for name in ("corpus", "library") if getattr(options, name)})


def _asked(options: argparse.Namespace) -> Asked:
    """The question of the command line, with its history and filters."""
    question = typed(options.question)
    if not question.strip():
        raise UsageError("The question is empty. Ask something.")
    history = [AskedTurn(question=typed(text)) for text in options.history]
    if options.history_file:
        history = [*_history(options.history_file), *history]
    filters = AskedFilters(
        **{name: tuple(map(typed, getattr(options, name))) for name in LISTS},
        year_from=options.year_from,
        year_to=options.year_to,
    )
    return Asked(question=question, history=history, filters=filters)


def _history(path: Path) -> list[AskedTurn]:
    try:
        return TypeAdapter(list[AskedTurn]).validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}). Check the name.") from error
    except ValidationError as error:
        raise UsageError(f'{path} is no list of {{"question", "answer"}}: {_reason(error)}.') from error


def _each_line(name: str, answered: Callable[[Asked], dict[str, Any]]) -> int:
    """One line of JSON out for each line in, in order; a bad line gives its error and the run goes on."""
    bad = 0
    with _opened(name) as lines:
        for line in lines:
            if not line.strip():
                continue
            try:
                found = answered(Asked.model_validate_json(line))
            except (ValidationError, UsageError) as error:
                bad += 1
                reason = _reason(error) if isinstance(error, ValidationError) else str(error)
                found = {"id": _id_of(line), "error": reason}
            print(to_json(found), flush=True)
    return SOME_BAD if bad else 0


@contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    if name == "-":
        yield sys.stdin
        return
    try:
        file = Path(name).open(encoding="utf-8-sig", errors="replace")  # noqa: SIM115  closed below
    except OSError as error:
        raise UsageError(f"{name} cannot be read ({error.strerror}). Check the name.") from error
    with file:
        yield file


def _id_of(line: str) -> Any:
    """The id of a line that is bad otherwise, if it has one."""
    try:
        read = json.loads(line)
    except ValueError:
        return None
    return read.get("id") if isinstance(read, dict) else None


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])


def _show_answer(answer: Answer, console: Console) -> None:
    if answer.rewritten:
        console.print(Text(f"Understood as: {answer.rewritten}", style="dim"))
    console.print(Text(_marked(answer)))
    for note in answer.notes:
        console.print(Text(note.message, style="italic"))
    for citation in answer.citations:
        pages = f"page {citation.page_label or citation.page}"
        parts = [citation.title or citation.source, citation.symbol, citation.publisher, citation.year, pages]
        section = " > ".join(heading for heading in citation.section if heading != citation.title)
        parts += [f"paragraph {citation.paragraph}" if citation.paragraph else None, section]
        console.print(Text(f"\n[{citation.number}] " + ", ".join(str(part) for part in parts if part), style="bold"))
        known = [citation.source, citation.source_type, citation.checked and f"facts checked to {citation.checked}"]
        console.print(Text("    " + " · ".join(filter(None, known)), style="dim"))
        console.print(Text("    “" + "\n     ".join(one_line(span.text) for span in citation.spans) + "”"))
        for footnote in citation.footnotes:
            console.print(Text(f"    rests on: {footnote}", style="dim"))
    for near in answer.nearest:
        console.print(Text(f"\n{near.title or near.source}, page {near.page}", style="bold"))
        console.print(Text(f"    “{one_line(near.quote)}”"))


def _marked(answer: Answer) -> str:
    """The text of an answer, with words beside each claim that nothing supports."""
    claims = [replace(c, text=f"{c.text} (not supported)") if c.supported is False else c for c in answer.claims]
    return text_of(claims) if claims else answer.text


def _show_passages(readings: Sequence[Reading], library: Library, console: Console) -> None:
    for number, reading in enumerate(readings, 1):
        passage = reading.passage
        place = f"{passage.source}, page {passage.spans[0].page}"
        section = f", {' > '.join(passage.section)}" if passage.section else ""
        console.print(Text(f"{number}. {place}{section}  ({reading.score:.2f})", style="bold"))
        for line in filter(None, map(one_line, passage.text.splitlines())):  # a row of a table is a line of its own
            console.print(Text(f"    {line}"))
        for note in library.notes_of(passage.id):
            console.print(Text(f"    note {note.mark}: {one_line(note.text)}", style="dim"))
        console.print()


if __name__ == "__main__":
    sys.exit(main())
