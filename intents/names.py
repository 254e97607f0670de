"""Names that users give to what is theirs: templates by themselves, and they have to leave something to be said."""

from __future__ import annotations

from functools import lru_cache

from hassil.errors import HassilError
from hassil.expression import Alternative, Expression, Group, TextChunk
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from intents.compile import Scope, compile_template
from intents.tagged_graph import Unspeakable

LONGEST = 200
"""Characters of a name, its brackets included."""

MOST_WORDS = 100
"""Different words of a name: each has to be pronounced, and ``(a|b)(c|d)(e|f)`` has eight."""


@lru_cache(maxsize=4096)
def words_of_name(name: str, tag: str) -> frozenset[str]:
    """All words that a name may be said with.

    Args:
        name: A template without lists and rules, such as ``lower back [extension]``.
        tag: The language's tag.

    Raises:
        Unspeakable: It is none, or one that could be said without a word; says why, as a clause.
    """
    if len(name) > LONGEST:
        raise Unspeakable(f"it is longer than {LONGEST} characters")
    try:
        sentence = parse_sentence(name)
        arcs = compile_template(tag, (), sentence, Scope({}, {}))
    except Unspeakable:
        raise
    except (ParseError, HassilError, AssertionError, ValueError, LookupError, RecursionError) as error:
        raise Unspeakable("its brackets are not in order, or one is empty") from error
    if _may_be_silent(sentence.expression):
        raise Unspeakable("all of it may be left out, so that nothing is left to be said")
    words = frozenset(arc.word for leaving in arcs for arc in leaving if arc.word is not None)
    if len(words) > MOST_WORDS:
        raise Unspeakable("there are too many ways to say it")
    return words


def _may_be_silent(expression: Expression) -> bool:
    """Whether there is a way to say it without a word."""
    if isinstance(expression, TextChunk):
        return not any(char.isalnum() for char in expression.text)
    if isinstance(expression, Alternative):
        return any(map(_may_be_silent, expression.items))
    return isinstance(expression, Group) and all(map(_may_be_silent, expression.items))
