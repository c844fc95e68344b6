"""What went wrong with a case, in a sentence, and how its key facts fared."""

from typing import Any

from evals.figures import Record, cites_gold, first_lost, gold_rank, held_facts

ANSWERED = "answered though the library does not hold it"


def what_went_wrong(record: Record) -> str:
    """The first step that lost an answerable case; or that an answer was given where there is none."""
    return first_lost(record) or ANSWERED


def explained(record: Record) -> Record:
    """The record with `lost`, `because` (a sentence), and `facts`: each key fact and whether the answer holds it."""
    facts = [{"fact": fact, "held": held} for fact, held in held_facts(record)]
    return {**record, "lost": what_went_wrong(record), "because": _because(record), "facts": facts}


def _because(record: Record) -> str:
    rank = gold_rank(record)
    place = f"the first gold page came at rank {rank}"
    missing = [fact.split("|")[0] for fact, held in held_facts(record) if not held]
    reasons: dict[str, str] = {
        "retrieval": f"No gold page is among the {_pages(record)} pages that search brought.",
        "reading": f"It was found, but {place}, too low to reach the answer.",
        "abstaining": f"It was found ({place}), and still the answer was withheld.",
        "composing": f"It was found ({place}), but "
        + " and ".join(
            part
            for part, applies in (
                ("no citation stands on a gold page", not cites_gold(record)),
                ("the answer lacks " + ", ".join(f"“{fact}”" for fact in missing), bool(missing)),
            )
            if applies
        )
        + ".",
        ANSWERED: "The library does not hold the answer; the assistant should have said so.",
    }
    return reasons[what_went_wrong(record)]


def _pages(record: Record) -> int:
    return len({(hit["source"], hit["page"]) for hit in record["found"]})


def by_step(failed: list[Record]) -> dict[str, list[dict[str, Any]]]:
    """Failed cases under what went wrong, the most frequent first."""
    groups: dict[str, list[Record]] = {}
    for record in failed:
        groups.setdefault(record["lost"], []).append(record)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))
