"""Sessions without devices: on recordings and scripts, the demo, its transcript and picture, the soundless run."""
