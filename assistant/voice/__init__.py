"""Spoken lines in, sound clips out."""
