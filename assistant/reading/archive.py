"""A ZIP container from a stranger, opened only when it cannot explode: what every Office file is inside.

The directory of a ZIP states how large each member becomes, and `zipfile` never gives out more than stated. So
the directory alone decides, before a byte is inflated. Only the two methods that Office writes are let
through: the others inflate a whole block at once, whatever the directory says.
"""

import io
import posixpath
import zipfile
import zlib

from assistant.reading.refusals import Refused
from assistant.reading.safe_xml import BROKEN

MEMBER_MB = 128  # document.xml of a book of 3,000 pages is about 90 MiB
TOTAL_MB = 1024
RATIO = 250  # the most repetitive real tables stay below 100; a bomb is above 1,000
RATIO_FROM_MB = 8  # small members may be as repetitive as they like
_MB = 1 << 20
_ENCRYPTED = 1  # bit of a member's flags


def open_archive(data: bytes) -> zipfile.ZipFile:
    """Open a ZIP whose members, all inflated, stay within the limits; Refused as `too-large` or `damaged`."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, UnicodeDecodeError) as error:
        raise Refused("damaged", "is cut off or broken. Save it again from the program that made it.") from error
    _check_sizes(archive.infolist())
    return archive


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of a member, b"" when there is none of that name; Refused when they do not unpack."""
    try:
        return archive.read(name)
    except KeyError:
        return b""
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Refused("damaged", BROKEN) from error


class Parts:
    """The members of a ZIP by their names; capitals, backslashes and a slash before them make no difference."""

    def __init__(self, data: bytes) -> None:
        self._archive = open_archive(data)
        self._names = {_known_as(name): name for name in self._archive.namelist()}

    def __contains__(self, name: str) -> bool:
        return _known_as(name) in self._names

    def read(self, name: str) -> bytes:
        """The bytes of a part, b"" when there is no such part."""
        actual = self._names.get(_known_as(name))
        return read_member(self._archive, actual) if actual else b""


def part_at(folder: str, target: str) -> str:
    """The name of the part that a path leads to from a folder of the archive; no path leads out of it.

    >>> part_at("text", "../notes/a.xml"), part_at("text", "../../../etc/passwd")
    ('notes/a.xml', 'etc/passwd')
    """
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _known_as(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    if sum(member.file_size for member in members) > TOTAL_MB * _MB:
        raise _too_large()
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise Refused("encrypted", "is protected by a password. Save a copy without it and add that.")
        if member.file_size > MEMBER_MB * _MB or _expands_like_a_bomb(member):
            raise _too_large()
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("damaged", "is packed in a way that no Office program uses. Save it again.")


def _expands_like_a_bomb(member: zipfile.ZipInfo) -> bool:
    return member.file_size > RATIO_FROM_MB * _MB and member.file_size > RATIO * max(member.compress_size, 1)


def _too_large() -> Refused:
    return Refused(
        "too-large", "unpacks to more than a document can hold, as a zip bomb does. Split it, or leave it out."
    )
