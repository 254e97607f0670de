"""What is measured live, on a real sound server with virtual devices."""
