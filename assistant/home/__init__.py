"""The user's folders, private files and settings."""
