"""What a session keeps on disk: memory, progress, diary, journal, kept sound and events."""
