"""Whether questions that other people wrote are answered rightly: `python -m evals run --questions FILE.jsonl ...`.

The files and the rules are those of `questions.py`. Of an answerable question counts whether a citation stands on the
page and in the passage of its gold place (of all of them where all are needed), which share of its key facts the
answer says, and whether it was withheld. Any other question is answered rightly by withholding, and one with a false
premise also by citing what refutes it. An abstention cites no place and says no fact, and is counted with the others.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from assistant import Assistant
from assistant.answering.generative import BRIDGE
from assistant.records import Answer, Passage
from evals import abstention, figures
from evals.figures import Record, clustered, of_both
from evals.questions import Place, Question
from evals.statistics import auroc, bins_of_equal_number, calibration, calibration_error

OF_ANSWERABLE = {
    "right page cited": "page_cited",
    "right place cited": "place_cited",
    "key facts held": "facts_held",
    "withheld wrongly": "withheld",
}
OF_UNANSWERABLE = {"withheld rightly": "withheld", "unanswerable right": "right"}
OF_FALSE_PREMISES = {"false premise met": "right", "false premise met in place": "right_in_place"}
ENOUGH_FACTS = 0.5  # share of the key facts from which on an answer counts as right in the risk
OF_WRITTEN = {"key facts, quoted": "quoted_facts", "written to its end": "finished"}
BY_LANGUAGE = ("key facts held", "withheld wrongly", "withheld rightly")


def record(asked: Question, file: str, assistant: Assistant) -> tuple[Record, dict[str, float]]:
    """What the assistant answered to a question of a file, scored, and apart from it how long it took (ms)."""
    answer = assistant.ask(asked.question, asked.history)
    found = assistant.search(asked.question, 1, asked.history)
    cited = assistant.library.passages(citation.passage_id for citation in answer.citations)
    kept = {
        "file": file,
        "id": asked.id,
        "kind": asked.kind,
        "language": asked.language,
        "question": asked.question,
        "history": [turn.question for turn in asked.history],
        "answerable": asked.answerable,
        "gold": [_place(place) for place in asked.gold],
        "all": asked.needs_all,
        "refutation": _place(asked.refutation) if asked.refutation else None,
        "answer": {
            "rewritten": answer.rewritten,
            "text": answer.text,
            "model": answer.model,
            "notes": [note.code for note in answer.notes],
            "claims": [
                {"text": one.text, "citations": one.citations, "state": one.state, "supported": one.supported}
                for one in answer.claims
            ],
            "citations": [
                {"number": one.number, "source": one.source, "page": one.page, "quote": one.quote}
                for one in answer.citations
            ],
        },
        "top_score": round(found[0].score, 4) if found else None,
    }
    kept |= scored(asked, answer, cited)
    return kept | _written(asked, answer, assistant), dict(answer.timings_ms)


def _written(asked: Question, answer: Answer, assistant: Assistant) -> Record:
    """Of an answer that a chat model was to write: the key facts of the quoted one beside it, and whether the model
    came to its end without falling back on the documents' own words. Nothing without a chat model."""
    if "write" not in answer.timings_ms:
        return {}
    quoted = assistant.ask(asked.question, asked.history, written=False)
    return {
        "quoted_facts": asked.facts_held("\n".join(claim.text for claim in quoted.claims)),
        "finished": _is_finished(answer) if answer.claims else None,
    }


def _is_finished(answer: Answer) -> bool:
    """Whether a chat model wrote it to its end, and the documents' own words need not stand in for it."""
    return answer.model is not None and answer.complete and all(claim.text != BRIDGE for claim in answer.claims)


def scored(asked: Question, answer: Answer, cited: Sequence[Passage]) -> Record:
    """How right an answer is; `cited` are the passages of its citations. None where the question has no place, fact
    or refutation to hold it to."""
    withheld = answer.status == "abstained"
    said = "\n".join(claim.text for claim in answer.claims)
    against = asked.refutation
    in_place = against is not None and any(map(against.is_held_by, cited))
    on_page = against is not None and any(map(against.is_on_pages_of, answer.citations))
    return {
        "withheld": withheld,
        "reason": answer.reason,
        "page_cited": asked.rank_of_page(answer.citations) is not None if asked.gold else None,
        "place_cited": asked.rank(cited) is not None if asked.gold else None,
        "facts_held": asked.facts_held(said),
        "facts_missing": asked.facts_missing(said),
        "right": None if asked.answerable else withheld or in_place or on_page,
        "right_in_place": None if asked.answerable else withheld or in_place,
    }


def measure(records: Sequence[Record]) -> dict[str, Any]:
    """The figures of each file and of all questions together."""
    of_files = {file: _measured(those) for file, those in _by("file", records).items()}
    return {"all": _measured(records), "files": of_files}


def _measured(records: Sequence[Record]) -> dict[str, Any]:
    of_kinds = {kind: _figures(those) for kind, those in _by("kind", records).items()}
    of_languages = {
        language: {name: figure for name, figure in _figures(those).items() if name in BY_LANGUAGE}
        for language, those in _by("language", records).items()
    }
    return {
        "n": len(records),
        "figures": _figures(records) | _of_scores(records),
        "kinds": of_kinds,
        "languages": of_languages if len(of_languages) > 1 else {},
        "reasons": _reasons(records),
        "calibration": calibration(*_labels_and_scores(_comparable(records)), bins_of_equal_number),
        "trade_off": abstention.trade_off([(r["top_score"], r["answerable"]) for r in _comparable(records)]),
        "risk_coverage": abstention.risk_coverage(_answered(records), len(records)),
    }


def _answered(records: Sequence[Record]) -> list[tuple[float, bool]]:
    """The answers given, each with its score and whether it is right: it says half of the key facts or more, or cites
    what refutes a false premise."""
    given = [record for record in records if not record["withheld"] and record["top_score"] is not None]
    return [
        (r["top_score"], (r["facts_held"] or 0.0) >= ENOUGH_FACTS if r["answerable"] else bool(r["right"]))
        for r in given
    ]


def _reasons(records: Sequence[Record]) -> dict[str, dict[str, int]]:
    """Why questions were withheld or their premise denied: how many that can be answered, and how many others."""
    withheld = Counter((r["reason"], r["answerable"]) for r in records if r["reason"])
    reasons = sorted({reason for reason, _ in withheld})
    return {
        reason: {"answerable": withheld[reason, True], "unanswerable": withheld[reason, False]} for reason in reasons
    }


def _by(field: str, records: Sequence[Record]) -> dict[str, list[Record]]:
    values = dict.fromkeys(record[field] for record in records)
    return {value: [record for record in records if record[field] == value] for value in values}


def _figures(records: Sequence[Record]) -> dict[str, Any]:
    answerable = [record for record in records if record["answerable"]]
    unanswerable = [record for record in records if not record["answerable"]]
    false_premises = [record for record in unanswerable if record["refutation"]]
    written = [record for record in answerable if "finished" in record]
    return {
        name: clustered(those, [record[field] for record in those])
        for those, of_those in (
            (answerable, OF_ANSWERABLE),
            *([(written, OF_WRITTEN)] if written else []),
            (unanswerable, OF_UNANSWERABLE),
            (false_premises, OF_FALSE_PREMISES),
        )
        for name, field in of_those.items()
    }


def _of_scores(records: Sequence[Record]) -> dict[str, Any]:
    """How well the score of the best passage tells answerable questions from others, and how far it is from the
    probability that a question is answerable."""
    those = _comparable(records)
    labels, scores = _labels_and_scores(those)
    missing = len(records) - len(those)
    return {
        "answerable told apart": of_both(auroc(labels, scores), those, missing),
        "calibration error": of_both(calibration_error(labels, scores, bins_of_equal_number), those, missing),
    }


def _comparable(records: Sequence[Record]) -> list[Record]:
    """The questions for which a passage was found; none where all are answerable or all are not."""
    found = [record for record in records if record["top_score"] is not None]
    return found if len({record["answerable"] for record in found}) == 2 else []


def _labels_and_scores(records: Sequence[Record]) -> tuple[list[int], list[float]]:
    return [int(record["answerable"]) for record in records], [record["top_score"] for record in records]


def latency(asked: Sequence[tuple[Record, dict[str, float]]]) -> dict[str, Any]:
    """Median and 95th percentile of each step in milliseconds, of each file and of all questions together."""
    files = dict.fromkeys(record["file"] for record, _ in asked)
    return {
        "all": figures.latency([timings for _, timings in asked]),
        "files": {
            file: figures.latency([timings for record, timings in asked if record["file"] == file]) for file in files
        },
    }


def as_table(measured: Mapping[str, Any], times: Mapping[str, Any]) -> str:
    """The figures of each file, and of all together where there are several."""
    several = {"all": measured["all"]} if len(measured["files"]) > 1 else {}
    spent = {**times["files"], "all": times["all"]}
    return "\n\n".join(_section(name, part, spent[name]) for name, part in {**measured["files"], **several}.items())


def _section(name: str, part: Mapping[str, Any], times: Mapping[str, Any]) -> str:
    lines = [f"{name}: {part['n']} questions"]
    lines += [figures.line(figure, value) for figure, value in part["figures"].items()]
    for language, of_language in part["languages"].items():
        lines += [figures.line(f"{figure}, {language}", value) for figure, value in of_language.items()]
    lines += [
        f"{reason:<28} {count['answerable']} answerable, {count['unanswerable']} others"
        for reason, count in part["reasons"].items()
    ]
    lines.append(f"{'seconds per question':<28} {_seconds(times.get('total'))}")
    if "first_sentence" in times:
        lines.append(f"{'seconds to first sentence':<28} {_seconds(times['first_sentence'])}")
    return "\n".join(lines)


def _seconds(total: Mapping[str, float] | None) -> str:
    if total is None:
        return "undefined"
    return (
        f"{total['median'] / 1000:.3f} at the median, {total['p95'] / 1000:.3f} at the 95th percentile  n {total['n']}"
    )


def _place(place: Place) -> Record:
    return {"source": place.source, "page": place.page or None, "quote": place.quote}
