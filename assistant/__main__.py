"""``python -m assistant``."""

from assistant.commands.command_line import main

if __name__ == "__main__":
    main()
