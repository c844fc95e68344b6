"""The package that .docx and .pptx are: parts of XML in a ZIP, tied together by relationships.

Only the parts that hold text are opened, so a missing picture or a broken chart costs nothing. Strict OOXML is read
under the names of the usual kind. The parser expands no entity, so a part cannot grow beyond what the ZIP holds.
"""

import posixpath
import re
from dataclasses import dataclass

from lxml import etree

from assistant.reading.archive import open_archive, read_member
from assistant.reading.refusals import Refused
from assistant.records import Metadata

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_NO_TITLE = re.compile(
    r"microsoft word|powerpoint presentation|document\d*\Z|untitled|.*\.(?:docx?|pptx?|dotx?|rtf)\Z", re.I
)


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a part is tied to: by which id, of which type (the last word of its name), where in the package."""

    id: str
    type: str
    target: str


class Package:
    """The parts of an Office file, opened when asked for."""

    def __init__(self, data: bytes) -> None:
        self._archive = open_archive(data)
        self._names = {name.replace("\\", "/").lstrip("/").lower(): name for name in self._archive.namelist()}
        main = next((tie.target for tie in self.relationships("") if tie.type == "officeDocument"), None)
        if main is None:
            raise Refused("damaged", "has no document in it. Save it again from the program that made it.")
        self.main = main

    def data(self, name: str) -> bytes:
        """The bytes of a part, none when there is no such part."""
        actual = self._names.get(name.lower())
        return read_member(self._archive, actual) if actual else b""

    def part(self, name: str) -> etree._Element | None:
        """The tree of a part, None when there is no such part."""
        data = self.data(name)
        if not data:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        try:
            return etree.fromstring(_STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", data), parser)
        except etree.XMLSyntaxError as error:
            raise Refused("damaged", "is broken inside. Save it again from the program that made it.") from error

    def relationships(self, name: str) -> list[Relationship]:
        """What the part of that name ("" for the package) is tied to inside the package."""
        folder, base = posixpath.split(name)
        ties = self.part(posixpath.join(folder, "_rels", f"{base}.rels"))
        return [
            Relationship(
                tie.get("Id", ""),
                tie.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, tie.get("Target", ""))).lstrip("/"),
            )
            for tie in (ties if ties is not None else ())
            if tie.get("TargetMode") != "External"
        ]

    def related(self, name: str, type_: str) -> list[etree._Element]:
        """The trees of the parts of one type that a part is tied to."""
        trees = (self.part(tie.target) for tie in self.relationships(name) if tie.type == type_)
        return [tree for tree in trees if tree is not None]

    def metadata(self) -> Metadata:
        """What the file's properties say: a title, unless a program put it there."""
        for properties in self.related("", "core-properties"):
            title = " ".join((properties.findtext(f"{_DC}title") or "").split())
            return Metadata(title=title if title and not _NO_TITLE.match(title) else None)
        return Metadata()
