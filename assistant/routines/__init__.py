"""Routines: what is stretched, how, for how long and on whose word. Data in YAML, checked on loading."""

from assistant.routines.model import Caution, Dose, Form, Hold, Position, Reps, Routine, Sides, Step

__all__ = ["Caution", "Dose", "Form", "Hold", "Position", "Reps", "Routine", "Sides", "Step"]
