"""`python -m evals fidelity DIR`: how faithfully the stored text of PDF pages says what the pages show.

Tesseract reads a picture of each page, which owes nothing to our reader nor to the file's own text, and the words
of both are compared. It is a measure and no gate: tesseract errs too (docs/evaluating.md says how much).
"""

from evals.fidelity.command import main

__all__ = ["main"]
