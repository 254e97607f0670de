"""The assistant as a skill of OVOS: the same sessions, on OVOS's own speech and hearing."""
