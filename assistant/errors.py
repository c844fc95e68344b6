"""Everything that can go wrong, as one tree. Each message says what happened, to what, and what to do next.

AssistantError
├── UsageError                a request that cannot be carried out as it stands       (exit code 2)
├── ModelError                the embedding model is missing or not the expected one  (exit code 3)
├── LibraryError              the library cannot be read or written                   (exit code 3)
│   ├── NoLibrary             there is none yet
│   ├── LibraryLocked         another ingest is running
│   ├── LibraryMismatch       made by another model or version
│   ├── SelfCheckFailed       the new generation is not right; the old one stays
│   └── TooManyWithdrawn      many files are gone; nothing was switched
└── ChatModelError            the chat model failed; the extractive answer is given instead

Files that cannot be read are no exceptions: they are `records.Refusal` values.
"""


class AssistantError(Exception):
    """Any failure that has a message for the user."""

    exit_code = 3


class UsageError(AssistantError):
    """A request that cannot be carried out as it stands."""

    exit_code = 2


class ModelError(AssistantError):
    """The embedding model is missing or is not the expected one."""


class LibraryError(AssistantError):
    """The library cannot be read or written."""


class NoLibrary(LibraryError):
    """There is no library yet."""


class LibraryLocked(LibraryError):
    """Another ingest is running on this library."""


class LibraryMismatch(LibraryError):
    """The library was made by another model or version."""


class SelfCheckFailed(LibraryError):
    """A new generation failed its checks; the old one stays current."""


class TooManyWithdrawn(LibraryError):
    """So many files are gone from the corpus that it looks like a mistake."""


class ChatModelError(AssistantError):
    """The chat model failed."""
