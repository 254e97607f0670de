"""The commands of ``stretch-assistant``: options, printing, exit codes, sheets, the terminal."""
