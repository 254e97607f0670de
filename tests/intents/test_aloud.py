"""What is written short is read aloud as people say it; what nobody can say is named."""

from __future__ import annotations

import pytest

from assistant.voice.wording import Wording
from intents.aloud import Aloud
from intents.language import ENGLISH
from intents.spoken import read_aloud


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Do 10–15 reps/side.", "Do 10 to 15 reps a side."),
        ("Bend 20 - 30° or 45 deg.", "Bend 20 to 30 degrees or 45 degrees."),
        ("Keep 90-90, breathe 4-7-8.", "Keep 90 90, breathe 4 7 8."),
        ("It eases L5/S1, L4–L5.", "It eases L5 S1, L4 L5."),
        ("Lift it ½ way, 1½ turns, 2/3 out.", "Lift it a half way, 1 and a half turns, two thirds out."),
        ("Do 2-3x/day, 3 sets x 10, 3×10.", "Do 2 to 3 times a day, 3 sets of 10, 3 times 10."),
        ("Repeat x3. Once: 1x.", "Repeat 3 times. Once: 1 time."),
        ("Rest 30s, then 1 min. of 5cm.", "Rest 30 seconds, then 1 minute of 5 centimetres."),
        ("A 10-sec hold w/o pain, w/ ease.", "A 10 second hold without pain, with ease."),
        ("Your R knee & L hip, L/R.", "Your right knee and left hip, left or right."),
        ("At 3/10 pain bend/straighten and/or rest.", "At 3 out of 10 pain bend or straighten or rest."),
        ("Approx. 5 reps, max. 6, No. 7, ~ 8.", "about 5 reps, at most 6, number 7, about 8."),
        ("Hold... and sink — slowly… Rest…", "Hold, and sink, slowly. Rest."),
        ("Bend,rest;sink!Then: £5 or €3.", "Bend, rest; sink! Then: 5 pounds or 3 euros."),
        ("Call 999, or ring 0800 11. Call 2 friends.", "Call 9 9 9, or ring 0 8 0 0 1 1. Call 2 friends."),
        ("At 9am or 9:30pm, from 7:30–8:15.", "At 9 a.m. or 9:30 p.m., from 7:30 to 8:15."),
        ("Rest 😌 now\u200b.", "Rest now."),
        (
            "Ask Dr. Bean's 5 at 7:30 p.m., e.g. for 1.5 or 1,000.",
            "Ask Doctor Bean's 5 at 7:30 p.m., e.g. for 1.5 or 1,000.",
        ),
        ("No, a well-known one. Is it no. 5 go", "No, a well-known one. Is it no. 5 go"),
    ],
)
def test_what_is_written_short(written: str, said: str) -> None:
    assert ENGLISH.aloud.read(written) == said
    assert ENGLISH.aloud.read(said) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "At 7:30 p.m. on the 1st do 1,000 or 1.5.",
            "At seven thirty p.m. on the first do one thousand or one point five.",
        ),
        ("It eases L5/S1, (10) -5 to +5.", "It eases L five S one, (ten) minus five to plus five."),
        ("Call 999; at 9:05 wait.", "Call nine nine nine; at 9:05 wait."),
        ("It is 99999999999.", "It is 99999999999."),
        ("Do 2-3x/day.", "Do two to three times a day."),
        ("😌", "😌"),
    ],
)
def test_numbers_are_words_for_a_voice(written: str, said: str) -> None:
    assert read_aloud(written, ENGLISH) == said


@pytest.mark.parametrize(
    "piece",
    [
        "https://nhs.uk",
        "me@home.org",
        "nhs.uk",
        "knee.Then",
        "😌",
        "①",
        "*gently*",
        "_slowly_",
        "#1",
        "12/03/2026",
        "24/7",
        "Дыши",
        "呼吸",
    ],
)
def test_what_nobody_can_say_is_named(piece: str) -> None:
    assert ENGLISH.aloud.unreadable(f"Bend {piece} and sink.") == piece


@pytest.mark.parametrize(
    "text", ["Naïve café, “tall”: 1st (or 2nd)!", "5 € or £5; 10 p.m.?", "BREATHE OUT", "It eases T12/L1."]
)
def test_what_everybody_can_say_is_not(text: str) -> None:
    assert ENGLISH.aloud.unreadable(text) is None


def test_no_line_of_ours_is_changed() -> None:
    wording = Wording()
    lines = [line for key in wording.keys() for line in wording.templates(key) if "{" not in line]  # noqa: SIM118
    assert len(lines) > 300
    assert [line for line in lines if read_aloud(line, ENGLISH) != line or ENGLISH.aloud.unreadable(line)] == []


def test_a_language_without_such_words_is_read_as_it_is_written() -> None:
    assert Aloud().read("Do 2 x, 1½ or 1/2 of 5 cm/day w/ R.") == "Do 2 x, 1½ or 1/2 of 5 cm/day w/ R."
