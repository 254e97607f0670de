"""What the screen's server gives out that never changes: the page and what draws the figures."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from assistant.figures.export import body_data, figure_data, script, style
from assistant.figures.loading import own_figure
from assistant.figures.paints import EDGE_ON_DARK, PAINTS_ON_DARK
from assistant.routines.exercise_loading import load_exercises


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it is sent.

    Attributes:
        kind: Its media type.
        plain: Its bytes.
        packed: The same by gzip.
    """

    kind: str
    plain: bytes
    packed: bytes

    @classmethod
    def of(cls, kind: str, text: str) -> Content:
        """A text as it is sent."""
        return cls(kind, text.encode(), gzip.compress(text.encode(), mtime=0))


DIARY = Content.of(
    "text/html; charset=utf-8",
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<title>Diary</title><p><a href="/">Back to the session</a></p>'
    '<img src="/diary.svg" width="100%" alt="The course of pain and stretching, if any is noted"></html>\n',
)
"""The page that the diary's course stands on."""


def page() -> str:
    """The page, as it stands in its file."""
    return (resources.files("assistant.screen") / "page.html").read_text(encoding="utf-8")


@cache
def contents() -> Mapping[str, Content]:
    """Everything, by its path, with the figures of all exercises."""
    figures = {key: figure_data(figure) for key in load_exercises() if (figure := own_figure(key)) is not None}
    return {
        "/": Content.of("text/html; charset=utf-8", page()),
        "/figure.js": Content.of("text/javascript; charset=utf-8", script()),
        "/figure.css": Content.of("text/css; charset=utf-8", style(PAINTS_ON_DARK, EDGE_ON_DARK)),
        "/figures.json": Content.of("application/json", json.dumps({"body": body_data(), "figures": figures})),
    }


def policy(html: str) -> str:
    """The content security policy: what the page brings along and what this server has; nothing from outside."""
    return (
        f"default-src 'none'; script-src 'self' {_hashes(html, 'script')}; style-src 'self' {_hashes(html, 'style')}; "
        "connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _hashes(html: str, tag: str) -> str:
    inline = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
    sums = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline)
    return " ".join(f"'sha256-{each}'" for each in sums)
