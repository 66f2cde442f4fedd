"""The conversation: what came in, what we answer, what is recorded."""
