"""Sound in and out: formats, files, the mixer, and the sound cards, real and simulated."""
