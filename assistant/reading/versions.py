"""Which version of a reader made a text: the digest of the modules that read its format, so that none is forgotten.

A file that has not changed is read again when a module has that its reader imports. What depends on other packages is
not seen: they are locked.
"""

import ast
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_ROOM = "assistant.reading"
_FOLDER = Path(__file__).parent


@cache
def version_of(*modules: str) -> str:
    """Twelve hexadecimal digits for modules of this room and those of the room that they import."""
    digest = hashlib.sha256()
    for name in sorted(_with_imports(modules)):
        digest.update(name.encode() + b"\0" + _file_of(name).read_bytes())
    return digest.hexdigest()[:12]


def _with_imports(modules: Sequence[str]) -> set[str]:
    found, waiting = set[str](), list(modules)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _imports(name)
    return found


@cache
def _imports(module: str) -> tuple[str, ...]:
    nodes = [node for node in ast.walk(ast.parse(_file_of(module).read_bytes())) if isinstance(node, ast.ImportFrom)]
    named = [name for node in nodes for name in (node.module or "", *(f"{node.module}.{it.name}" for it in node.names))]
    return tuple(name for name in named if name.startswith(f"{_ROOM}.") and _file_of(name).exists())


def _file_of(module: str) -> Path:
    path = _FOLDER.joinpath(*module.removeprefix(f"{_ROOM}.").split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
