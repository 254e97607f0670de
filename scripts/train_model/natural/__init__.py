"""Natural synthetic voices: Kokoro-82M says our phrases, in its own voices and in blends of them.

Nothing of it is needed at run time, and its packages are imported only by the step ``voices``.
"""
