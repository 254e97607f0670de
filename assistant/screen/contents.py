"""What the screen's server gives out that never changes: the page and what draws the figures."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources

from assistant.figures.export import body_data, figure_data, script, style
from assistant.figures.loading import own_figure
from assistant.figures.paints import EDGE_ON_DARK, PAINTS_ON_DARK
from assistant.routines.exercise_loading import load_exercises
from intents.language import ENGLISH, Language


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


PARTS = {
    **dict.fromkeys(("page.css", "diary.css"), "text/css"),
    **dict.fromkeys(("elements.js", "clock.js", "ring.js", "buttons.js", "page.js"), "text/javascript"),
}
"""What the page is made of, by its files."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The content security policy: what this server has, nothing from outside, no script within a page."""


@cache
def contents(language: Language = ENGLISH) -> Mapping[str, Content]:
    """Everything, by its path, with the words of a language and the figures of all exercises."""
    words = {"language": language.tag, **language.page}
    figures = {key: figure_data(figure) for key in load_exercises() if (figure := own_figure(key)) is not None}
    return {
        "/": Content.of(
            "text/html; charset=utf-8", _file("page.html").replace("NO_SCRIPT", escape(words["no_script"]))
        ),
        **{f"/{name}": Content.of(f"{kind}; charset=utf-8", _file(name)) for name, kind in PARTS.items()},
        "/words.js": Content.of(
            "text/javascript; charset=utf-8", f'"use strict";\nconst WORDS = {json.dumps(words)};\n'
        ),
        "/figure.js": Content.of("text/javascript; charset=utf-8", script()),
        "/figure.css": Content.of("text/css; charset=utf-8", style(PAINTS_ON_DARK, EDGE_ON_DARK)),
        "/figures.json": Content.of("application/json", json.dumps({"body": body_data(), "figures": figures})),
    }


def _file(name: str) -> str:
    return (resources.files("assistant.screen") / "page" / name).read_text(encoding="utf-8")


@cache
def diary_page(language: Language = ENGLISH) -> Content:
    """The page that the diary's course stands on."""
    words = {name: escape(text) for name, text in language.page.items() if isinstance(text, str)}
    return Content.of(
        "text/html; charset=utf-8",
        f'<!doctype html><html lang="{language.tag}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="/diary.css"><title>{words["diary_title"]}</title>'
        f'<p><a href="/">{words["diary_back"]}</a></p>'
        f'<div><img src="/diary.svg" alt="{words["diary_picture"]}"></div></html>\n',
    )
