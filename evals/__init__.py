"""How good the answers are, and how far the measuring can be trusted."""
