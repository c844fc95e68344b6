import pytest

from assistant.provenance import source_type
from assistant.records import Metadata, SourceType


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (Metadata(kind="resolution"), "primary"),
        (Metadata(kind="policy", symbol="A/67/775-S/2013/110"), "primary"),
        (Metadata(kind="case-study", symbol="S/RES/2151 (2014)"), "note"),  # what staff say of the kind wins
        (Metadata(kind="lesson"), "note"),
        (Metadata(symbol="S/RES/2151 (2014)"), "primary"),
        (Metadata(symbol="A/81/6 (Sect. 5)/Part A", kind="other"), "primary"),
        (Metadata(title="Police Act, 2005"), "primary"),
        (Metadata(title="Law No. 2/2004 on Domestic Intelligence Services"), "primary"),
        (Metadata(title="The Constitution of Liberia"), "primary"),
        (Metadata(title="The rule of law"), None),
        (Metadata(title="In the act of reform"), None),
        (Metadata(), None),
    ],
)
def test_the_kind_decides_then_the_symbol_then_a_title_like_those_of_laws(
    metadata: Metadata, expected: SourceType | None
) -> None:
    assert source_type(metadata) == expected
