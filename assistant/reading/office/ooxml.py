"""The package that .docx, .pptx and .xlsx are: parts of XML in a ZIP, tied together by relationships.

Only the parts that hold text are opened, so a missing picture or a broken chart costs nothing. Strict OOXML is read
under the names of the usual kind.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from assistant.reading.archive import Parts, part_at
from assistant.reading.blocks.front_page import title_by_hand
from assistant.reading.refusals import Refused
from assistant.reading.safe_xml import elements_of, tree_of
from assistant.records import Metadata

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a part is tied to: by which id, of which type (the last word of its name), where in the package."""

    id: str
    type: str
    target: str


class Package:
    """The parts of an Office file, opened when asked for."""

    def __init__(self, data: bytes) -> None:
        self._parts = Parts(data)
        main = next((tie.target for tie in self.relationships("") if tie.type == "officeDocument"), None)
        if main is None:
            raise Refused("damaged", "has no document in it. Save it again from the program that made it.")
        self.main = main

    def data(self, name: str) -> bytes:
        """The bytes of a part, none when there is no such part."""
        return self._parts.read(name)

    def part(self, name: str) -> etree._Element | None:
        """The tree of a part, None when there is no such part."""
        data = self._bytes(name)
        return tree_of(data) if data else None

    def elements(self, name: str, *tags: str) -> Iterator[etree._Element]:
        """The elements of these names in a part, one after the other, for parts that may be large."""
        data = self._bytes(name)
        return elements_of(data, *tags) if data else iter(())

    def relationships(self, name: str) -> list[Relationship]:
        """What the part of that name ("" for the package) is tied to inside the package."""
        folder, base = posixpath.split(name)
        ties = self.part(posixpath.join(folder, "_rels", f"{base}.rels"))
        return [
            Relationship(
                tie.get("Id", ""),
                tie.get("Type", "").rpartition("/")[2],
                part_at(folder, tie.get("Target", "")),
            )
            for tie in (ties if ties is not None else ())
            if tie.get("TargetMode") != "External"
        ]

    def targets(self, name: str) -> dict[str, str]:
        """The names of the parts that a part is tied to, by the ids of the ties."""
        return {tie.id: tie.target for tie in self.relationships(name)}

    def related(self, name: str, type_: str) -> list[etree._Element]:
        """The trees of the parts of one type that a part is tied to."""
        trees = (self.part(tie.target) for tie in self.relationships(name) if tie.type == type_)
        return [tree for tree in trees if tree is not None]

    def metadata(self) -> Metadata:
        """What the file's properties say: a title, unless a program put it there."""
        for properties in self.related("", "core-properties"):
            return Metadata(title=title_by_hand(properties.findtext(f"{_DC}title")))
        return Metadata()

    def _bytes(self, name: str) -> bytes:
        return _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", self._parts.read(name))
