import pytest

from assistant.query.recognition import (
    Names,
    defined_term,
    expand,
    find_paragraph,
    find_symbols,
    find_years,
    forms_of,
    listed_noun,
    question_type,
)
from assistant.query.words import content_terms, stem, stems

NAMES = Names.known(
    {
        "country": ("Liberia", "Mali", "Democratic Republic of the Congo", "Bosnia and Herzegovina"),
        "mission": ("UNMIL", "MONUSCO"),
        "organisation": ("African Union",),
    }
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What is security sector reform?", "definition"),
        ("what is ssr", "definition"),
        ("Define vetting", "definition"),
        ("What does DDR stand for?", "definition"),
        ("What are the main principles of SSR?", "list"),
        ("Which challenges did Liberia face?", "list"),
        ("List the tasks of UNMIL", "list"),
        ("Who trained the Liberian army?", "factoid"),
        ("In which year was UNMIL created?", "factoid"),
        ("How many women joined?", "factoid"),
        ("What is the role of parliament?", "explanation"),
        ("What was DynCorp's role in Liberia?", "explanation"),
        ("What is done with old ammunition?", "explanation"),
        ("Why does ownership matter?", "explanation"),
        ("How do you vet officers?", "explanation"),
        ("What is the difference between vetting and lustration?", "comparison"),
        ("Compare Kosovo and Liberia", "comparison"),
        ("How did police reform in Kosovo evolve?", "chronology"),
        ("Is SSR a process?", "yes-no"),
        ("What does paragraph 7 of resolution 2151 say?", "paragraph"),
    ],
)
def test_the_kind_of_a_question_is_seen(question: str, kind: str) -> None:
    assert question_type(question) == kind


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("What does resolution 2151 (2014) say?", ("S/RES/2151",)),
        ("Do resolutions 1325 (2000) and 2151 differ?", ("S/RES/1325", "S/RES/2151")),
        ("S/RES/2151 (2014), S/2008/39 and A/62/659-S/2008/39", ("A/62/659-S/2008/39", "S/2008/39", "S/RES/2151")),
        ("resolution 60/1 of the General Assembly", ("A/RES/60/1",)),
        ("What does IDDRS 6.10 ask?", ("IDDRS 6.10",)),
        ("How many police in 2014?", ()),
    ],
)
def test_symbols_are_recognised(text: str, symbols: tuple[str, ...]) -> None:
    assert find_symbols(text) == symbols


def test_years_are_found_outside_symbols() -> None:
    assert find_years("What happened between 2003 and 2006?") == (2003, 2006)
    assert find_years("What does S/2008/39 say?") == ()


def test_the_number_of_a_paragraph_is_found() -> None:
    assert find_paragraph("What does operative paragraph 7 say?") == "7"
    assert find_paragraph("para. 1-64 of the manual") == "1-64"
    assert find_paragraph("What is a paragraph?") is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("How was the Liberian army rebuilt?", ["Liberia"]),
        ("Malian police and UNMIL", ["Mali", "UNMIL"]),
        ("What happened in the DRC and in Bosnia?", ["Democratic Republic of the Congo", "Bosnia and Herzegovina"]),
        ("the african union", ["African Union"]),
        ("animals in a normal car", []),
    ],
)
def test_names_of_the_library_are_found_in_other_forms(text: str, names: list[str]) -> None:
    assert [name.canonical for name in NAMES.find(text)] == names


def test_acronyms_are_expanded_both_ways() -> None:
    acronyms = {"SSR": ("security sector reform",), "CAR": ("Central African Republic",)}
    assert expand("what is ssr?", acronyms) == ("security sector reform",)
    assert expand("What is security sector reform?", acronyms) == ("SSR",)
    assert expand("Who drives the car?", acronyms) == ()
    assert expand("What happened in CAR?", acronyms) == ("Central African Republic",)
    assert expand("What is security sector reform (SSR)?", acronyms) == ()


def test_what_is_to_be_defined_or_listed_is_found() -> None:
    assert defined_term("What is meant by the term vetting?") == "vetting"
    assert defined_term("what does DDR stand for?") == "DDR"
    assert listed_noun("What are the main challenges of SSR?") == "challenges"
    assert listed_noun("Who pays?") is None


def test_a_term_goes_by_several_names() -> None:
    forms = forms_of("transitional weapons and ammunition management", ("WAM",))
    assert "transitional WAM" in forms
    assert "human rights due diligence" in forms_of("human rights due diligence policy", ())


def test_content_words_leave_out_what_carries_nothing() -> None:
    assert content_terms("What is the role of S/RES/2151 in Liberia's reform?") == (
        "role",
        "s/res/2151",
        "liberia",
        "reform",
    )


def test_forms_of_a_word_share_a_stem() -> None:
    assert len({stem(word) for word in ("vetting", "vetted", "vets")}) == 1
    assert len({stem(word) for word in ("parliament", "parliamentary", "parliaments")}) == 1
    assert stem("army") != stem("arms")
    assert {"combata", "2151"} <= stems("ex-combatants of S/RES/2151")
