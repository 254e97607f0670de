"""What the parts of a figure are painted as. What meets differs in brightness, so that grey paper shows it."""

from __future__ import annotations

EDGE = "#1d2733"
PAINTS = {
    "shirt": "#a3b6c9",
    "shirt-far": "#c9d4de",
    "trousers": "#5b6c84",
    "trousers-far": "#98a4b3",
    "skin": "#eccdb2",
    "skin-far": "#f2e0d0",
    "hair": "#3a2d26",
    "eye": "#1d2733",
    "mark": "#ffc21a",
    "core": "#c8501a",
    "mat": "#d5e3da",
    "floor": "#ebe8e2",
    "thing": "#c9a778",
    "soft": "#d9cdea",
}
