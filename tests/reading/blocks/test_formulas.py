"""Formulas of Word and of web pages: one line where a line says them, none where it would say something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from assistant.reading.blocks.formulas import formula

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def mathml(inner: str) -> str | None:
    return formula(etree.fromstring(f"<math>{inner}</math>"))


def omml(inner: str) -> str | None:
    return formula(etree.fromstring(f'<m:oMath xmlns:m="{M}">{inner}</m:oMath>'))


@pytest.mark.parametrize(
    ("inner", "line"),
    [
        ("<mfrac><mn>3</mn><mn>17</mn></mfrac>", "3/17"),
        ("<mn>2</mn><mfrac><mn>3</mn><mn>17</mn></mfrac>", "2 3/17"),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac><mi>m</mi>", "(1/2)m"),
        ("<mfrac><mi>a</mi><mrow><mi>b</mi><mi>c</mi></mrow></mfrac>", "a/(bc)"),
        ("<msup><mi>r</mi><mn>2</mn></msup>", "r²"),
        ("<msup><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></msup>", "(a+b)²"),
        ("<msup><mn>10</mn><mrow><mo>−</mo><mn>4</mn></mrow></msup>", "10⁻⁴"),
        ("<msup><mi>x</mi><mrow><mi>n</mi> <mo>+</mo> <mn>1</mn></mrow></msup>", "x^(n+1)"),
        ("<msup><mi>f</mi><mo>′</mo></msup>", "f′"),
        ("<msqrt><mn>81</mn></msqrt>", "√81"),
        ("<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt><mi>c</mi>", "(√(a+b))c"),
        ("<mroot><mn>8</mn><mn>3</mn></mroot>", "∛8"),
        ("<msub><mi>x</mi><mn>1</mn></msub><mn>2</mn>", "(x1)2"),
        ("<msub><mn>101</mn><mn>2</mn></msub>", "101_2"),
        ("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>", "x1²"),
        ("<mn>2</mn><mo>\u2062</mo><mn>3</mn>", "2·3"),
        ("<semantics><mi>y</mi><annotation>\\tex</annotation></semantics>", "y"),
        ('<mfrac linethickness="0"><mn>5</mn><mn>2</mn></mfrac>', None),
        ("<mtable><mtr><mtd><mn>1</mn></mtd></mtr></mtable>", None),
        ("<mn>1</mn><mover><mi>x</mi><mo>¯</mo></mover>", None),
    ],
)
def test_mathml(inner: str, line: str | None) -> None:
    assert mathml(inner) == line


@pytest.mark.parametrize(
    ("inner", "line"),
    [
        (f"<m:f><m:fPr/><m:num>{run('3')}</m:num><m:den>{run('17')}</m:den></m:f>", "3/17"),
        (f"<m:sSup><m:e>{run('r')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>", "r²"),
        (f"<m:rad><m:deg/><m:e>{run('81')}</m:e></m:rad>", "√81"),
        (f"{run('1')}{run('7')}", "17"),
        (f"<m:d><m:dPr><m:begChr m:val='['/></m:dPr><m:e>{run('a+b')}</m:e></m:d>", "[a+b)"),
        (f"<m:func><m:fName>{run('sin')}</m:fName><m:e>{run('x')}</m:e></m:func>", "sin x"),
        (f"<m:nary><m:e>{run('x')}</m:e></m:nary>", None),
        (f"<m:r><m:rPr><m:strike/></m:rPr><m:t>9</m:t></m:r>{run('x')}", None),
        (
            f"<m:f><m:fPr><m:type m:val='noBar'/></m:fPr><m:num>{run('5')}</m:num><m:den>{run('2')}</m:den></m:f>",
            None,
        ),
    ],
)
def test_omml(inner: str, line: str | None) -> None:
    assert omml(inner) == line


TREES = st.recursive(
    st.sampled_from(["<mn>1</mn>", "<mi>x</mi>", "<mo>+</mo>", "<m/>", "<mn/>"]),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>",
        st.sampled_from(["mfrac", "msup", "msub", "msubsup", "mroot", "msqrt", "mrow", "mfenced", "mi", "mtable"]),
        st.lists(inner, max_size=3),
    ),
)


@given(TREES)
def test_no_formula_breaks(tree: str) -> None:
    line = mathml(tree)

    assert line is None or "\n" not in line


def test_a_formula_of_endless_depth_has_no_line() -> None:
    parser = etree.XMLParser(huge_tree=True)
    assert formula(etree.fromstring("<mrow>" * 1500 + "</mrow>" * 1500, parser)) is None
