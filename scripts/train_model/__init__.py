"""Trains the acoustic model that comes with the assistant: recordings and synthetic voices in, a Vosk model out.

Nothing of this is needed at run time, and torch is imported nowhere else in the project.
"""
