"""Blocks of sound in, what was heard out."""
