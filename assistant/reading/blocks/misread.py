"""Words that character recognition or a bad copy has spoilt: "i11proved", "ge11erated", "Speci�l".

Of 125 documents that people typed none had one word in a thousand of this kind; a scan with the text of its scanner had
one in 40.
"""

import re

MOST = 0.005  # of the words of a document
FEWEST = 10  # such words; fewer are names ("level3zone") in a short text
_WORD = re.compile(r"\w+")
_SPOILT = re.compile(r"\b[^\W\d_]*[a-zß-ÿ]\d+[a-zß-ÿ]+\b|\w*\ufffd\w*")
_SHOWN = 3


def in_words(text: str) -> str | None:
    """A sentence for staff on the spoilt words of a text; None where there are few."""
    spoilt = _SPOILT.findall(text)
    if len(spoilt) < max(FEWEST, MOST * len(_WORD.findall(text))):
        return None
    examples = ", ".join(f"“{word}”" for word in list(dict.fromkeys(spoilt))[:_SHOWN])
    return (
        f"{len(spoilt):,} words are misspelt as by character recognition ({examples}): what is quoted from it may be "
        "wrong. If it is a scan, add a copy whose text was recognised better."
    )
