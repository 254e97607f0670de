"""When the user wants to be reminded: wall times, what is kept of them, calendar files, and the system's timer."""
