"""XML of a stranger: entities are not expanded, nothing is fetched, and what is no XML is refused."""

from pathlib import Path

import pytest

from assistant.reading.refusals import Refused
from assistant.reading.safe_xml import elements_of, tree_of


def test_a_file_of_the_machine_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    data = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><a>before &x; after</a>'.encode()

    assert "secret" not in "".join(map(str, tree_of(data).itertext()))
    assert all("secret" not in (element.text or "") for element in elements_of(data, "a"))


@pytest.mark.parametrize("place", ["<a>&l9;</a>", '<a b="&l9;"/>'])
def test_entities_do_not_grow(place: str) -> None:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    data = f'<!DOCTYPE a [<!ENTITY l0 "lol">{lines}]>{place}'.encode()
    try:
        tree = tree_of(data)
    except Refused:
        return

    assert len("".join(map(str, tree.itertext()))) + len(tree.get("b", "")) < 1000


def test_comments_and_instructions_are_not_there() -> None:
    assert "".join(map(str, tree_of(b"<a>x<!-- c -->y<?run it?>z</a>").itertext())) == "xyz"


@pytest.mark.parametrize("data", [b"<a>", b"", b"no XML", b"<a>" * 500 + b"</a>" * 500, b"<a>\x00</a>"])
def test_what_is_no_xml_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        tree_of(data)
    with pytest.raises(Refused):
        list(elements_of(data, "a"))


def test_elements_come_one_by_one_and_are_let_go() -> None:
    rows = elements_of(b"<t><r>1</r><s/><r>2</r><r>3</r></t>", "r")
    first = next(rows)
    assert first.text == "1"
    second = next(rows)

    assert (first.text, second.text) == (None, "2")
    assert second.getprevious() is None or second.getprevious().tag == "s"
