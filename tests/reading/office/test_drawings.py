"""Charts, diagrams and described pictures of Office files: what they show stands in the text, or is counted."""

import io
from collections.abc import Callable

import docx
import pptx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from lxml import etree
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from assistant.reading.office.drawings import chart_blocks, diagram_blocks
from assistant.records import Document
from tests.reading.laws import assert_lawful, outline

DocumentOf = Callable[[bytes | str, str], Document]
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
D = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def with_drawing(graphic: str, properties: str = "", part: tuple[str, str, str] | None = None) -> bytes:
    """A Word file with one drawing; `part`: the part it is tied to as "rIdX", its kind, name and XML."""
    document = docx.Document()
    if part:
        kind, name, xml = part
        made = Part(PackURI(f"/word/{name}"), "application/xml", xml.encode(), document.part.package)
        document.part.rels.add_relationship(f"{R}/{kind}", made, "rIdX")
    document.element.body.insert(
        0,
        parse_xml(
            f'<w:p xmlns:w="{W}" xmlns:wp="{WP}" xmlns:a="{A}" xmlns:r="{R}"><w:r><w:drawing><wp:inline>'
            f'<wp:docPr id="1" name="Drawing 1" {properties}/><a:graphic><a:graphicData uri="x">{graphic}'
            "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
        ),
    )
    made_file = io.BytesIO()
    document.save(made_file)
    return made_file.getvalue()


def cache(values: dict[int, str], format_: str = "") -> str:
    code = f"<c:formatCode>{format_}</c:formatCode>" if format_ else ""
    return code + "".join(f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>' for at, value in values.items())


def chart_of(categories: str, values: str, title: str = "") -> etree._Element:
    said = f"<c:title><c:tx><c:rich><a:p><a:r><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx></c:title>" if title else ""
    return etree.fromstring(
        f'<c:chartSpace xmlns:c="{C}" xmlns:a="{A}"><c:chart>{said}<c:plotArea><c:barChart><c:ser>'
        f"<c:tx><c:strRef><c:strCache>{cache({0: 'Handed in'})}</c:strCache></c:strRef></c:tx>"
        f"<c:cat>{categories}</c:cat><c:val><c:numRef><c:numCache>{values}</c:numCache></c:numRef></c:val>"
        "</c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )


def table_of(categories: str, values: str) -> str:
    return chart_blocks(chart_of(categories, values), 1)[-1].text


def test_a_chart_is_a_table_under_its_title() -> None:
    names = f"<c:strRef><c:strCache>{cache({0: 'Rifles', 1: 'Mortars'})}</c:strCache></c:strRef>"
    blocks = chart_blocks(chart_of(names, cache({0: "841", 1: "17"}), "Weapons"), 1)
    assert [(block.kind, block.text) for block in blocks] == [
        ("caption", "Weapons"),
        ("table", " | Handed in\nRifles | 841\nMortars | 17"),
    ]


@pytest.mark.parametrize(
    ("categories", "values", "rows"),
    [
        (f"<c:numRef><c:numCache>{cache({0: '42370'}, 'yyyy')}</c:numCache></c:numRef>", cache({0: "0.25"}, "0%"),
         ["2016 | 25%"]),
        (f"<c:numRef><c:numCache>{cache({0: '42371'}, 'd/m/yyyy')}</c:numCache></c:numRef>",
         cache({0: "0.30000000000000004"}, "General"), ["2 January 2016 | 0.3"]),
        ("", cache({0: "5", 2: "7"}), ["1 | 5", "3 | 7"]),
        (f"<c:multiLvlStrRef><c:multiLvlStrCache><c:lvl>{cache({0: 'men', 1: 'women', 2: 'men'})}</c:lvl>"
         f"<c:lvl>{cache({0: '2016', 2: '2017'})}</c:lvl></c:multiLvlStrCache></c:multiLvlStrRef>",
         cache({0: "4", 1: "5", 2: "6"}), ["2016 men | 4", "2016 women | 5", "2017 men | 6"]),
    ],
)  # fmt: skip
def test_values_are_given_as_the_chart_shows_them(categories: str, values: str, rows: list[str]) -> None:
    assert table_of(categories, values).splitlines()[1:] == rows


def test_a_chart_without_values_gives_nothing() -> None:
    assert chart_blocks(chart_of("", ""), 1) == []
    assert chart_blocks(None, 1) == []


def test_points_of_a_diagram_hang_below_one_another_in_their_order() -> None:
    def point(id_: str, text: str, kind: str = "node") -> str:
        return f'<dgm:pt modelId="{id_}" type="{kind}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'

    def tie(above: str, below: str, order: int) -> str:
        return f'<dgm:cxn srcId="{above}" destId="{below}" srcOrd="{order}"/>'

    points = point("2", "second") + point("1", "first") + point("3", "below the first") + point("0", "", "doc")
    ties = tie("0", "2", 1) + tie("0", "1", 0) + tie("1", "3", 0) + tie("3", "1", 0) + tie("1", "gone", 1)
    model = etree.fromstring(
        f'<dgm:dataModel xmlns:dgm="{D}" xmlns:a="{A}"><dgm:ptLst>{points}</dgm:ptLst><dgm:cxnLst>{ties}</dgm:cxnLst>'
        "</dgm:dataModel>"
    )
    assert [(block.text, block.level) for block in diagram_blocks(model, 1)] == [
        ("first", 1),
        ("below the first", 2),
        ("second", 1),
    ]


def test_a_diagram_in_word_is_a_list(document_of: DocumentOf) -> None:
    model = (
        f'<dgm:dataModel xmlns:dgm="{D}" xmlns:a="{A}"><dgm:ptLst><dgm:pt modelId="1"><dgm:t><a:p><a:r>'
        "<a:t>The panel hears it.</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
    )
    graphic = f'<dgm:relIds xmlns:dgm="{D}" r:dm="rIdX"/>'
    part = ("diagramData", "diagrams/data1.xml", model)
    document = document_of(with_drawing(graphic, part=part), "a.docx")
    described = document_of(with_drawing(graphic, 'descr="Three steps of burning"', part), "b.docx")

    assert outline(described) == [("caption", "Three steps of burning"), *outline(document)]
    assert outline(document) == [("item", "The panel hears it.")]


@pytest.mark.parametrize(
    "by_program",
    [
        "A picture containing text. Description automatically generated",
        "Ein Bild, das Text, Karte enthält. Automatisch generierte Beschreibung",
        "Une image contenant carte. Description ge\u0301ne\u0301re\u0301e automatiquement",
    ],
)
def test_what_a_picture_shows_is_read_and_what_a_program_wrote_is_not(document_of: DocumentOf, by_program: str) -> None:
    picture = f'<pic xmlns="x"><a:blip xmlns:a="{A}"/></pic>'
    described = document_of(with_drawing(picture, 'descr="The sector ends at the river."'), "a.docx")
    assert outline(described) == [("paragraph", "The sector ends at the river.")]
    assert described.warnings == ()
    bare = with_drawing(picture, f'descr="{by_program}"')
    document = docx.Document(io.BytesIO(bare))
    document.add_paragraph("Text.")
    made = io.BytesIO()
    document.save(made)
    read = document_of(made.getvalue(), "b.docx")
    assert outline(read) == [("paragraph", "Text.")]
    assert read.warnings == ("1 picture has no description and was not read.",)


def test_charts_and_pictures_of_slides_are_read(document_of: DocumentOf) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    data = CategoryChartData()
    data.categories = ["Women", "Men"]
    data.add_series("Serving in 2018", (264, 1190))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(3), data)
    plane = XyChartData()
    plane.add_series("Posts").add_data_point(3, 12.5)
    slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, 0, 0, Inches(4), Inches(3), plane)
    made = io.BytesIO()
    show.save(made)
    document = document_of(made.getvalue(), "a.pptx")
    assert_lawful(document)
    assert outline(document) == [
        ("table", "| Serving in 2018\nWomen | 264\nMen | 1190"),
        ("table", "| Posts\n3 | 12.5"),
    ]


@pytest.mark.parametrize("space", [C, "http://schemas.microsoft.com/office/drawing/2014/chartex"])
def test_a_chart_whose_part_is_gone_or_of_a_newer_kind_is_counted(document_of: DocumentOf, space: str) -> None:
    document = docx.Document(io.BytesIO(with_drawing(f'<c:chart xmlns:c="{space}" r:id="rIdGone"/>')))
    document.add_paragraph("Text.")
    made = io.BytesIO()
    document.save(made)
    assert document_of(made.getvalue(), "a.docx").warnings == ("1 chart was not read.",)
