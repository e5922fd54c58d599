"""The pack's ten pictures: the subjects of the course's ten, as drawn scenes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import numpy as np

from quizproof.probes.embedded import (
    bakery,
    dairy,
    eggs,
    garden,
    meat,
    seafood,
    starches,
    tableware,
)
from quizproof.probes.embedded.canvas import Canvas, Light, Mask, Scene, View

_STRAIGHT: Final = View()
_EVEN: Final = Light(noise=2.0)


@dataclass(frozen=True)
class Subject:
    """One picture: how it is drawn, its class, and its regions as unions of drawn parts.

    ``edges`` and ``outsides`` name regions that follow from another region's mask.
    """

    label: int
    seed: int
    setting: Callable[[Canvas], None]
    food: Callable[[Canvas], None]
    regions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    edges: dict[str, str] = field(default_factory=dict)
    outsides: dict[str, str] = field(default_factory=dict)
    view: View = _STRAIGHT
    light: Light = _EVEN


def _studio(canvas: Canvas) -> None:
    tableware.plain(canvas, (252, 252, 250))


def _cafe_table(canvas: Canvas) -> None:
    tableware.wood(canvas, (170, 118, 74))
    tableware.telephone(canvas, 0.26, 0.1, -8)


_PLATE: Final[dict[str, tuple[str, ...]]] = {"plate": ("plate",)}

TEN: Final = (
    Subject(1, 4, _studio, partial(dairy.butter, with_plate=False), view=View(scale=1.1)),
    Subject(
        1,
        5,
        _studio,
        partial(dairy.milk_jug, clear=True),
        {
            "jug": ("glass", "milk", "handle"),
            "body": ("glass", "milk"),
            "handle": ("handle",),
            "milk": ("milk",),
        },
        edges={"contour": "jug"},
        outsides={"background": "jug"},
    ),
    Subject(
        2,
        3,
        _cafe_table,
        partial(bakery.cake_slice, plate_paint=tableware.WHITE, cake_kind=0),
        {"cake": ("cake",), "telephone": ("telephone",), **_PLATE},
        view=View(shift=(0.03, 0.04)),
    ),
    Subject(3, 4, tableware.stone, eggs.egg_dessert, view=View(scale=1.05)),
    Subject(
        5,
        9,
        tableware.wood,
        meat.steak_and_grain,
        {"steak": ("steak",), "grain": ("grain",), **_PLATE},
    ),
    Subject(6, 3, tableware.cloth, starches.pasta_with_sauce, _PLATE),
    Subject(8, 8, partial(tableware.wood, colour=(92, 62, 44)), seafood.sashimi, _PLATE),
    Subject(
        8,
        3,
        tableware.stone,
        seafood.fish_in_tray,
        {"tray": ("tray",), "piece": ("piece",)},
        edges={"outline": "piece"},
        view=View(scale=1.1),
    ),
    Subject(
        8,
        1,
        partial(tableware.plain, colour=(196, 206, 216)),
        seafood.mussel,
        _PLATE,
        view=View(scale=1.05),
    ),
    Subject(
        9,
        8,
        partial(tableware.wood, colour=(92, 50, 40)),
        partial(garden.onion_soup, colour=(170, 40, 40)),
        {
            "bowl": ("rim", "soup", "spring_onion"),
            "rim": ("rim",),
            "soup": ("soup",),
            "spring_onion": ("spring_onion",),
        },
        view=View(scale=1.1, shift=(0.0, 0.02)),
    ),
)
"""In the order of their file names: by class, then by number within the class."""


def draw_subject(subject: Subject) -> tuple[Scene, dict[str, Mask]]:
    """The scene and its masks by region name, each (128, 128) bool, ``food`` first."""
    canvas = Canvas(np.random.default_rng([subject.seed, subject.label]), subject.view)
    subject.setting(canvas)
    subject.food(canvas)
    scene = canvas.finished(subject.light)
    masks = {name: scene.mask(*parts) for name, parts in subject.regions.items()}
    return scene, {"food": scene.food(), **masks}


def file_names() -> list[str]:
    """The ten pictures' paths in the pack: ``food/<class>_<number>.png``, two digits each."""
    names: list[str] = []
    for subject in TEN:
        stem = f"food/{subject.label:02d}_"
        names.append(f"{stem}{sum(name.startswith(stem) for name in names):02d}.png")
    return names
