"""The pack's ten pictures: the subjects of the course's ten, as drawn scenes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import numpy as np

from quizproof.probes.embedded.pictures import (
    bakery,
    dairy,
    eggs,
    garden,
    meat,
    seafood,
    starches,
    tableware,
)
from quizproof.probes.embedded.pictures.canvas import Canvas, Light, Mask, Scene, View

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
    Subject(
        label=1,
        seed=4,
        setting=_studio,
        food=partial(dairy.butter, with_plate=False),
        view=View(scale=1.1),
    ),
    Subject(
        label=1,
        seed=5,
        setting=_studio,
        food=partial(dairy.milk_jug, clear=True),
        regions={
            "jug": ("glass", "milk", "handle"),
            "body": ("glass", "milk"),
            "handle": ("handle",),
            "milk": ("milk",),
        },
        edges={"contour": "jug"},
        outsides={"background": "jug"},
    ),
    Subject(
        label=2,
        seed=3,
        setting=_cafe_table,
        food=partial(bakery.cake_slice, plate_paint=tableware.WHITE, cake_kind=0),
        regions={"cake": ("cake",), "telephone": ("telephone",), **_PLATE},
        view=View(shift=(0.03, 0.04)),
    ),
    Subject(label=3, seed=4, setting=tableware.stone, food=eggs.egg_dessert, view=View(scale=1.05)),
    Subject(
        label=5,
        seed=9,
        setting=tableware.wood,
        food=meat.steak_and_grain,
        regions={"steak": ("steak",), "grain": ("grain",), **_PLATE},
    ),
    Subject(
        label=6, seed=3, setting=tableware.cloth, food=starches.pasta_with_sauce, regions=_PLATE
    ),
    Subject(
        label=8,
        seed=8,
        setting=partial(tableware.wood, colour=(92, 62, 44)),
        food=seafood.sashimi,
        regions=_PLATE,
    ),
    Subject(
        label=8,
        seed=3,
        setting=tableware.stone,
        food=seafood.fish_in_tray,
        regions={"tray": ("tray",), "piece": ("piece",)},
        edges={"outline": "piece"},
        view=View(scale=1.1),
    ),
    Subject(
        label=8,
        seed=1,
        setting=partial(tableware.plain, colour=(196, 206, 216)),
        food=seafood.mussel,
        regions=_PLATE,
        view=View(scale=1.05),
    ),
    Subject(
        label=9,
        seed=8,
        setting=partial(tableware.wood, colour=(92, 50, 40)),
        food=partial(garden.onion_soup, colour=(170, 40, 40)),
        regions={
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
