"""Questions on security sector reform, answered only from a library, with citations that open the passage.

Importing this package is cheap: models load with the first question.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.library import Library
    from assistant.records import Answer
    from assistant.settings import Settings

__all__ = ["Answer", "Assistant", "Library", "Settings"]

_PLACES = {
    "Answer": "assistant.records",
    "Assistant": "assistant.assistant",
    "Library": "assistant.library",
    "Settings": "assistant.settings",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
