"""Reaching people: placing calls and joining them to a conversation or a person."""
