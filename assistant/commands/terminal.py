"""What a terminal shows of a session: what is said and heard as it happens, and below it the step and the seconds."""

from __future__ import annotations

import math

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.text import Text

from assistant.dialogue.exercising.counting import COUNTS
from assistant.dialogue.state.doses import reps_done, seconds_remaining
from assistant.dialogue.state.phases import Holding, Moving, Paused
from assistant.dialogue.state.session import Session
from assistant.keeping.journal import Row
from assistant.loop.observers import Transition, place_of

_DOING = {
    "idle": "waiting for you to name a routine",
    "introducing": "speaking",
    "screening": "a question about your health: yes or no",
    "reviewing-health": "waiting for yes or no",
    "offering-to-go-on": "waiting for yes or no",
    "choosing": "waiting for a number",
    "asking-pain": "waiting for a number from zero to ten",
    "offering-activities": "waiting for yes or no",
    "choosing-activity": "what is hard for you?",
    "rating-activity": "how well does it go, zero to ten?",
    "offering-gentle": "waiting for yes or no",
    "asking-side": "waiting for left or right",
    "offering-voice": "waiting for yes or no",
    "offering-clear-speech": "waiting for yes or no",
    "asking-reminder": "waiting for a day and a time",
    "confirming-reminder": "waiting for yes or no",
    "forgetting-reminders": "waiting for yes or no",
    "cautioning": "cautions",
    "positioning": "waiting until you are in position",
    "instructing": "explaining",
    "getting-ready": "about to begin",
    "holding": "hold",
    "moving": "counting",
    "resting": "rest",
    "changing-sides": "changing sides",
    "asking-leg": "where is the leg pain now: higher, the same, lower, or none",
    "checking-in": "it hurt: easier, skip or stop",
    "asking-news": "anything new, or worse after last time?",
    "asking-since-last": "how was it after last time?",
    "asking-how-bad": "how bad is it, zero to ten?",
    "asking-to-go-on": "do the others all the same?",
    "asking-all-right": "are you all right?",
    "getting-up": "getting up",
    "paused": "paused",
    "confirming": "waiting for yes or no",
    "confirming-dose": "waiting for yes or no",
    "asking-whether-to-stop": "asking: stop, or carry on",
    "reading-back": "waiting for yes or no",
    "alerting": "please listen",
    "taking-back": "was it a false alarm? waiting for yes or no",
    "waking-up": "has the feeling returned? waiting for yes or no",
    "alerted": "no more exercise today; say repeat to hear it again",
    "closing": "closing",
    "done": "switched off",
}


class Terminal:
    """A journal's sink that prints what is said and heard, and an observer that shows where the session is.

    That is a status line, where the terminal can keep one up to date.

    Args:
        console: Where to print.
        engine: What is listening, for the status line.
    """

    def __init__(self, console: Console, engine: str) -> None:
        self._console = console
        self._engine = engine
        self._live: Live | None = None
        self._session: Session | None = None
        self._mute_for = ""

    def __enter__(self) -> Terminal:
        if self._console.is_terminal:
            self._live = Live(console=self._console, refresh_per_second=8, transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def observe(self, transition: Transition) -> None:
        """Note where the session has come to."""
        self._session = transition.after

    def refresh(self, now: float) -> None:
        """Show the status as it is at seconds on the sample clock."""
        if self._live is not None:
            self._live.update(self.status(now))

    def __call__(self, row: Row) -> None:
        """Print what a person wants to see of a row."""
        text = shown(row)
        if row["kind"] == "voice-failed":
            if row["why"] == self._mute_for:
                return
            self._mute_for = row["why"]
        if text is not None:
            self._console.print(text, highlight=False)

    def status(self, now: float) -> Text:
        """Step, side, seconds left, what is listening; nothing before the first event."""
        session = self._session
        if session is None:
            return Text()
        place = place_of(session)
        parts = [_DOING[str(place["phase"])]]
        if session.under_way is not None:
            parts.insert(0, session.under_way.routine.title)
        if place.get("step") and session.under_way is not None:
            parts.insert(1, f"step {place['step']} of {len(session.under_way.routine.steps)}: {place['exercise']}")
            if place["side"]:
                parts.insert(2, str(place["side"]))
        phase = session.phase
        if isinstance(phase, Holding):
            parts.append(f"{math.ceil(seconds_remaining(phase, now))} s left")
        elif isinstance(phase, Moving):
            parts.append(f"{reps_done(phase, now)} done")
        elif isinstance(phase, Paused) and phase.remaining is not None:
            parts.append(f"{math.ceil(phase.remaining)} s left")
        parts.append(self._engine)
        return Text(" · ".join(parts), style="dim", no_wrap=True, overflow="ellipsis")


def shown(row: Row) -> str | None:
    """What a person sees of a row, in rich's markup; None: nothing."""
    match row["kind"]:
        case "saying":
            return f"  {escape(row['text'])}"
        case "heard":
            return f"[bold green]> {escape(row['text'])}[/]"
        case "rejected" if row["text"]:
            return f"[yellow]> {escape(row['text'])}[/] [dim]({row['rejected']}: not taken now)[/]"
        case "voice-failed":
            return f"[red]You can't hear me: {escape(row['why'])} What I say is shown.[/]"
        case "said" if row["line"] in COUNTS:
            return f"  [dim]{escape(row['text'])}[/]"
        case "lost" if row["device"] == "recogniser":
            return "[red]You can't be heard: the recogniser has failed. It is being started again.[/]"
        case "lost":
            return f"[red]The {row['device']} has gone. Waiting until it is back.[/]"
        case "back":
            return "[green]The sound is back.[/]"
        case _:
            return None
