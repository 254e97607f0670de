"""Home Assistant itself beside a session of ours, to see what it makes of us; run by scripts/try-home-assistant."""
