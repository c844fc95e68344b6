"""Words that a line end or a bad copy broke in two are made whole: "activi- ties", "Na tions".

The document itself is the dictionary. A word is mended when it stands whole elsewhere in the same text; "long-
term" becomes "long-term" where that stands elsewhere; what is not found is judged by its parts. Suspended hyphens
stay ("gender- and age-sensitive"). A wrong join would falsify a quote, so a doubt leaves the text alone.
"""

import re
from collections import Counter
from itertools import pairwise

_HYPHENATED = re.compile(r"(?<!\w)([^\W\d_]+)-(?:[ \t]+\n?|\n)[ \t]*([^\W\d_]+)(?!\w)")
_WORD = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"(?<!\w)[^\W\d_]+(?:-[^\W\d_]+)+")
_SUSPENDING = frozenset(("and", "or", "to", "nor", "but", "versus", "et", "ou", "und", "oder", "y", "o", "e"))
_PREFIXES = frozenset(
    ("co", "cross", "ex", "half", "high", "long", "low", "non", "post", "self", "short", "two", "vice", "well")
)
_WORDS_OF_THEIR_OWN = _SUSPENDING | frozenset(
    (
        *("a", "all", "an", "any", "are", "as", "at", "be", "by", "can", "down", "every", "for", "had", "has", "he"),
        *("here", "his", "hot", "if", "in", "is", "it", "long", "may", "me", "no", "none", "not", "of", "off", "on"),
        *("one", "other", "our", "out", "over", "short", "side", "so", "some", "that", "the", "there", "under", "up"),
        *("was", "we", "what", "when", "where", "with"),
    )
)
_SHORTEST_FRAGMENT = 2  # letters: "s" of a possessive is none
_SHORT_FRAGMENT = 4  # letters: so short a part is trusted to be one even if the whole stands only once
_LONG_SECOND = 7  # letters: an unknown second part so long is a word and no ending


def mend(text: str) -> str:
    """The text with its broken words whole, as far as it says itself how they are written.

    >>> mend("Activities with combat- ants: combatants and long- term activi- ties, gender- and age-sensitive.")
    'Activities with combatants: combatants and long-term activities, gender- and age-sensitive.'
    """
    return Mender(text).mend(text)


class Mender:
    """Mends stretches of one document, which it has read whole."""

    def __init__(self, document: str) -> None:
        running = _WORD.findall(_HYPHENATED.sub(" ", document).lower())
        self._words = Counter(running)
        self._compounds = Counter(_COMPOUND.findall(document.lower()))
        apart = {pair for pair in pairwise(running) if _belong_together(*pair, self._words)}
        pairs = "|".join(
            f"(?:{first}|{first.capitalize()}) (?={second}(?![\\w'’-]))" for first, second in sorted(apart)
        )
        self._apart = re.compile(rf"(?<![\w'’-])(?:{pairs})") if apart else None

    def mend(self, text: str) -> str:
        """The stretch with its broken words whole."""
        if "- " in text or "-\n" in text:
            text = _HYPHENATED.sub(self._rejoined, text)
        return self._apart.sub(lambda found: found[0][:-1], text) if self._apart else text

    def _rejoined(self, found: re.Match[str]) -> str:
        first, second = found[1].lower(), found[2].lower()
        if second in _SUSPENDING:
            return found[0]
        whole, compound = self._words[first + second], self._compounds[f"{first}-{second}"]
        if whole or compound:
            hyphen = compound > whole
        else:
            second_is_word = second in self._words or len(second) >= _LONG_SECOND
            hyphen = found[2][0].isupper() or first in _PREFIXES or (first in self._words and second_is_word)
        return f"{found[1]}{'-' if hyphen else ''}{found[2]}"


def _belong_together(first: str, second: str, words: Counter[str]) -> bool:
    """Two neighbours are one word when one of them stands nowhere else, and the whole does."""
    if first + second not in words or (words[first] > 1 and words[second] > 1):
        return False
    if {first, second} & _WORDS_OF_THEIR_OWN or min(len(first), len(second)) < _SHORTEST_FRAGMENT:
        return False
    fragment = min(first, second, key=lambda part: (words[part], len(part)))
    return words[first + second] > 1 or len(fragment) <= _SHORT_FRAGMENT
