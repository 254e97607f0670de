"""The core: what the assistant does, as a pure function of what happened."""
