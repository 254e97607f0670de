"""What a session is at any moment: its phase, the routine under way, what is known of the user."""
