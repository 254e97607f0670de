"""Whole sessions in a world that misbehaves: seeded, replayed exactly, judged after every event."""
