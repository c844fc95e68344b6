"""OpenDocument texts of given XML."""

from tests.reading.making.archive import zipped

MIMETYPE = "application/vnd.oasis.opendocument.text"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [
        *((name, name) for name in ("office", "style", "text", "table", "meta", "manifest")),
        *(("draw", "drawing"), ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible")),
    ]
)
MORE = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
)


def odt(body: str, *, automatic: str = "", styles: str = "", meta: str = "", manifest: str = "") -> bytes:
    """An .odt file with the given XML as its text, its styles and its properties."""

    def part(kind: str, inside: str) -> str:
        return f"<office:{kind} {NAMESPACES} {MORE}>{inside}</office:{kind}>"

    text = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"<office:automatic-styles>{automatic}</office:automatic-styles>{text}"
    return zipped(
        {
            "mimetype": MIMETYPE,
            "content.xml": part("document-content", content),
            "styles.xml": part("document-styles", f"<office:styles>{styles}</office:styles>"),
            "meta.xml": part("document-meta", f"<office:meta>{meta}</office:meta>"),
            "META-INF/manifest.xml": f"<manifest:manifest {NAMESPACES}>{manifest}</manifest:manifest>",
        }
    )
