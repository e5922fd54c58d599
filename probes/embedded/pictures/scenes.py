"""Scenes of the course's eleven classes, drawn from a seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from quizproof.probes.embedded.pictures import (
    bakery,
    dairy,
    eggs,
    fried,
    garden,
    meat,
    seafood,
    starches,
)
from quizproof.probes.embedded.pictures.canvas import Canvas, Light, Scene, View
from quizproof.probes.embedded.pictures.tableware import table, things

SUBJECTS: Final[tuple[tuple[Callable[[Canvas], None], ...], ...]] = (
    (bakery.toast, bakery.buns, bakery.baguette, bakery.croissant),
    (dairy.butter, dairy.milk_jug, dairy.milk_glass, dairy.cheese, dairy.yoghurt),
    (bakery.cake_slice, bakery.cupcake, bakery.ice_cream, bakery.doughnuts),
    (eggs.fried_eggs, eggs.boiled_eggs, eggs.omelette, eggs.whole_eggs, eggs.egg_dessert),
    (fried.fries, fried.nuggets, fried.fried_chicken, fried.rings, fried.spring_rolls),
    (
        meat.steak_and_grain,
        meat.steak,
        meat.sausages,
        meat.meatballs,
        meat.bacon,
        meat.roast_leg,
    ),
    (starches.pasta_with_sauce, starches.noodle_soup, starches.penne, starches.plain_noodles),
    (starches.rice_bowl, starches.fried_rice, starches.curry_rice, starches.rice_balls),
    (
        seafood.sashimi,
        seafood.fish_in_tray,
        seafood.mussel,
        seafood.mussels,
        seafood.whole_fish,
        seafood.prawns,
    ),
    (garden.onion_soup, garden.cream_soup, garden.chunky_soup, garden.tofu_soup),
    (
        garden.salad,
        garden.round_fruit,
        garden.broccoli,
        garden.bananas,
        garden.carrots,
        garden.melon,
    ),
)
"""What a scene of each class may show; the course's ten subjects are among them."""


def random_view(rng: np.random.Generator) -> View:
    """A camera a little off: mirrored half the time, turned, nearer or farther, off centre."""
    return View(
        mirrored=bool(rng.random() < 0.5),
        degrees=float(rng.normal(0, 7)),
        scale=float(rng.uniform(0.85, 1.25)),
        shift=(float(rng.uniform(-0.09, 0.09)), float(rng.uniform(-0.09, 0.09))),
    )


def random_light(rng: np.random.Generator) -> Light:
    """A light of some brightness and warmth that falls off across the frame."""
    warmth = rng.normal(0, 0.07)
    bright = rng.uniform(0.75, 1.12)
    return Light(
        gains=(float(bright * (1 + warmth)), float(bright), float(bright * (1 - warmth))),
        slope=(float(rng.uniform(-0.15, 0.15)), float(rng.uniform(-0.15, 0.15))),
        noise=float(rng.uniform(0, 7)),
    )


def draw_scene(label: int, seed: int, subject: int | None = None) -> Scene:
    """A scene of class ``label`` (0–10, an index of the course's classes).

    The same arguments give the same scene. ``subject`` picks among the class's ``SUBJECTS``
    (drawn from the seed when left out); ``IndexError`` when there is no such class or subject.
    """
    rng = np.random.default_rng([seed, label])
    subjects = SUBJECTS[label]
    drawn = int(rng.integers(len(subjects)))
    canvas = Canvas(rng, random_view(rng))
    table(canvas)
    things(canvas)
    subjects[drawn if subject is None else subject](canvas)
    if canvas.chance(0.15):
        things(canvas, 1)
    return canvas.finished(random_light(rng))
