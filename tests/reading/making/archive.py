"""ZIP files of given members, as Office, OpenDocument and EPUB are."""

import io
import zipfile
from collections.abc import Callable, Mapping


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def rewritten(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The archive with one member changed, or made where there was none."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    return zipped({**members, name: change(members.get(name, b"").decode())})
