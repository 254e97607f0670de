"""``stretch-assistant``, and ``python -m assistant``.

Loads all else, which takes a moment; who presses Ctrl-C meanwhile, or while it closes, is not shown where it was.
"""

import signal
import sys


def main() -> None:
    """Run the command line."""
    try:
        from assistant.commands.command_line import main as run  # noqa: PLC0415

        run()
    except SystemExit:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise
    except KeyboardInterrupt:
        from assistant.errors import INTERRUPTED  # noqa: PLC0415

        sys.stderr.write("Stopped.\n")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
