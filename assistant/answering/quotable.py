"""Which sentences may be quoted by themselves.

A quoted sentence must say something (no question, heading, caption, pointer to another section), must be whole, and
must not lean on a sentence that is not there ("It also ...").
"""

import re

from assistant.records import Passage, Sentence

_SHORTEST = 4  # words of a sentence that says something

# Sections that name, abbreviate or point elsewhere instead of saying something.
_BACK_MATTER = re.compile(
    r"^(?:[\d.]+\s+|annex\s+\w+[:.]?\s+)*(?:end ?notes?|foot ?notes?|notes|references?|bibliography|sources?|index"
    r"|further reading|(?:table of )?contents|abbreviations?|acronyms?"
    r"|list of (?:abbreviations|acronyms|figures|tables))\b",
    re.IGNORECASE,
)
_LINKS = re.compile(
    r"\blinks? to (?:other|the other)|other (?:topics|notes|documents)|related (?:topics|reading|modules)",
    re.IGNORECASE,
)
_PART = (
    r"(?:section|module|chapter|annex|report|paper|document|part|note|guide|handbook|table|figure|box|list|case\sstudy)"
)
_POINTER = re.compile(
    rf"""^\(?(?:
      (?:see|cf\.?|refer\sto)\b
    | for\s(?:more|further|additional|a\s(?:more|fuller|detailed))\b
    | as\s(?:discussed|described|noted|mentioned|outlined|explained|stated|shown|set\sout)\s(?:above|below|in|earlier)
    | the\s(?:purpose|aim|objective|scope|intention)s?\s(?:of\s(?:this|the\spresent)|is\snot)\b
    | (?:this|the\s(?:present|following|next|previous|last|remaining))\s{_PART}s?\b
    | the\s{_PART}s?\s(?:below|above|that\sfollows?)\b
    | {_PART}\s\w+\s(?:shows?|lists?|sets?\sout|describes?|provides?|gives?|contains?|explains?|presents?|deals?)\b
    | \d+\s(?:for|see|cf|ibid)\b | ibid | readers?\s(?:can|may|should)\b
    | (?:the|a)\s(?:notes?|case\sstud(?:y|ies)|guides?)\son\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_POINTER_WITHIN = re.compile(
    rf"""\b(?:
      (?:is|are)\s(?:\w+\s)?(?:explained|described|discussed|treated|covered|dealt\swith)\s(?:in|by|with|under|below|above)\b
    | (?:is|are)\s(?:\w+\s)?(?:set\sout|listed|found|given)\s
        (?:in\s(?:the\s(?:notes?|next|following)|{_PART})|below|above)
    | (?:described|discussed|mentioned|listed|shown|noted|explained|outlined|presented|identified)\s(?:above|below)\b
    | can\sbe\scompared\swith\b | (?:compare|read)\s(?:this|the\scase)\b | tells?\s(?:that|this|the)\sstory
    | the\stable\s(?:below|sets|shows|lists)
    | the\sfollowing\b[^:]*$ | (?:this|the\spresent)\s(?:section|module|chapter|annex|paper|guide|handbook|standard)\b
    | as\sthe\snotes?\son\b | notes?\s(?:gives?|explains?|describes?|compares?|follows?|goes|tells?|deals?|draws?)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_LEANING = re.compile(
    r"""^["'“‘(\[]*(?:
      (?:it|they|them|he|she|his|her|hers|its|their|theirs|these|those|this|such|that|both|neither|another|others?|here)
    | as\ssuch | the\s(?:latter|former|same|others?|second|third|fourth|fifth|last|remaining|result|two)
    | (?:one|some|most|all|each|none|many|few|several|two|three|half)\sof\s(?:these|those|them|this)
    | there(?:fore|by|after)?(?=[\s,])
    | (?:however|also|moreover|furthermore|additionally|besides|likewise|similarly|thus|hence|consequently|accordingly)
    | (?:instead|rather|otherwise|conversely|nevertheless|nonetheless|still|yet|but|and|or|so|then|meanwhile|next|again)
    | (?:subsequently|later|afterwards|finally|lastly|indeed|specifically|first|firstly|second|secondly|third|thirdly)
    | fourth(?:ly)? | in\saddition | as\sa\s(?:result|consequence) | on\sthe\sother\shand | (?:by|in)\scontrast
    | for\s(?:example|instance|(?:this|these|that|such)\b) | that\sis | in\sother\swords | more\sspecifically
    | in\s(?:this|that|these|such|other|turn|both|short|sum|particular|the\ssame)
    | at\s(?:the\ssame\stime|that|this)
    | (?:under|with|from|on|of|by|to)\s(?:this|these|those|that|such|doing\sso|do\sso)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_STANDS = re.compile(
    r"""^(?:
      it\sis\s(?:\w+\s){1,3}(?:to|that)\b | it\sshould\sbe\s(?:noted|remembered|stressed)
    | there\s(?:is|are|was|were|has|have)\b | both\s\w+(?:\s\w+)?\sand\b | such\s\w+\sas\b
    | that\s(?:the|a|an)\b | those\s(?:who|responsible|involved)\b | rather\sthan\b | here\s(?:is|are)\b
    | (?:first|second|third|one|another|next|later|still)\s(?!,)\w+\s(?:of|in|for|to|by)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# "Trust is the second reason" goes on with a count, "is therefore" with a thought that began elsewhere.
_GOES_ON = re.compile(
    r"\b(?:is|was|are|were)\s(?:(?:the|a)\s(?:second|third|fourth|fifth|sixth|other|next)|therefore|thus|also|however)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!;:…。！][\"'”’»)\]]*$")
# A paragraph of a preamble, in which a council says what it recalls, notes or fears before it decides.
_PREAMBLE = re.compile(
    r"""^(?:(?:also|further|again|deeply|gravely|strongly|seriously|particularly)\s)?(?:
      acknowledging | acting | affirming | alarmed | aware | bearing | calling | commending | concerned | condemning
    | considering | convinced | deploring | desiring | determined | determining | dismayed | disturbed | echoing
    | (?:re-)?emphasi[sz]ing | encourag(?:ed|ing) | expressing | guided | having | highlighting | looking | mindful
    | noting | paying | reaffirming | recalling | recogni[sz]ing | regretting | reiterating | remaining
    | reminding | renewing | resolving | responding | stressing | supporting | taking | thanking | underlining
    | underscoring | urging | welcoming
    )\b.{40,},$""",
    re.IGNORECASE | re.VERBOSE,
)
_FILLED_IN = re.compile(r"[A-Z][^.:;|]{2,50}: (?:[^\s:]+ ){2,}[^\s:]+")  # "Reason for the request: escort of a convoy"
FORMULA = re.compile(r"^(adopted|approved|signed|done|issued) (?:by|at|in|on|without)\b", re.IGNORECASE)
_DEBRIS = re.compile(r"\.{4,}|_{4,}|\|\s*\||https?://\S+\s*$|^\W*\d[\d\s.,/-]*$")


def is_quotable(passage: Passage, sentence: Sentence) -> bool:
    """Whether a sentence says something, by itself or with the sentence that it leans on."""
    text = " ".join(passage.sentence_text(sentence).split())
    if sentence.kind in ("heading", "caption", "code") or text.endswith("?") or _DEBRIS.search(text):
        return False
    if passage.section and (_BACK_MATTER.match(passage.section[-1]) or _LINKS.search(passage.section[-1])):
        return False
    if sentence.kind == "table":
        return text.count(" | ") >= 1
    if len(text.split()) < _SHORTEST or _POINTER.match(text):
        return False
    if sentence.kind == "item":
        return True
    is_whole = _ENDS.search(text) or FORMULA.match(text) or _PREAMBLE.match(text) or _FILLED_IN.fullmatch(text)
    return bool(is_whole) and not text[0].islower() and not _POINTER_WITHIN.search(text)


def is_lead_in(passage: Passage, sentence: Sentence) -> bool:
    """Whether a sentence introduces a list that follows."""
    return sentence.kind == "paragraph" and passage.sentence_text(sentence).rstrip().endswith((":", ":—", "—"))


def leans(text: str) -> bool:
    """Whether a sentence needs the one before it.

    >>> leans("It also covers the courts."), leans("It is important that courts are covered.")
    (True, False)
    """
    return bool((_LEANING.match(text) and not _STANDS.match(text)) or _GOES_ON.search(text[:80]))
