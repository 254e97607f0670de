"""In the house: what tells a home hub of a session, and takes its commands, over the local network; off by default."""
