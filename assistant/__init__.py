"""Questions on security sector reform, answered only from a library, with citations that open the passage.

Importing this package is cheap: models load with the first question.
"""
