"""What the user is asked about health and pain, and what follows from the answers."""
