"""An answer made by hand, with every field filled, plainly or with what a hostile document would hold."""

from assistant.records import Answer, Citation, Claim, Nearest, NoteOnAnswer, Span

EVIL = "<img src=x onerror=\"document.title='broken'\"> **bold** [x](javascript:alert(1)) :red[hi] $x$ \u202eevil\u2066"


def citation(number: int = 1, words: str = "The police were vetted.", **fields: object) -> Citation:
    given: dict[str, object] = {
        "source": "a.pdf",
        "title": "Vetting",
        "publisher": "Test press",
        "year": 2021,
        "symbol": None,
        "kind": "doctrine",
        "status": None,
        "page": 3,
        "page_end": 3,
        "page_label": None,
        "section": ("Vetting", "How it is done"),
        "paragraph": "17",
        "quote": words,
        "start": 0,
        "end": len(words),
        "spans": (Span(3, 0, len(words), words),),
        "passage_id": "p",
        **fields,
    }
    return Citation(number=number, **given)  # type: ignore[arg-type]


def answer(question: str = "Who was vetted?", **fields: object) -> Answer:
    given: dict[str, object] = {
        "rewritten": None,
        "status": "answered",
        "text": "The police were vetted. [1]",
        "claims": (Claim("The police were vetted.", (1,), "verbatim", 1.0, True),),
        "citations": (citation(),),
        "nearest": (),
        "notes": (),
        "complete": True,
        "generation": "20260101T000000Z-abc",
        "model": None,
        "timings_ms": {"total": 20.0},
        **fields,
    }
    return Answer(question=question, **given)  # type: ignore[arg-type]


def hostile_answer() -> Answer:
    """Script, markup and marks of direction in every field that a stranger writes."""
    evil = citation(1, EVIL, title=EVIL, publisher=EVIL, symbol=EVIL, section=(EVIL,), paragraph=EVIL, status=EVIL)
    return answer(
        EVIL,
        rewritten=f"And {EVIL}",
        text=EVIL,
        claims=(Claim(EVIL, (1, 9), "judged", 0.1, False), Claim(EVIL, (1,), "verbatim", 1.0, True, item=True)),
        citations=(evil,),
        notes=(NoteOnAnswer("evil", EVIL),),
        complete=False,
        model=EVIL,
    )


def hostile_abstention() -> Answer:
    return answer(
        EVIL,
        status="abstained",
        text=EVIL,
        claims=(),
        citations=(),
        nearest=(Nearest("gone.pdf", EVIL, 2, (EVIL,), EVIL, 0.3),),
    )
