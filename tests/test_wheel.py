"""What is shipped: the wheel, in an empty environment and another folder, without this checkout anywhere near."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import soundfile

from assistant.version import VERSION

PROJECT = Path(__file__).parents[1]


def run(*command: object, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir")
    run(*build, folder, PROJECT, cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_the_packages_with_their_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"assistant", "intents", "models"}
    for data in (
        "assistant/routines/library/sciatic-nerve.yaml",
        "assistant/routines/figures/press-up.yaml",
        "assistant/figures/figure.js",
        "assistant/home_hub/ovos/locale/en-US/start.intent",
        "assistant/home_hub/README.md",
        "assistant/home_hub/blueprints/start-my-back-stretch.yaml",
        "intents/en/lines.yaml",
        "intents/en/exercises/press-up.yaml",
        "intents/en/sentences/steering.yaml",
        "models/manifest.toml",
    ):
        assert data in names
    assert not [name for name in names if "/tests/" in name or name.endswith((".wav", ".pyc"))]


def test_the_installed_wheel_runs_a_whole_demo_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    run(sys.executable, "-m", "venv", environment, cwd=tmp_path)
    python = environment / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", PROJECT / "scripts" / "requirements.txt", cwd=tmp_path)
    run(*pip, "--no-deps", wheel, cwd=tmp_path)
    run(python, "-m", "pip", "check", cwd=tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    env = {**kept, "STRETCH_ASSISTANT_HOME": str(tmp_path / "home")}
    command = environment / "bin" / "stretch-assistant"
    assert run(command, "--version", cwd=elsewhere, env=env) == f"stretch-assistant {VERSION}\n"
    assert "sciatic-nerve" in run(command, "routines", cwd=elsewhere, env=env)
    shown = run(command, "demo", "--out", "out", cwd=elsewhere, env=env)
    assert "start sciatic stretch   → StartRoutine" in shown
    assert {path.name for path in (elsewhere / "out").iterdir()} == {
        "session.wav",
        "events.jsonl",
        "transcript.txt",
        "timeline.png",
    }
    check_demo(elsewhere / "out")


def check_demo(folder: Path) -> None:
    """Every word of the user was understood, and every second of every hold came exactly after the one before."""
    rows = [json.loads(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row for row in rows if row["kind"] == "rejected"] == []
    intents = [row["intent"] for row in rows if row["kind"] == "heard"]
    assert intents == ["StartRoutine", "No", "Side", "Ready", "Repeat", "Pause", "Resume", "HowLong", "Next", "Next"]
    ticks = [row for row in rows if row["kind"] == "tick"]
    assert len(ticks) > 20
    pairs = [(a, b) for a, b in itertools.pairwise(ticks) if b["remaining"] == a["remaining"] - 1]
    assert len(pairs) > 15
    assert all(abs(b["t"] - a["t"] - 1.0) < 1e-9 for a, b in pairs)
    with soundfile.SoundFile(folder / "session.wav") as sound:
        assert (sound.channels, sound.samplerate) == (2, 16_000)
        assert sound.frames / 16_000 >= rows[-1]["t"] - 0.1
