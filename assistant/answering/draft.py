"""What an answer says, before it knows of times and generations."""

from dataclasses import dataclass

from assistant.records import AbstentionReason, Citation, Claim, Nearest, NoteOnAnswer


@dataclass(frozen=True, slots=True)
class Draft:
    """Without claims it is an abstention, for a `reason`. `complete` is false when a chat model broke off in it,
    `by_model` says that sentences of a chat model are in it."""

    text: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    notes: tuple[NoteOnAnswer, ...] = ()
    reason: AbstentionReason | None = None
    complete: bool = True
    by_model: bool = False
