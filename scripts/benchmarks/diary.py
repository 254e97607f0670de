"""How long a diary of ten years takes to open and to tell its digest, and how large it is."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from assistant.diary.store import Diary
from assistant.diary.summary import day_summaries, session_summaries
from assistant.home.folders import HOME_VARIABLE
from assistant.keeping.diary_digest import digest_of
from scripts.testbed.made_diary import made_diary

DAYS = 3650
RUNS = 15
MOST_S = 0.2
MOST_BYTES = 10_000_000


def main(out: Path) -> None:
    """Measure, print, and write the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "diary.sqlite3"
        sessions = list(made_diary(DAYS, share=1.0))
        with Diary(path) as diary:
            diary.write_all((s.key, n, entry) for s in sessions for n, entry in s.numbered)
            one_s = _median(lambda: diary.write(sessions[-1].key, 1, sessions[-1].entries[0]))
        today = sessions[-1].key.day
        figures = {
            "sessions": len(sessions),
            "entries": sum(len(session.numbered) for session in sessions),
            "bytes": path.stat().st_size,
            "open_s": _median(lambda: Diary(path).close()),
            "open_and_digest_s": _median(lambda: _digest(path, today)),
            "all_days_s": _median(lambda: _all_days(path)),
            "write_one_entry_s": one_s,
            "command_s": _median(lambda: _command(Path(folder), path), 3),
            "limits": {"open_s": MOST_S, "bytes": MOST_BYTES},
        }
    text = json.dumps(figures, indent=1)
    print(text)
    out.write_text(text + "\n", encoding="utf-8")
    if figures["open_and_digest_s"] > MOST_S or figures["bytes"] > MOST_BYTES:  # type: ignore[operator]
        sys.exit("The diary misses its limits.")


def _median(run: object, runs: int = RUNS) -> float:
    assert callable(run)
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
    return round(statistics.median(took), 5)


def _digest(path: Path, today: date) -> None:
    with Diary(path) as diary:
        digest_of(diary, today)


def _all_days(path: Path) -> None:
    with Diary(path) as diary:
        day_summaries(session_summaries(diary))


def _command(folder: Path, path: Path) -> None:
    home = folder / "home"
    lies = home / "data" / "diary"
    if not lies.exists():
        lies.mkdir(parents=True)
        (lies / path.name).write_bytes(path.read_bytes())
    call = [sys.executable, "-m", "assistant", "diary"]
    subprocess.run(call, env={HOME_VARIABLE: str(home)}, check=True, capture_output=True)
