"""A state of each condition that the page may be in, with texts as long as they come."""

from __future__ import annotations

from typing import Any

NOTHING: dict[str, Any] = {
    "version": 1,
    "clock": 100.0,
    "at": 100.0,
    "sent": 0.0,
    "condition": "idle",
    "routine": None,
    "exercise": None,
    "side": None,
    "step": None,
    "steps": None,
    "next": None,
    "countdown": None,
    "rep": None,
    "line": None,
    "line_at": None,
    "heard": None,
    "buttons": [],
    "alert": None,
    "figure": None,
    "phase": "idle",
    "lost": None,
    "left": None,
    "next_side": None,
    "set": None,
    "private": False,
}
BEATS = ["straighten", "toes towards you", "toes away", "and let it sink"]
STOP = {"say": "stop", "label": "Stop", "urgent": True, "intent": "Stop"}


def buttons(*words: str, intent: str = "") -> list[dict[str, Any]]:
    return [STOP, *({"say": word, "label": word.capitalize(), "urgent": False, "intent": intent} for word in words)]


IN_ROUTINE = {
    **NOTHING,
    "routine": {"id": "sciatic", "name": "sciatic nerve stretch"},
    "exercise": {"id": "single-knee-to-chest", "name": "single knee to chest", "form": "usual"},
    "side": "left",
    "step": 2,
    "steps": 6,
    "next": "seated forward bend",
    "figure": {"exercise": "single-knee-to-chest", "form": "usual", "side": "left"},
}
MOVING = {
    **IN_ROUTINE,
    "condition": "repeating",
    "phase": "moving",
    "side": "right",
    "exercise": {"id": "nerve-glide", "name": "nerve glide", "form": "usual"},
    "figure": {"exercise": "nerve-glide", "form": "usual", "side": "right"},
    "rep": {"number": 3, "of": 10, "began": 96.0, "lasts": 8.0, "beats": BEATS},
    "line": None,
    "buttons": buttons("pause", "easier", "next", "how long left", "repeat"),
}
HOLDING = {
    **IN_ROUTINE,
    "condition": "holding",
    "phase": "holding",
    "countdown": {"began": 94.0, "ends": 114.0, "seconds": 20.0},
    "line": "Halfway.",
    "set": {"number": 2, "of": 3, "amount": 20, "unit": "seconds"},
    "heard": {"words": "how long left", "taken": True, "why": None},
    "buttons": buttons("pause", "easier", "next", "longer", "how long left"),
}
LONG_LINE = (
    "Straighten your left knee until you feel a light tension. Move your ankle gently to and fro, "
    "then let the leg sink."
)
LONGEST_LINE = (
    "Before we stretch, a few questions about your health. They take a minute, this first time only. Answer each with "
    "yes or no. Your answers stay on this machine. Are you numb between the legs or in the buttocks, is it hard to "
    "pass urine, or do you lose control of bladder or bowel?"
)
ALERT = (
    "Rest as you are most at ease. If both legs are numb or weak, if you are numb between the legs, or if you can't "
    "pass urine, call the emergency number now. If it does not pass, see a doctor today."
)
CONDITIONS: dict[str, dict[str, Any]] = {
    "idle": {
        **NOTHING,
        "line": "Tell me what to do, like this: start lower back stretch. Or ask me: which routines.",
        "buttons": buttons("which routines", "start lower back stretch", "help"),
    },
    "asking": {
        **NOTHING,
        "condition": "asking",
        "phase": "screening",
        "line": LONGEST_LINE,
        "heard": {"words": "maybe on sundays", "taken": False, "why": "not sure enough"},
        "buttons": buttons("yes", "no", "i'm not sure", "repeat", "pause"),
    },
    "asking a number": {
        **IN_ROUTINE,
        "condition": "asking",
        "phase": "checking-in",
        "line": "How bad is it, from zero to ten?",
        "figure": None,
        "buttons": buttons(*map(str, range(11)), intent="Number"),
    },
    "caution": {
        **NOTHING,
        "routine": {"id": "sciatic", "name": "sciatic nerve stretch"},
        "condition": "caution",
        "phase": "cautioning",
        "line": LONG_LINE,
        "buttons": buttons("pause", "next", "repeat"),
    },
    "getting ready": {
        **IN_ROUTINE,
        "condition": "getting-ready",
        "phase": "instructing",
        "line": LONG_LINE,
        "buttons": buttons("ready", "pause", "next", "easier", "repeat"),
    },
    "holding": HOLDING,
    "holding long": {
        **HOLDING,
        "exercise": {"id": "childs-pose", "name": "child's pose with the arms far out to the front", "form": "usual"},
        "figure": {"exercise": "childs-pose", "form": "harder", "side": None},
        "side": None,
        "buttons": buttons("pause", "easier", "next", "longer", "shorter", "go back", "repeat", "louder"),
        "countdown": {"began": 95.0, "ends": 275.0, "seconds": 180.0},
    },
    "repeating": MOVING,
    "resting": {
        **IN_ROUTINE,
        "condition": "resting",
        "phase": "resting",
        "line": "Rest.",
        "next": None,
        "next_side": "right",
        "countdown": {"began": 98.0, "ends": 103.0, "seconds": 5.0},
        "buttons": buttons("ready", "pause", "next"),
    },
    "paused": {
        **IN_ROUTINE,
        "condition": "paused",
        "phase": "paused",
        "line": "Paused. Say resume when you want to carry on.",
        "left": {"seconds": 7.5, "of": 20.0},
        "heard": {"words": "pause", "taken": True, "why": None},
        "buttons": buttons("resume", "next", "go back"),
    },
    "paused in reps": {
        **MOVING,
        "condition": "paused",
        "phase": "paused",
        "line": None,
        "buttons": buttons("resume", "next", "go back"),
        "rep": {"number": 4, "of": 10, "began": None, "lasts": 8.0, "beats": BEATS},
    },
    "lost": {
        **IN_ROUTINE,
        "condition": "lost",
        "lost": "microphone",
        "phase": "paused",
        "buttons": buttons("resume"),
    },
    "alert": {
        **IN_ROUTINE,
        "condition": "alert",
        "phase": "alerted",
        "line": ALERT,
        "alert": ALERT,
        "buttons": buttons("repeat", "ready", "false alarm"),
    },
    "closing": {
        **IN_ROUTINE,
        "condition": "closing",
        "phase": "closing",
        "exercise": None,
        "figure": None,
        "side": None,
        "line": "Well done. To rise, we take one move at a time. Say okay when you want to.",
        "buttons": buttons("ready", "repeat"),
    },
    "ended": {**NOTHING, "condition": "ended", "phase": "done", "line": "See you soon."},
}
