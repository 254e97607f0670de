"""The voices over all that is said: pace, loudness, cost; and whether any line comes late in our seven routines.

Peers in the same run: Piper and espeak-ng by themselves, on the same texts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from rich.table import Table

from assistant.audio.formats import RATE
from assistant.voice.clip import LOUDNESS_LUFS, Clip, make_clip
from assistant.voice.loudness import loudness_lufs, true_peak
from assistant.voice.natural import FALLBACK, called, chosen, is_natural
from assistant.voice.renderer import Renderer
from assistant.voice.spoken_form import spoken_form
from scripts.benchmarks.targets import wide_console
from scripts.benchmarks.voice_courses import Course, courses_of
from scripts.benchmarks.voice_first_sound import FirstSound, first_sound
from scripts.testbed.spoken_texts import spoken_texts

PACE_WITHIN = 0.08
LOUDNESS_WITHIN_LU = 1.0
FIRST_SOUND_S = 1.5
"""Of the longer of two chains; so much by the clock on two processors that have nothing else to do."""

_LINE = "Bring one knee to your chest. Hold it for twenty seconds."
_BARE_PIPER = """
import json, resource, sys, time
from piper import PiperVoice
voice, texts = PiperVoice.load(sys.argv[1]), json.load(sys.stdin)
begun, samples = time.process_time(), 0
for text in texts:
    samples += sum(len(chunk.audio_float_array) for chunk in voice.synthesize(text))
took = time.process_time() - begun
print(took / (samples / voice.config.sample_rate), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
_BARE_ESPEAK = """
import json, resource, subprocess, sys
texts = json.load(sys.stdin)
call = ["espeak-ng", "-v", sys.argv[1], "--stdout"]
sound = subprocess.run(call, input="\\n".join(texts).encode(), capture_output=True, check=True).stdout
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print((used.ru_utime + used.ru_stime) / (len(sound) / 2 / 22050), used.ru_maxrss / 1024)
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """A voice over the texts.

    Attributes:
        voice: What it is called.
        words_a_minute: All words by all clips.
        quietest_lu: The quietest clip against what is aimed at, in loudness units.
        loudest_lu: The loudest.
        true_peak_dbfs: The highest peak.
        counts_s: The shortest and the longest of one to ten.
        real_time_factor: Processor's seconds for a second of sound, through pyttsx3 and the child process.
        memory_mb: The child process's largest.
        bare_real_time_factor: The engine by itself, on the same texts.
        bare_memory_mb: The same.
        first: From the start to the first line.
    """

    voice: str
    words_a_minute: float
    quietest_lu: float
    loudest_lu: float
    true_peak_dbfs: float
    counts_s: tuple[float, float]
    real_time_factor: float
    memory_mb: float
    bare_real_time_factor: float
    bare_memory_mb: float
    first: FirstSound


def main(out: Path, every: int, rate: int) -> None:
    """Measure, print tables, write figures and a picture.

    Args:
        out: Where the figures go; the picture goes beside them.
        every: Only every so manieth text.
        rate: Words a minute that are asked for.
    """
    texts = spoken_texts()[::every]
    voices = list(dict.fromkeys([chosen("auto"), FALLBACK]))
    clips: dict[str, dict[str, Clip]] = {}
    measured = []
    for voice in voices:
        clips[voice] = {}
        measured.append(measure(voice, rate, texts, clips[voice]))
    costs = [m.real_time_factor for m in measured]
    courses = {
        m.voice: list(courses_of({text: clip.seconds for text, clip in clips[voice].items()}, cost))
        for voice, m, cost in zip(voices, measured, costs, strict=True)
    }
    _show(rate, measured, courses)
    _draw(voices, rate, out.with_suffix(".png"))
    figures = {
        "rate": rate,
        "texts": len(texts),
        "voices": [asdict(m) for m in measured],
        "routines": {voice: [asdict(course) for course in found] for voice, found in courses.items()},
    }
    out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    missed = [m.voice for m in measured if not _is_met(m, rate)]
    missed += [f"{voice}, {c.routine}" for voice, found in courses.items() for c in found if c.late or c.missing]
    if missed:
        sys.exit(f"Missed: {'; '.join(missed)}.")


def measure(voice: str, rate: int, texts: Sequence[str], clips: dict[str, Clip]) -> Measured:
    """A voice over texts, which leaves its clips."""
    told = spoken_form if is_natural(voice) else str
    with closing(Renderer()) as renderer:
        renderer.render("One.", voice, rate)  # loaded
        begun, sounded = _worked_s(renderer.pid), 0.0
        for text in texts:
            sound, samples_a_second = renderer.render(told(text), voice, rate)
            sounded += len(sound) / samples_a_second
            clips[text] = make_clip(text, sound, samples_a_second)
        took = _worked_s(renderer.pid) - begun
        memory = _memory_mb(renderer.pid)
        numbers = ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"]
        counts = [make_clip(n, *renderer.render(f"{n}.", voice, rate)).seconds for n in numbers]
    spoken = [clip.samples.astype(np.float32) / np.float32(32768) for clip in clips.values()]
    levels = [loudness_lufs(sound) - LOUDNESS_LUFS for sound in spoken]
    bare_factor, bare_memory = bare_piper(voice, texts) if is_natural(voice) else bare_espeak(voice, texts)
    return Measured(
        called(voice),
        60 * sum(len(text.split()) for text in texts) / sum(clip.seconds for clip in clips.values()),
        min(levels),
        max(levels),
        20 * float(np.log10(max(true_peak(sound) for sound in spoken))),
        (min(counts), max(counts)),
        took / sounded,
        memory,
        bare_factor,
        bare_memory,
        first_sound(voice),
    )


def bare_piper(voice: str, texts: Sequence[str]) -> tuple[float, float]:
    """Real time factor and megabytes of Piper by itself, as it comes."""
    call = [sys.executable, "-c", _BARE_PIPER, voice]
    done = subprocess.run(call, input=json.dumps(texts), capture_output=True, text=True, check=True)
    factor, memory = done.stdout.split()
    return float(factor), float(memory)


def bare_espeak(voice: str, texts: Sequence[str]) -> tuple[float, float]:
    """The same of the program espeak-ng, started once for all texts."""
    call = [sys.executable, "-c", _BARE_ESPEAK, voice]
    done = subprocess.run(call, input=json.dumps(texts), capture_output=True, text=True, check=True)
    factor, memory = done.stdout.split()
    return float(factor), float(memory)


def _memory_mb(pid: int | None) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _worked_s(pid: int | None) -> float:
    """The processor's time of this process and the engine's."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _is_met(m: Measured, rate: int) -> bool:
    level = max(abs(m.quietest_lu), abs(m.loudest_lu)) <= LOUDNESS_WITHIN_LU
    pace = abs(m.words_a_minute / rate - 1) <= PACE_WITHIN
    return level and pace and m.true_peak_dbfs <= -0.99 and m.first.chain_s <= FIRST_SOUND_S


def _show(rate: int, measured: Sequence[Measured], courses: Mapping[str, Sequence[Course]]) -> None:
    table = Table("", f"words/min ({rate})", "loudness", "true peak", "counts", "real time", "memory", "bare", "", "")
    for m in measured:
        table.add_row(
            m.voice,
            f"{m.words_a_minute:.0f}",
            f"{m.quietest_lu:+.2f} to {m.loudest_lu:+.2f} LU",
            f"{m.true_peak_dbfs:.1f} dBFS",
            f"{m.counts_s[0]:.2f} to {m.counts_s[1]:.2f} s",
            f"{m.real_time_factor:.3f}",
            f"{m.memory_mb:.0f} MB",
            f"{m.bare_real_time_factor:.3f}",
            f"{m.bare_memory_mb:.0f} MB",
            "met" if _is_met(m, rate) else "missed",
        )
    wide_console().print(table)
    chain = f"longer chain (≤ {FIRST_SOUND_S} s)"
    table = Table("first sound, nothing kept", "clock", "processor", chain, "bare: clock", "processor", "chain/bare")
    for m in measured:
        values = (m.first.seconds, m.first.cpu_s, m.first.chain_s, m.first.bare_seconds, m.first.bare_cpu_s)
        against = "" if m.first.against_bare is None else f"{m.first.against_bare:.2f}"
        table.add_row(m.voice, *(f"{value:.2f} s" if value is not None else "" for value in values), against)
    wide_console().print(table)
    table = Table("voice", "routine", "lines", "late", "latest", "counts missing")
    for voice, found in courses.items():
        for c in found:
            table.add_row(voice, c.routine, str(c.lines), str(c.late), f"{c.latest_s:.2f} s", str(c.missing))
    wide_console().print(table)


def _draw(voices: Sequence[str], rate: int, path: Path) -> None:
    """One line in each voice: its wave, and its loudness over 400 ms."""
    figure = Figure(figsize=(9, 2.2 * len(voices)), layout="constrained")
    for row, voice in enumerate(voices):
        with closing(Renderer()) as renderer:
            told = spoken_form(_LINE) if is_natural(voice) else _LINE
            sound = make_clip(_LINE, *renderer.render(told, voice, rate)).samples / 32768
        axes = figure.add_subplot(len(voices), 1, row + 1)
        axes.plot(np.arange(len(sound)) / RATE, sound, color="0.6", linewidth=0.4)
        axes.set(ylim=(-1, 1), ylabel="amplitude", title=f"{called(voice)}: {_LINE}")
        block, hop = round(0.4 * RATE), round(0.05 * RATE)
        starts = range(0, max(1, len(sound) - block), hop)
        levels = [loudness_lufs(sound[s : s + block].astype(np.float32)) for s in starts]
        loudness = axes.twinx()
        loudness.plot([(s + block / 2) / RATE for s in starts], levels, color="black")
        loudness.axhline(LOUDNESS_LUFS, color="black", linewidth=0.5, linestyle=":")
        loudness.set(ylim=(-50, -10), ylabel="LUFS, 400 ms")
        axes.set_xlabel("seconds" if row == len(voices) - 1 else "")
    figure.savefig(path, dpi=110)
