"""Pain and diary by voice, on real audio: asked, heard, written down, told."""

from __future__ import annotations

from pathlib import Path

from assistant.keeping.diary_keeper import DiaryKeeper
from assistant.loop.session_keeper import guest
from assistant.stage.demo_user import Part
from scripts.testbed.spoken_sessions import run_session, speak

PARTS = (
    Part("start cool down", {"kind": "said", "line": "greeting.welcome"}),
    Part("no", {"kind": "said", "line": "screening.news"}),
    Part("six", {"kind": "said", "line": "rating.ask"}),
    Part("no", {"kind": "said", "line": "rating.gentle"}),
    Part("stop", {"kind": "saying", "text": "First, please listen."}, after_s=0.3),
    Part("how did i do this week", {"kind": "said", "line": "closing.stopped"}),
    Part("when did i last stretch", {"kind": "said", "line": "diary.week_nothing"}),
    Part("how is my pain", {"kind": "said", "line": "diary.last_never"}),
    Part("note my pain", {"kind": "said", "line": "diary.pain_today"}),
    Part("four", {"kind": "said", "line": "rating.ask"}),
    Part("what's left today", {"kind": "said", "line": "rating.noted"}),
)


def test_pain_and_diary_by_voice(spoken_words: Path, tmp_path: Path) -> None:
    told: list[str] = []
    diary = DiaryKeeper(tmp_path / "diary" / "diary.sqlite3", told.append)
    outcome = run_session(
        PARTS,
        lambda words: speak(words, "flite rms", spoken_words),
        keeper=guest(diary=diary),
    )
    assert outcome.of_kind("rejected") == []
    assert outcome.intents == [
        *("StartRoutine", "No", "Number", "No", "Stop", "MyWeek", "LastStretch", "MyPain", "RatePain", "Number"),
        "LeftToday",
    ]
    assert diary._diary is not None
    (session,) = diary._diary.sessions()
    assert [(e.kind, e.level, e.detail) for e in session.entries] == [
        ("pain", 6, "before"),
        ("routine begun", None, None),
        ("pain", 4, "between"),
    ]
    diary.close()
    assert told == []
    assert outcome.of_kind("said")[-1]["line"] == "diary.left_unknown"
