"""How the small models in assistant/weights are made: one command each, seeded, resumable."""
