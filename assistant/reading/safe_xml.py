"""XML of a stranger is opened in one way only: no entity is expanded, nothing is fetched, nothing is run.

All formats made of XML share this (Office, OpenDocument, EPUB). The parser keeps its own limits (256 elements deep,
10 MB in one text), so what walks a tree need not fear its depth.
"""

import io
from collections.abc import Iterator

from lxml import etree

from assistant.reading.refusals import Refused

BROKEN = "is broken inside. Save it again from the program that made it."


def tree_of(data: bytes) -> etree._Element:
    """The root of an XML document; Refused as `damaged` when it is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("damaged", BROKEN) from error


def elements_of(data: bytes, *tags: str) -> Iterator[etree._Element]:
    """The elements of these names one after the other, each let go before the next: for parts too large for a tree."""
    events = etree.iterparse(
        io.BytesIO(data), tag=tags, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        for _, element in events:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise Refused("damaged", BROKEN) from error
