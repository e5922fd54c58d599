"""The picture that a map is shown beside is that of the part the map is of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from quizproof.probes.engine.illustrator import Illustrator
from quizproof.probes.kinds.kind import Part
from quizproof.probes.packs.picture_set import PictureSet
from quizproof.probes.probe import Map
from tests.planted import pictures_in, planted_pack

SIDE = 8


@pytest.mark.parametrize(("named", "grey"), [("", 0.0), ("pictures", 0.0), ("others", 1.0)])
def test_a_map_names_the_part_its_picture_is_of(tmp_path: Path, named: str, grey: float) -> None:
    black, white = (np.full((SIDE, SIDE, 3), value, np.float32) for value in (0, 1))
    pack = planted_pack(tmp_path, [black, white], [])
    both = pictures_in(pack)
    parts = [
        Part("pictures", both, "planted", pack),
        Part("others", PictureSet(pictures=both.pictures[1:]), "planted", pack),
    ]
    maps = (Map("seen", np.zeros((SIDE, SIDE), np.float32), picture=0, part=named),)
    first, second = Illustrator(pack).illustrations([maps, maps], parts)
    assert first.picture is not None
    assert (first.picture == grey).all()
    assert (first.draw, second.draw) == (1, 2)
