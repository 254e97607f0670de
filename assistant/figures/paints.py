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

EDGE_ON_DARK = "#000000"
PAINTS_ON_DARK = {
    "shirt": "#a3b6c9",
    "shirt-far": "#617083",
    "trousers": "#7088ab",
    "trousers-far": "#414f66",
    "skin": "#eccdb2",
    "skin-far": "#a18b79",
    "hair": "#7d5236",
    "eye": "#1d2733",
    "mark": "#ffc21a",
    "core": "#b03c0c",
    "mat": "#26382f",
    "floor": "#2d2b28",
    "thing": "#8c6f47",
    "soft": "#b9a8d4",
}
