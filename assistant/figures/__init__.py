"""Figures: how a body is bent in an exercise, and how that looks. Beside sound, not part of it."""
