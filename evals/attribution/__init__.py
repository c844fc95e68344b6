"""`python -m evals attribution`: how rightly the sentences of a chat model are tied to passages.

Sentences of quoted answers, whose passage is known, are given to the check as a chat model would write them, without a
number: as they stand, in other words, and falsified by rule in one detail (scenes.py, wording.py, details.py,
turned.py, variants.py). Claims that people wrote about passages, true and false, follow (pairs.py).
"""

from evals.attribution.command import main

__all__ = ["main"]
