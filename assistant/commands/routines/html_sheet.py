"""The sheet of a routine with its figures: one HTML file for a clinician, to print or look at; nothing from outside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from assistant.commands.routines.sheet import EVERYWHERE, SIDES, rows, sources_of
from assistant.dialogue.announcing import minutes_of
from assistant.dialogue.state.plan import plan
from assistant.diary.files import put_in_place
from assistant.figures.body import Side
from assistant.figures.export import body_data, figure_data, picture, script, style
from assistant.figures.figure import Figure, KeyPose, Motion
from assistant.figures.loading import own_figure
from assistant.figures.scene import frame_of
from assistant.routines import Form, Routine, Step
from assistant.routines.dose_ranges import dose_in_words
from assistant.routines.exercise import Exercise
from intents.sided import for_side

_STYLE = """
body{font:11pt/1.4 system-ui,sans-serif;color:#111;max-width:60rem;margin:1.5rem auto;padding:0 1rem}
h1{margin:0}h2{border-top:1px solid #888;padding-top:.6rem;margin:1.2rem 0 .3rem}h3{font-size:1em;margin:.5rem 0 0}
table{border-collapse:collapse;width:100%}th{text-align:left;vertical-align:top;font-weight:600;width:8.5rem}
td,th{padding:.1rem .6rem .1rem 0}.poses{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:flex-end}
.poses figure{margin:0;break-inside:avoid;max-width:13.5rem}figcaption{font-size:.85em;text-align:center}
.forms{display:flex;flex-wrap:wrap;gap:0 2.5rem}
svg.figure{display:block;width:calc(var(--w)*.056rem);max-width:100%}
section{break-inside:avoid-page}
h2,h3{break-after:avoid}.note{color:#333;font-size:.9em}
@media print{body{font-size:9.5pt;margin:0;padding:0;max-width:none}.moving{display:none}*{print-color-adjust:exact}}
@media print{.poses{gap:.3rem .6rem}svg.figure{width:calc(var(--w)*.047rem)}}
"""
_MOVING = """
const data = JSON.parse(document.getElementById("figures").textContent);
const still = matchMedia("(prefers-reduced-motion: reduce)"), GO = 3, STAY = 3;
const shown = [...document.querySelectorAll("svg[data-figure]")].map(svg => {
  const figure = data.figures[svg.dataset.figure], form = figure.forms.usual;
  svg.setAttribute("viewBox", form.boxes[0].join(" "));
  return { svg, figure, form, pace: Number(svg.dataset.pace) };
});
function at({ form, pace }, seconds) {
  if (still.matches) return form.held ? 1 : 1 / form.steps.length;
  if (!form.held) return seconds / pace % 1;
  const t = seconds % (2 * (GO + STAY));
  return t < GO ? t / GO : t < GO + STAY ? 1 : t < 2 * GO + STAY ? 1 - (t - GO - STAY) / GO : 0;
}
function frame(now) {
  for (const one of shown) {
    const { figure, form } = one, seconds = now / 1000, fraction = at(one, seconds);
    const pose = (form.held ? Figure.onTheWay : Figure.duringRep)(form, fraction);
    const air = still.matches ? 0 : Figure.air(data.body, form, fraction, seconds);
    Figure.draw(one.svg, data.body, figure, form, pose, figure.views[0], { air });
  }
  if (!still.matches) requestAnimationFrame(frame);
}
requestAnimationFrame(frame);
"""


def write_sheet(path: Path, routine: Routine, exercises: Mapping[str, Exercise]) -> None:
    """Write the sheet.

    Args:
        path: The file.
        routine: The routine.
        exercises: The library, for what the routine takes from it.

    Raises:
        FileUnwritable: It can't be written there.
    """
    with put_in_place(path, "sheet") as part:
        part.write_text("".join(_page(routine, exercises)), encoding="utf-8")


def _page(routine: Routine, exercises: Mapping[str, Exercise]) -> Iterator[str]:
    yield f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{escape(routine.title)}</title>'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield f"<style>{_STYLE}{style()}</style>\n<h1>{escape(routine.title)}</h1>\n"
    yield f"<p>Reviewed by: {escape(routine.reviewed_by or 'nobody yet')}. Takes about "
    yield f"{minutes_of(routine, plan(routine, None)):g} min. Say: start {escape(' / '.join(routine.names))}</p>\n"
    yield f"<p>Purpose: {escape(routine.purpose)} [{escape(routine.purpose_source)}]</p>\n"
    yield "<h2>At a glance</h2><ol>"
    yield from (f"<li>{escape(f'{s.name}: {dose_in_words(s.dose)}{SIDES[s.sides]}')}</li>" for s in routine.steps)
    yield "</ol>\n<h2>Cautions, spoken before the first step</h2><ul>"
    yield from (f"<li>{escape(f'{caution.say} [{caution.source}]')}</li>" for caution in routine.cautions)
    yield "</ul>\n"
    for number, step in enumerate(routine.steps, start=1):
        yield from _step(number, step, exercises)
    yield f"<h2>Closing</h2><p>{escape(routine.closing)} [{escape(routine.closing_source)}]</p>"
    yield f"<p>{escape(EVERYWHERE)}</p>\n<h2>Sources</h2><table>"
    yield from (f"<tr><th>{escape(key)}<td>{escape(source)}" for key, source in sources_of(routine).items())
    yield "</table>\n"
    moving = {step.exercise: figure for step in routine.steps if (figure := own_figure(step.exercise))}
    if moving:
        data = {"body": body_data(), "figures": {key: figure_data(figure) for key, figure in moving.items()}}
        # "</" would end the element that it stands in
        text = json.dumps(data, separators=(",", ":")).replace("</", "<\\/")
        yield f'<script type="application/json" id="figures">{text}</script>\n<script>{script()}{_MOVING}</script>\n'


def _step(number: int, step: Step, exercises: Mapping[str, Exercise]) -> Iterator[str]:
    exercise = exercises.get(step.exercise)
    yield f"<h2>{number}. {escape(step.name)}</h2>\n"
    if (figure := own_figure(step.exercise)) is not None:
        side = "Shown for the right side; the left one is its mirror image. " if step.sides != "one" else ""
        yield f'<p class="note">{side}Yellow with a dark core: where it is felt, or what works.</p>'
        yield '<div class="forms">'
        yield from _forms(step, figure, exercises)
        yield "</div>\n"
    yield "<table>"
    for title, text in rows(step, exercise, exercises):
        if text:
            yield f"<tr><th>{escape(title)}<td>{escape(for_side(text, None))}"
    yield "</table>\n"


def _forms(step: Step, figure: Figure, exercises: Mapping[str, Exercise]) -> Iterator[str]:
    for form, motion in figure.forms.items():
        yield f'<section><h3>{form.capitalize()}</h3><div class="poses">'
        yield from _poses(step, form, figure, motion)
        if form == "usual":
            pace = step.reps.pace if step.reps else 0
            yield f'<figure class="moving"><svg class="figure" data-figure="{escape(figure.key)}" data-pace="{pace}" '
            yield f'aria-hidden="true" style="--w:{_width(figure, motion):g}"></svg>'
            yield "<figcaption>in motion</figcaption></figure>"
        yield "</div></section>\n"
    seated, seated_figure = exercises.get(step.chair or ""), own_figure(step.chair or "")
    if seated is not None and seated_figure is not None:
        yield f'<section><h3>On a chair: {escape(seated.name)}</h3><div class="poses">'
        yield from _poses(seated.step(), "usual", seated_figure, seated_figure.forms["usual"])
        yield "</div></section>\n"


def _width(figure: Figure, motion: Motion) -> float:
    x0, _, x1, _ = frame_of(figure, motion, figure.views[0])
    return (x1 - x0) * 100


def _poses(step: Step, form: Form, figure: Figure, motion: Motion) -> Iterator[str]:
    captions = _captions(step, form, motion)
    side: Side | None = None if step.sides == "one" else "right"
    for number, key_pose in enumerate(motion.key_poses(), start=1):
        said = escape(for_side(f"{number}. {captions[key_pose.name]}", side))
        title = f"{escape(step.name)}, {form}: {said}"
        yield f"<figure>{picture(figure, motion, key_pose, title)}<figcaption>{said}</figcaption></figure>"


def _captions(step: Step, form: Form, motion: Motion) -> dict[str, str]:
    """What is written below each pose: what is said as it is taken."""
    said: dict[str, list[str]] = {motion.start.name: ["start"]}
    beats = step.beats_of(form)
    reached: list[KeyPose] = [led[-1] for led in motion.steps]
    for number, (key_pose, breath) in enumerate(zip(reached, motion.breath, strict=True)):
        last = number == len(reached) - 1
        words = (step.into_of(form) or "held" if last else "on the way") if motion.held else beats[number]
        with_breath = words if breath == "calm" else f"{words} (breathe {breath})"
        said.setdefault(key_pose.name, []).append(with_breath)
    return {name: "; ".join(words) for name, words in said.items()}
