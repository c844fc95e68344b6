from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.library.reading_list import PrimaryText, reading_list
from assistant.records import Metadata


def text(symbol: str, title: str = "Securing peace") -> PrimaryText:
    return PrimaryText(title, symbol, "2008", "United Nations", "https://undocs.org", "free", "It defines SSR.")


@pytest.mark.parametrize(
    ("wanted", "held", "expected"),
    [
        (text("A/62/659-S/2008/39"), Metadata(symbol="S/2008/39"), True),
        (text("S/RES/2151 (2014)"), Metadata(symbol="S/RES/2151(2014)"), True),
        (text("S/RES/2151 (2014)"), Metadata(symbol="S/RES/21511 (2014)"), False),
        (text("S/2008/39"), Metadata(title="Securing peace"), False),
        (text("", "Police Act"), Metadata(title="police act"), True),
        (text("", "Police Act"), Metadata(), False),
    ],
)
def test_a_text_is_known_by_its_symbol_or_without_one_by_its_title(
    wanted: PrimaryText, held: Metadata, expected: bool
) -> None:
    assert wanted.is_among([Metadata(), held]) is expected


def test_a_list_without_its_columns_is_complained_of(tmp_path: Path) -> None:
    assert reading_list(tmp_path) == []
    (tmp_path / "reading-list.csv").write_text("name,link\nPolice Act,https://a.org\n")
    with pytest.raises(UsageError, match="`title` and `address`"):
        reading_list(tmp_path)
