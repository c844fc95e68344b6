"""The exception by which a format's reader gives a file back; `assistant.reading.read` makes a Refusal of it."""

from assistant.records import Reason


class Refused(Exception):
    """This file cannot become a document.

    `message` is what follows the file's name in the sentence for a person, and says the way out:
    "is protected by a password. Save a copy without it and add that."
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
