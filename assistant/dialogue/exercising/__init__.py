"""The way through a routine, from its announcement to its closing words, and what the user may change on it."""
