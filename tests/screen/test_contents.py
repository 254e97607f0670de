"""What is served is whole, and its words are a language's."""

from __future__ import annotations

import re
from typing import get_args

from assistant.loop.published import Condition
from assistant.screen.contents import contents, diary_page
from intents.language import ENGLISH


def test_whatever_the_pages_ask_for_is_there() -> None:
    asked = re.findall('(?:href|src)="(/[^"]*)"', contents()["/"].plain.decode() + diary_page().plain.decode())
    assert {"/page.js", "/diary.css"} < set(asked) <= {*contents(), "/diary", "/diary.svg"}


def test_every_word_on_the_page_is_the_languages_and_none_is_left_over() -> None:
    files = [
        content.plain.decode() for path, content in contents().items() if path.endswith(".js") and path != "/words.js"
    ]
    used = set(re.findall(r"WORDS\.(\w+)", "".join(files))) - {"language"}
    elsewhere = {"not_here", "no_script", *(name for name in ENGLISH.page if name.startswith("diary_"))}
    assert used | elsewhere == set(ENGLISH.page)
    assert set(ENGLISH.page["conditions"]) == set(get_args(Condition))
    stands = re.findall("<([a-z]+)>([^<>\n]+)<", contents()["/"].plain.decode())
    assert stands == [("noscript", ENGLISH.page["no_script"])]
