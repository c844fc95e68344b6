"""`python -m evals COMMAND`: each command is a module of this package, imported only when it is asked for."""

import argparse
import sys
from importlib import import_module

from assistant.errors import AssistantError
from assistant.terminal import open_terminal

COMMANDS = {
    "run": "the assistant on the cases of evals/cases",
    "report": "a run as one HTML page",
    "compare": "two runs, case by case",
    "gate": "exit 1 when a figure fell against the baseline",
    "judge": "the grounding judge against pairs labelled by people",
    "attribution": "sentences of a chat model, true and falsified, tied to passages",
    "reader": "the reader against questions with labelled sentences",
    "retrieval": "dense, full text and both together on a collection in BEIR's layout",
    "followups": "follow-up questions as we and as people complete them",
    "triage": "feedback from the page, reviewed, becomes cases",
    "bench": "documents and questions a second, beside the plain pipeline",
    "fidelity": "what pages of PDFs show, read by tesseract, against what is stored of them",
    "torture": "files of every kind and condition: each ends as indexed or refused",
}


def main(argv: list[str] | None = None) -> int:
    """Hand the rest of the line to the command's own `main(argv) -> int`, which knows its options."""
    listed = "\n".join(f"  {name:<11} {what}" for name, what in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m evals",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"commands:\n{listed}\n\n`python -m evals COMMAND --help` lists a command's options.",
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    open_terminal()
    arguments = parser.parse_args(argv)
    try:
        return int(import_module(f"evals.{arguments.command}").main(arguments.rest))
    except AssistantError as error:
        print(error, file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
