"""From passages that were read to an answer whose every sentence is cited, or an abstention that helps."""
