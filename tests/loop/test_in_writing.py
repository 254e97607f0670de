"""What is written, in clauses and as people talk: no more is taken for a command than one would want."""

from __future__ import annotations

import pytest

from assistant.loop.in_writing import understood
from intents.language import ENGLISH
from tests.dialogues.world import VOCABULARY

MEANT = [
    pytest.param("idle", "Well, the kettle's on. Start the chair stretch!", "StartRoutine", id="after a sentence"),
    pytest.param("holding", "skip this one because it bores my cat", "Next", id="before a reason"),
    pytest.param("holding", "give me ten more seconds, love, and then the telly", "More", id="between others"),
    pytest.param("idle", "good morning, start the chair stretch", "StartRoutine", id="beside a greeting"),
    pytest.param("holding", "that was fun and now my chest hurts", "Symptom", id="a sign after praise"),
    pytest.param("holding", "skip this one because it hurts", "Hurts", id="a pain for a reason"),
    pytest.param("holding", "gimme ten more seconds", "More", id="colloquial"),
    pytest.param("holding", "can't feel my foot", "Symptom", id="without its subject"),
    pytest.param("holding", "this one's bloody well far too honestly hard", None, id="what is no sentence stays none"),
    pytest.param("holding", "my shoulder's really hurting", "Hurts", id="'s written out"),
    pytest.param("holding", "how many seconds left how many seconds left", "HowLong", id="said twice"),
    pytest.param("holding", "hold it actually longer, bro", "Longer", id="words that change nothing"),
    pytest.param("screening", "no, but my mate had one", None, id="a no with more behind it"),
    pytest.param("screening", "I don't know, the wallpaper moved", None, id="a doubt with more behind it"),
    pytest.param("holding", "my husband said, skip this one", None, id="what others say"),
    pytest.param("holding", "I said, stop!", "Stop", id="what one says oneself"),
    pytest.param("holding", "stoooop", "Stop", id="with stress"),
    pytest.param("holding", "it hurts whenever the dog barks", "Hurts", id="a pain on an occasion"),
    pytest.param("holding", "skip this one whenever the dog barks", None, id="a command on an occasion"),
    pytest.param("holding", "unless you mind the wallpaper, skip this one", None, id="on a condition"),
    pytest.param("holding", "don't stop", None, id="a contrary"),
    pytest.param("holding", "don't stop, the wallpaper is nice", None, id="a contrary in a clause"),
    pytest.param("holding", "skip this one, or hold it longer", None, id="two commands"),
    pytest.param("holding", "stop, or carry on", None, id="a stop beside its contrary is asked about"),
    pytest.param("holding", "the wallpaper is nice, okay", None, id="a word alone"),
    pytest.param("idle", "anything for folk who sit on a chair beside wallpaper", "StartRoutine", id="by its gist"),
    pytest.param("idle", "wallpaper man, poke me at half past seven will you", "SetReminder", id="by a sentence in it"),
    pytest.param("idle", "my wallpapering nurse reckons ten press ups", "Prescription", id="quoted, where that may be"),
    pytest.param("holding", "my wallpaper reckons I'm bored of this one", None, id="quoted, where that may not be"),
    pytest.param("holding", "if the wallpaper peels I'm bored of this one", None, id="a gist in doubt"),
    pytest.param("holding", "if I stare at wallpaper a spasm comes", "Hurts", id="a pain in doubt"),
    pytest.param("idle", "every second day at six the wallpaper wants reminding", "SetReminder", id="a rhythm unknown"),
    pytest.param("holding", "I've got to run, bye", "Goodbye", id="two ways to leave"),
    pytest.param("screening", "there's no way of telling", None, id="no no to a question about health"),
    pytest.param("getting-up", "I need help", "Symptom", id="help on the floor"),
    pytest.param("paused", "the wallpaper is not where we press play", None, id="a gist turned round"),
    pytest.param("asking-pain", "wallpaper aside, call it a six and rising", "Number", id="a number among words"),
    pytest.param("asking-pain", "for six days the wallpaper", None, id="a number of something else"),
    pytest.param("idle", "good morning, the wallpaper is nice", None, id="a greeting is no answer to the rest"),
]


@pytest.mark.parametrize(("phase", "said", "intent"), MEANT)
def test_what_is_written_in_clauses(phase: str, said: str, intent: str | None) -> None:
    command = understood(said, VOCABULARY.named(phase))

    assert (command and command.intent) == intent


def test_the_words_stay_as_they_were_said() -> None:
    command = understood("Lovely, the sun's out: ten more seconds!", VOCABULARY.named("holding"))

    assert command is not None and command.slots["more"] == 10
    assert command.text == "lovely, the sun's out: ten more seconds!"


@pytest.mark.parametrize("said", ["yes yes I know all this", "yeah I've heard it all", "no I remember all that"])
def test_who_knows_it_all_has_answered_nothing(said: str) -> None:
    assert understood(said, VOCABULARY.named("screening")) is None


def test_a_gist_counts_only_where_the_words_are_surely_meant_for_it() -> None:
    sentences = VOCABULARY.named("introducing")

    said = "anything for folk who sit on a chair beside some wallpaper"
    assert understood(said, sentences) is not None
    assert understood(said, sentences, by_gist=False) is None


def test_of_a_rhythm_that_is_not_known_no_part_is_taken() -> None:
    command = understood("kindly nudge this wallpaper man every second day at six", VOCABULARY.named("idle"))

    assert command is not None and command.intent == "SetReminder" and not command.slots


def test_every_gist_stands_for_a_sentence_that_may_be_said() -> None:
    for gist in ENGLISH.gists.gists:
        phases = gist.phases or {"idle", "holding"}
        if "*" not in gist.say:
            assert any(VOCABULARY.named(phase).match(gist.say) for phase in phases), gist.say


def test_a_line_without_an_end_is_no_command() -> None:
    assert understood("and the wallpaper is nice " * 80, VOCABULARY.named("holding")) is None


def test_a_long_line_is_looked_through_for_contraries_in_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = VOCABULARY.named("holding")
    asked: list[str] = []
    is_decoy = sentences.is_decoy

    def is_contrary(text: str) -> bool:
        asked.append(text)
        return is_decoy(text)

    monkeypatch.setattr(sentences, "is_decoy", is_contrary)
    chatter = " ".join(f"the kettle of aunt number {chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(90))
    assert VOCABULARY.urgent_intent(chatter, sentences) is None
    assert asked == []
    assert VOCABULARY.urgent_intent(f"don't stop {chatter}", sentences) is None
    assert VOCABULARY.urgent_intent(" ".join(f"{word} stop" for word in chatter.split()), sentences) == "Stop"
    assert len(asked) < 1_000
