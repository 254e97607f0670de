"""The composition root: builds the devices, runs the loop, owns the threads."""
