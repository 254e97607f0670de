"""What the natural voices say: commands bare and in the words that people put around them, orders, and other words."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from scripts.train_model import texts

WEAK_WORDS = ("why", "wait", "two", "four", "five", "eight", "no", "next", "back", "stop")
"""Short words of ours that were confused or rejected most often."""

_BEFORE = (
    "please", "okay", "um", "uh", "can you", "could you", "now", "i'd like to", "hey", "well", "and", "so", "i think",
    "oh", "let's", "just", "right", "would you", "all right", "i want to", "could we",
)  # fmt: skip
_AFTER = ("please", "now", "again", "for me", "thanks", "thank you", "then", "okay", "a bit", "if you can")
_BARE = 0.55
_CANDIDATES = 4

_ASKING = (
    "can i have", "could i get", "i'd like", "i would like", "i'll have", "may i have", "give me", "get me",
    "can you make me", "could you bring me", "please make", "let me get", "i want", "i'll take", "order",
    "hi can i get", "could i please have", "i would love", "make me", "",
)  # fmt: skip
_HOW_MANY = ("a", "a", "a", "one", "two", "three", "four", "another")
_SIZES = (
    "small", "medium", "large", "extra large", "regular", "tall", "eight ounce", "twelve ounce", "sixteen ounce",
    "twenty ounce", "six ounce",
)  # fmt: skip
_SHOTS = ("single shot", "double shot", "triple shot", "one shot", "two shot", "three shot", "single", "double")
_ROASTS = ("light roast", "medium roast", "dark roast", "decaf", "half caf", "strong", "weak", "fresh", "hot", "iced")
_DRINKS = (
    "coffee", "latte", "cappuccino", "espresso", "americano", "mocha", "macchiato", "flat white", "cocoa", "cortado",
    "hot chocolate", "black tea", "green tea", "chai latte", "iced coffee", "cold brew", "herbal tea", "drip coffee",
)  # fmt: skip
_MILKS = (
    "milk", "whole milk", "skim milk", "soy milk", "oat milk", "almond milk", "coconut milk", "low fat milk",
    "two percent milk", "cream", "half and half", "foam", "lactose free milk", "non fat milk", "steamed milk",
)  # fmt: skip
_EXTRAS = (
    "sugar", "brown sugar", "honey", "caramel syrup", "vanilla syrup", "hazelnut syrup", "cinnamon", "maple syrup",
    "chocolate sauce", "whipped cream", "a lot of sugar", "a bit of sugar", "two sugars", "sweetener", "ice",
    "a little honey", "some cinnamon", "an extra shot", "one spoon of sugar", "less sugar", "stevia", "nutmeg",
)  # fmt: skip
_JOINTS = ("with", "with", "and", "with some", "plus", "without")
_CLOSINGS = ("", "", "", "please", "thanks", "thank you", "to go", "for here", "for my friend")


class Sentences:
    """Draws what one clip says; sentences of ours that have been said less often come first.

    Args:
        said: What has been said so far, for a call that goes on with an earlier one's work.
    """

    def __init__(self, said: Counter[str] | None = None) -> None:
        self.said: Counter[str] = said or Counter()

    def clip(self, chance: random.Random) -> list[str]:
        """One to four things to say in a row.

        The voices leave hardly a pause between short things, so what is mostly said alone is mostly drawn alone.
        """
        kinds: list[tuple[float, Callable[[random.Random], list[str]]]] = [
            (0.55, self._commands),
            (0.20, _weak_words),
            (0.05, _rows_of_numbers),
            (0.10, _orders),
            (0.10, _other_words),
        ]
        (_, make), *_ = chance.choices(kinds, [weight for weight, _ in kinds])
        parts = make(chance)
        self.said.update(parts)
        return parts

    def _commands(self, chance: random.Random) -> list[str]:
        return [self._in_carrier(self._rare_command(chance), chance) for _ in range(chance.choice((1, 1, 1, 1, 2, 3)))]

    def _rare_command(self, chance: random.Random) -> str:
        candidates = [texts.command(chance) for _ in range(_CANDIDATES)]
        command = min(candidates, key=lambda candidate: self.said[candidate])
        self.said[command] += 1  # counted bare as well, whatever is put around it
        return command

    @staticmethod
    def _in_carrier(command: str, chance: random.Random) -> str:
        drawn = chance.random()
        if drawn < _BARE:
            return command
        if drawn < 0.75:
            return f"{chance.choice(_BEFORE)} {command}"
        if drawn < 0.88:
            return f"{command} {chance.choice(_AFTER)}"
        if drawn < 0.95 and len(command.split()) <= 2:
            return f"{command} {command}"
        return f"{chance.choice(_BEFORE)} {command} {chance.choice(_AFTER)}"


def order(chance: random.Random) -> str:
    """A polite order in a café: how many, size, roast, drink, milk, what else."""
    drink = [chance.choice(_HOW_MANY)]
    drink += [chance.choice(_SIZES)] if chance.random() < 0.6 else []
    drink += [chance.choice(_SHOTS)] if chance.random() < 0.25 else []
    drink += [chance.choice(_ROASTS)] if chance.random() < 0.35 else []
    drink += [chance.choice(_DRINKS)]
    for _ in range(chance.choice((0, 1, 1, 2))):
        drink += [chance.choice(_JOINTS), chance.choice(_MILKS if chance.random() < 0.5 else _EXTRAS)]
    return " ".join([chance.choice(_ASKING), *drink, chance.choice(_CLOSINGS)]).strip()


def _orders(chance: random.Random) -> list[str]:
    return [order(chance) if chance.random() < 0.85 else texts.order(chance) for _ in range(chance.choice((1, 1, 2)))]


def _weak_words(chance: random.Random) -> list[str]:
    drawn = chance.random()
    if drawn < 0.7:
        return [chance.choice(WEAK_WORDS)]
    return [chance.choice(texts.everyday_words()["steering" if drawn < 0.85 else "digits"])]


def _rows_of_numbers(chance: random.Random) -> list[str]:
    return [texts.numbers(chance) for _ in range(chance.choice((2, 3)))]


def _other_words(chance: random.Random) -> list[str]:
    return [
        texts.word_row(chance) if chance.random() < 0.7 else texts.dictionary_row(chance)
        for _ in range(chance.choice((2, 2, 3)))
    ]
