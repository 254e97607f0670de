"""The diary on the command line: shown, exported, imported, erased."""
