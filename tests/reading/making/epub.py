"""EPUB books of given parts."""

from tests.reading.making.archive import zipped

CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
ABOUT = """<dc:title>Police reform in Kosovo</dc:title><dc:creator>A. Writer</dc:creator>
<dc:publisher>Test Press</dc:publisher><dc:date opf:event="modification">2020-01-01</dc:date>
<dc:date>2014-04-28</dc:date>"""


def epub(parts: dict[str, str], *, about: str = ABOUT, guide: str = "", more: dict[str, str] | None = None) -> bytes:
    """A book of these parts: {name: what stands in its body}, the names those of files beside the package document."""
    types = {"css": "text/css", "ncx": "application/x-dtbncx+xml", "svg": "image/svg+xml"}
    files = {**parts, **(more or {})}
    items = "".join(
        f'<item id="i{place}" href="{name}" media-type="{types.get(name[-3:], "application/xhtml+xml")}"'
        f' properties="{"nav" if name.startswith("nav") else ""}"/>'
        for place, name in enumerate(files)
    )
    spine = "".join(f'<itemref idref="i{place}"/>' for place in range(len(parts)))
    package = f"""<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:opf="http://www.idpf.org/2007/opf" version="3.0"><metadata>{about}</metadata><manifest>{items}</manifest>
    <spine>{spine}</spine><guide>{guide}</guide></package>"""
    written = {
        f"OEBPS/{name.replace('%20', ' ')}": body if name[-3:] in types else page(body) for name, body in files.items()
    }
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": package,
            **written,
        }
    )


def page(body: str) -> str:
    return f"""<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Page</title>
<link rel="stylesheet" href="style.css"/></head><body>{body}</body></html>"""
