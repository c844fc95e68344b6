"""A formula of Word (OMML) or of a web page (MathML) becomes a line as people type it: r², 3/17, √81, x^(n+1).

A formula that holds anything else, such as a matrix, has no line: read flat it would say something else.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lxml import etree

from assistant.reading.blocks.superscripts import as_power, raised

_ATOM = re.compile(r"(?:\d+(?:[.,]\d+)*|[^\W\d_]\d*|[^\W\d_]{3,})[⁰¹²³⁴-⁹ⁿ]*|\([^()]*\)|\|[^|]*\||[^\w\s]|")
_PRIMES = re.compile("[′″‴'*†‡°]{1,3}")
_PREFIX = re.compile(".*[}:]")
_UNSEEN = str.maketrans({"\u2061": "", "\u2062": "·", "\u2063": ",", "\u2064": " "})  # signs for programs
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_LEAVES = ("t", "mi", "mn", "mo", "mtext", "ms")
_ROWS = frozenset(
    (
        *("oMathPara", "oMath", "r", "e", "num", "den", "sup", "sub", "deg", "fName", "box", "ins", "moveTo"),
        *("math", "mrow", "mstyle", "mpadded", "semantics"),
    )
)
_SILENT = ("del", "moveFrom", "proofErr", "bookmarkStart", "bookmarkEnd", "annotation", "annotation-xml", "mspace")
_LEFT_OUT = ("strike", "dstrike", "vanish")  # by the properties of a run


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a formula. `is_open`: letters behind it would seem to belong to it, as in 3/17 and √81; `is_index`:
    figures would."""

    text: str
    is_open: bool = False
    is_index: bool = False

    @property
    def closed(self) -> str:
        """The part as one thing, in brackets if need be."""
        return self.text if _ATOM.fullmatch(self.text) and not self.is_open else f"({self.text})"


class _NoLineError(Exception):
    """The formula holds what no line says."""


def formula(tree: etree._Element) -> str | None:
    """The line of a formula, None where it has none.

    >>> half = "<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>"
    >>> formula(etree.fromstring(f"<math><msup><mi>r</mi><mn>2</mn></msup><mo>=</mo>{half}</math>"))
    'r²=a/(b+1)'
    """
    try:
        return " ".join(_part(tree).text.split())
    except (_NoLineError, RecursionError):
        return None


def apart(before: str, line: str) -> str:
    """The line, parted from figures before it that it would run into: 2 and 3/17 are not 23/17."""
    return f" {line}" if before[-1:].isdigit() and line[:1].isdigit() else line


def _part(element: etree._Element) -> _Part:
    name = _name(element)
    children = [child for child in element if _says(child)]
    if name in _LEAVES and not children:
        text = (element.text or "").translate(_UNSEEN)
        return _Part(text if name in ("t", "mtext") else text.strip())
    if _is_unusual(element):
        raise _NoLineError
    parts = [_part(child) for child in children]
    if name in _ROWS:
        return _row(parts)
    if name in _BRACKETED:
        return _bracketed(element, parts)
    if name == "msqrt":
        return _root(_row(parts), _Part(""))
    if name not in _SHAPES or _SHAPES[name][0] != len(parts):
        raise _NoLineError
    return _SHAPES[name][1](*parts)


def _row(parts: Sequence[_Part]) -> _Part:
    """Parts beside one another."""
    said = [part for part in parts if part.text]
    if len(said) < 2:
        return said[0] if said else _Part("")
    line = ""
    for part, after in zip(said, [*said[1:], _Part("")], strict=True):
        begin, end = part.text[0], after.text[:1]
        grips = part.is_open and (end.isalnum() or end in tuple("(√∛∜"))
        is_gripped = part.is_open and line[-1:].isalpha() and begin.isalnum()
        text = f"({part.text})" if grips or is_gripped or (part.is_index and end.isdigit()) else part.text
        line += apart(line, text) if part.is_open else text
    return _Part(line)


def _power(base: _Part, exponent: _Part) -> _Part:
    above = exponent.text.replace(" ", "")
    if not above or _PRIMES.fullmatch(above):
        return _Part(base.text + above, base.is_open)
    if (figures := raised(above)) != above:
        return _Part(base.closed + figures)
    return _Part(base.closed + as_power(above), is_open=True)


def _indexed(base: _Part, index: _Part) -> _Part:
    """Lowered text stands on the line, as everywhere: CO2."""
    below = index.text.replace(" ", "")
    if below.isalnum() and not base.text[-1:].isdigit():
        return _Part(base.closed + below, is_index=True)
    return _Part(base.closed + (f"_{below}" if below.isalnum() else f"_({below})" if below else ""), is_index=True)


def _both(base: _Part, index: _Part, exponent: _Part) -> _Part:
    return _power(_indexed(base, index), exponent)


def _fraction(above: _Part, below: _Part) -> _Part:
    return _Part(f"{above.closed}/{below.closed}", is_open=True)


def _root(inside: _Part, degree: _Part) -> _Part:
    if degree.text.strip() not in _ROOTS:
        raise _NoLineError
    return _Part(_ROOTS[degree.text.strip()] + inside.closed, is_open=True)


def _root_of_word(degree: _Part, inside: _Part) -> _Part:
    return _root(inside, degree)


def _function(name: _Part, of: _Part) -> _Part:
    return _Part(f"{name.text} {of.closed}", is_open=True)


def _bracketed(element: etree._Element, parts: Sequence[_Part]) -> _Part:
    names, default = _BRACKETED[_name(element)]
    begin, between, end = (_setting(element, name, usual) for name, usual in zip(names, default, strict=True))
    return _Part(begin + between.join(part.text for part in parts) + end)


def _setting(element: etree._Element, name: str, usual: str) -> str:
    """An attribute of MathML, a property of Word."""
    held = element.find(f"{{*}}dPr/{{*}}{name}")
    said = element.get(name) if held is None else next(iter(held.attrib.values()), "")
    return usual if said is None else str(said)


# How many parts a shape has, and how they make a line.
_SHAPES: dict[str, tuple[int, Callable[..., _Part]]] = {
    **dict.fromkeys(("sSup", "msup"), (2, _power)),
    **dict.fromkeys(("sSub", "msub"), (2, _indexed)),
    **dict.fromkeys(("sSubSup", "msubsup"), (3, _both)),
    **dict.fromkeys(("f", "mfrac"), (2, _fraction)),
    "mroot": (2, _root),
    "rad": (2, _root_of_word),
    "func": (2, _function),
}
_BRACKETED = {
    "d": (("begChr", "sepChr", "endChr"), ("(", "|", ")")),
    "mfenced": (("open", "separators", "close"), ("(", ",", ")")),
}


def _says(element: etree._Element) -> bool:
    """Is an element part of what the formula says: no property, no remark for programs?"""
    return isinstance(element.tag, str) and not (_name(element).endswith("Pr") or _name(element) in _SILENT)


def _is_unusual(element: etree._Element) -> bool:
    """Is it a fraction without its line, or text that is struck out or hidden?"""
    if element.get("linethickness") in ("0", "0px", "0pt"):
        return True
    held = [child for child in element if isinstance(child.tag, str) and _name(child).endswith("Pr")]
    types = (value for each in held for kind in each.iterfind("{*}type") for value in kind.attrib.values())
    return "noBar" in types or any(_name(inner) in _LEFT_OUT for each in held for inner in each)


def _name(element: etree._Element) -> str:
    return _PREFIX.sub("", str(element.tag))
