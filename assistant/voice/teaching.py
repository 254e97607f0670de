"""The lines that say command words on purpose: they teach them.

What the voice says comes back from the room, so no other line holds a word that is a command by itself. A test looks
at every line and routine; `assistant.hearing.own_voice` tells the user's word from the one that is being taught.
"""

from __future__ import annotations

from collections.abc import Mapping

TEACHES: Mapping[str, frozenset[str]] = {
    "greeting.welcome": frozenset({"start", "back"}),
    "side.which": frozenset({"left", "right"}),
    "side.which_again": frozenset({"left", "right"}),
    "step.say_when_there": frozenset({"ready"}),
    "step.say_when_there_again": frozenset({"ready"}),
    "pause.paused": frozenset({"resume"}),
    "hurts.offer": frozenset({"zero", "ten", "easier", "skip", "stop"}),
    "hurts.offer_rest": frozenset({"zero", "ten", "skip", "stop"}),
    "confirm.start_over": frozenset({"yes", "no"}),
    "confirm.other": frozenset({"yes", "no"}),
    "screening.intro": frozenset({"yes", "no"}),
    "screening.say_yes_or_no": frozenset({"yes", "no"}),
    "health.change": frozenset({"yes", "no"}),
    "health.erase": frozenset({"yes", "no"}),
    "prescription.confirm_reps": frozenset({"yes", "no"}),
    "prescription.confirm_reps_a_day": frozenset({"yes", "no"}),
    "prescription.confirm_seconds": frozenset({"yes", "no"}),
    "prescription.confirm_seconds_a_day": frozenset({"yes", "no"}),
    "leg.ask": frozenset({"no", "higher", "same"}),
    "leg.ask_side": frozenset({"no", "higher", "same"}),
    "rating.ask": frozenset({"zero", "ten", "skip"}),
    "rating.ask_after": frozenset({"zero", "ten", "skip"}),
    "rating.bad_day": frozenset({"yes", "no"}),
    "silence.all_right": frozenset({"right"}),
    "alert.again": frozenset({"repeat"}),
    "alert.barred": frozenset({"goodbye"}),
    "screening.not_sure": frozenset({"yes"}),
    "silence.paused": frozenset({"resume"}),
    "form.mildest": frozenset({"skip"}),
    "form.no_chair": frozenset({"easier", "skip"}),
    "unfinished.ask": frozenset({"yes", "no"}),
    "sound.back_paused": frozenset({"resume"}),
    "microphone.speak": frozenset({"start"}),
}
"""The words that each line may say, beside those of the group ``help``, which says nothing else."""

TEACHES_ALL = "help"
"""Every line of this group is a command, or what stands for one."""
