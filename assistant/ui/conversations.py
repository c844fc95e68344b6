"""Conversations as files: one JSON file each, under an id that cannot be guessed.

Nobody is asked for a name. Who knows the id (it stands in the address of the page) can read the conversation; the
browser remembers which ids are its own (own_conversations.py), and the server keeps no list.
"""

import os
import re
import secrets
import tempfile
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.records import Answer, Filters

_ID = re.compile(r"[0-9a-f]{32}")
_DAY_S = 86_400
LONGEST_NAME = 80  # characters


def new_id() -> str:
    """128 random bits as 32 characters, letters and digits only: Streamlit refuses "__" in the key of a component."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer. `chosen`: the filters of the sidebar; `typed`: those recognised in the question;
    `alone`: it was not completed from the questions before it.

    `id` names it in feedback and says nothing of the conversation. `rated`: the thumb it got.
    """

    answer: Answer
    chosen: Filters = field(default_factory=Filters)
    typed: Filters = field(default_factory=Filters)
    id: str = field(default_factory=new_id)
    rated: str | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """Exchanges, oldest first. `name` is empty until somebody gives one."""

    id: str = field(default_factory=new_id)
    name: str = ""
    changed: datetime = field(default_factory=lambda: datetime.now(UTC))
    exchanges: tuple[Exchange, ...] = ()

    @property
    def title(self) -> str:
        """The name, or the first question."""
        return self.name or (" ".join(self.exchanges[0].answer.question.split()) if self.exchanges else "")

    def with_exchange(self, exchange: Exchange, instead_of: str | None = None) -> "Conversation":
        """With an exchange added; in the place of the last one where `instead_of` is its id."""
        kept = self.exchanges
        if kept and kept[-1].id == instead_of:
            kept = kept[:-1]
        return replace(self, exchanges=(*kept, exchange), changed=datetime.now(UTC))

    def answered_again(self, exchange: Exchange, instead_of: str) -> "Conversation":
        """With an exchange of the same question in the place of the one with the id `instead_of`, wherever that is."""
        exchanges = (exchange if kept.id == instead_of else kept for kept in self.exchanges)
        return replace(self, exchanges=tuple(exchanges), changed=datetime.now(UTC))

    def renamed(self, name: str) -> "Conversation":
        return replace(self, name=" ".join(name.split())[:LONGEST_NAME])

    def rated(self, exchange: str, thumb: str | None) -> "Conversation":
        """With the thumb of an exchange set."""
        rated = (replace(e, rated=thumb) if e.id == exchange else e for e in self.exchanges)
        return replace(self, exchanges=tuple(rated))


_JSON = TypeAdapter(Conversation)


class ConversationStore:
    """The folder of conversations. An id comes from an address, so only the shape of an id is ever a file name."""

    def __init__(self, folder: Path, keep_days: int) -> None:
        self._folder = folder
        self._keep_days = keep_days

    def load(self, identifier: str) -> Conversation | None:
        """The conversation; None when there is none (any more) or it cannot be read."""
        if not _ID.fullmatch(identifier):
            return None
        try:
            return _JSON.validate_json(self._path(identifier).read_bytes())
        except (OSError, ValidationError):
            return None

    def save(self, conversation: Conversation) -> None:
        """Write the whole conversation, readable by this account only: all of it or nothing. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=self._folder, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_JSON.dump_json(conversation))
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(self._path(conversation.id))
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise

    def delete(self, identifier: str) -> None:
        """Remove the conversation for good. Raises OSError when that cannot be done."""
        if _ID.fullmatch(identifier):
            self._path(identifier).unlink(missing_ok=True)

    def prune(self) -> int:
        """Delete what was last changed more than `keep_days` ago; how many files that were."""
        oldest = time.time() - self._keep_days * _DAY_S
        gone = [path for path in self._folder.glob("*.*") if path.stat().st_mtime < oldest]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _path(self, identifier: str) -> Path:
        return self._folder / f"{identifier}.json"


def conversation_to_json(conversation: Conversation) -> bytes:
    """The conversation as it is exported, without its id, which opens it."""
    return _JSON.dump_json(conversation, exclude={"id"}, indent=2)
