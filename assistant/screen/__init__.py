"""The screen beside the mat: a page that shows a session, its figure and its count, and takes commands."""
