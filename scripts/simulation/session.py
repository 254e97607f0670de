"""One seed: a person, the real assistant, and a world in which things go wrong."""

from __future__ import annotations

import os
import resource
import signal
from contextlib import suppress
from pathlib import Path

from assistant.audio.formats import RATE
from assistant.dialogue.exercising.going_on import unfinished_of
from assistant.dialogue.state.phases import name_of
from assistant.dialogue.state.unfinished import HoldLeft
from assistant.errors import RecogniserFailed
from assistant.home import folders
from assistant.keeping.memory import load_remembered, memory_file, save_remembered
from assistant.loop.session_keeper import somebody_known
from scripts.simulation.faulty import Killed
from scripts.simulation.judge import LOST_AT_MOST_S, ViolatedError
from scripts.simulation.process import Process
from scripts.simulation.seeds import LOSES, QUIET_END_S, Fault, Plan
from scripts.simulation.surroundings import Outcome, Parts, Surroundings

LONGEST_END_S = 90.0
"""How long the end may take, from when nothing is wrong any more."""


class SimulatedPersonSession:
    """Runs a seed.

    Args:
        plan: What happens.
        parts: What all sessions share.
        home: An empty folder, which takes the place of the user's.
    """

    def __init__(self, plan: Plan, parts: Parts, home: Path) -> None:
        self.plan = plan
        self.around = around = Surroundings(plan, parts, home)
        self.world, self.person, self.outcome = around.world, around.person, around.outcome
        self._begun = list(plan.faults)
        self._ends: list[tuple[float, Fault]] = []
        self._fine_since = 0.0
        os.environ[folders.HOME_VARIABLE] = str(home)
        if parts.cache is not None:
            folders.make_private(home)
            (home / "cache").symlink_to(parts.cache)  # the same graphs for all: compiling them takes seconds
        if not plan.newcomer:
            save_remembered(somebody_known(), memory_file())

    def run(self) -> Outcome:
        """Run it to its end, or to the first thing that does not hold."""
        process: Process | None = None
        try:
            process = self._boot()
            while not self._over(process):
                try:
                    self._step(process)
                except (Killed, RecogniserFailed) as end:
                    if isinstance(end, RecogniserFailed):
                        self.around.tell(end.what)
                    process = self._killed(process)
            self._judge_the_end(process)
        except ViolatedError as violated:
            self.outcome.violated = str(violated)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            trace = error.__traceback__
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
            self.outcome.violated = f"{type(error).__name__}: {error} ({where})"
        finally:
            _disk_takes(everything=True)
            if process is not None:
                process.end()
                self.outcome.events += process.judge.events
        self.outcome.seconds, self.outcome.rested_s = self.world.now, self.world.rested_s
        return self.outcome

    def _over(self, process: Process) -> bool:
        return process.conversation.finished and self.world.now >= self.plan.length_s

    def _boot(self) -> Process:
        process = Process(self.around)
        process.start()
        return process

    def _step(self, process: Process) -> None:
        world, plan = self.world, self.plan
        self._go_wrong(process)
        fine_at = plan.length_s - QUIET_END_S
        if world.now >= fine_at + 8.0 and not self.person.leaving:
            self.person.leave()
        process.judge.must(world.now < plan.length_s + LONGEST_END_S, f"no end: {process.conversation.session.phase}")
        if process.conversation.finished:
            if world.now < plan.length_s and not self.person.leaving:
                raise Killed  # the person has said goodbye, and starts it again
            world.now += plan.block / RATE
            return
        self.person.act(world.now, process.conversation.sentences)
        process.step()
        world.now += plan.block / RATE
        if process.card.inner.lost is not None or process.recogniser.lost is not None:
            self._fine_since = world.now
        process.judge.goes_on(process.conversation.session, self._fine_since, world.now)

    def _go_wrong(self, process: Process) -> None:
        world = self.world
        while self._ends and self._ends[0][0] <= world.now:
            self._end_fault(process, self._ends.pop(0)[1])
        while self._begun and self._begun[0].at <= world.now:
            self._begin_fault(process, self._begun.pop(0))

    def _begin_fault(self, process: Process, fault: Fault) -> None:
        world, kind = self.world, fault.kind
        lasts = True
        match kind:
            case "microphone gone" | "loudspeaker gone":
                process.card.inner.lose(LOSES[kind])
            case "recogniser crashes":
                world.crash_due, lasts = True, False
            case "disk full":
                _disk_takes(everything=False)
                self.around.disk_was_full = True
            case "clock jumps":
                self.around.clock_off += fault.jump_s
                self.around.clock_jumped, lasts = True, False
            case "killed":
                if fault.writes is None:
                    raise Killed
                world.lives_for, lasts = fault.writes, False
            case "voice dies" if self.plan.sound:
                self._kill_the_voice()
                lasts = False
            case "recogniser hangs":
                world.wrong.add(kind)
                lasts = False
            case _:
                pass
        if lasts:
            world.wrong.add(kind)
            self._ends.append((world.now + fault.lasts, fault))
            self._ends.sort(key=lambda end: end[0])

    def _kill_the_voice(self) -> None:
        pid = self.around.parts.voice.process_id
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _end_fault(self, process: Process, fault: Fault) -> None:
        kind = fault.kind
        if any(other.kind == kind for _, other in self._ends):
            return  # another of its kind goes on
        self.world.wrong.discard(kind)
        match kind:
            case "microphone gone" | "loudspeaker gone":
                process.card.inner.restore(LOSES[kind], by_itself=fault.by_itself)
                self._fine_since = self.world.now
            case "voice stalls":
                process.voice.go_on()
            case "disk full":
                _disk_takes(everything=True)
            case _:
                pass

    def _killed(self, process: Process) -> Process:
        conversation = process.conversation
        finished = conversation.finished
        # What was answered and not yet written has not happened.
        held = process.judge.held_now(process.judged_session, conversation.now)
        was = None if finished else unfinished_of(process.kept_session, conversation.now)
        process.end()
        self.outcome.events += process.judge.events
        self.outcome.kills += not finished
        self.world.lives_for = None
        self.world.crash_due = False
        self.world.wrong.discard("recogniser hangs")
        self.outcome.rows.append({"t": self.world.now, "kind": "killed"})
        again = self._boot()
        again.look_at_the_diary()
        self._fine_since = self.world.now
        phase = again.conversation.session.phase
        again.judge.restarted(phase, again.left, stale=again.stale)
        if was is not None and not self.around.disk_was_full:
            kept = again.left
            again.judge.must(kept is not None, f"nothing is left of {was}")
            assert kept is not None
            if kept.here == was.here and isinstance(kept.moment, HoldLeft) and isinstance(was.moment, HoldLeft):
                lost = held - (kept.moment.seconds - kept.moment.remaining)
                fine = -1e-6 <= lost <= LOST_AT_MOST_S + self.plan.block / RATE
                again.judge.must(fine, f"{lost:.3f} s of a hold were lost by a kill, at {name_of(phase)}")
        return again

    def _judge_the_end(self, process: Process) -> None:
        process.look_at_the_diary()
        told = self.outcome.told
        if self.around.disk_was_full and process.progress.refused:
            process.judge.must(bool(told), "nobody was told that the disk is full")
        if not (self.around.clock_jumped or self.around.disk_was_full):
            known, notice = load_remembered(memory_file())
            process.judge.must(notice is None, f"what is remembered is damaged: {notice}")
            process.judge.must(
                dict(known.done) == dict(self.around.done), f"remembered {known.done}, done {self.around.done}"
            )
        for path in [*folders.data().parent.rglob("*")]:
            mode = path.lstat().st_mode & 0o777
            wanted = 0o700 if path.is_dir() else 0o600
            process.judge.must(mode == wanted or path.is_symlink(), f"{path} has mode {mode:o}")


def _disk_takes(*, everything: bool) -> None:
    """A full disk for real: the kernel refuses every write to a file of this process, or lets it through again."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard if everything else 0, hard))
