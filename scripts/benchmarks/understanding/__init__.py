"""What is understood of what people write or say, in words alone: no sound, no recogniser."""
