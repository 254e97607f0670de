"""Routines on the command line: listed, checked, and as sheets to read."""
