"""``--about pictures``: what is done to a picture."""

from __future__ import annotations

from typing import Final

from quizproof.reports.starters.starter import Starter

STARTER: Final = Starter(
    title="Pictures and a classifier",
    probes='''\
"""Probes of this quiz's own."""

from quizproof.probes import Draw, Map, Measure, probe


def blurred(picture, width):
    """Each pixel's mean with its ``width`` neighbours along a row; the row goes round."""
    import numpy as np

    return sum(np.roll(picture, k, axis=1) for k in range(width)) / width


@probe(
    "own.blur",
    measures=(
        Measure("contrast", "share", 0, 1, "share of the stripes' contrast that is left"),
    ),
    finding="A blur over {width} pixels leaves a share of {contrast} of the contrast.",
    tolerance=1e-6,
)
def contrast_after_blur(bench, *, stripe: int, width: int):
    """How much contrast of stripes is left after a blur along the rows."""
    import numpy as np

    picture = np.tile(np.arange(64) // stripe % 2, (64, 1)).astype(float)
    left = blurred(picture, width)
    shown = Map("Stripes, blurred", left.astype(np.float32))
    yield Draw({"contrast": float(left.max() - left.min())}, maps=(shown,))
''',
    test='''\
"""The probe tells what it should, and each option can be the right one."""

from pathlib import Path

import probes
import pytest
from quizproof.probes.testing import draws_of, options_that_hold

QUESTION = Path(__file__).parent / "q02.yaml"


@pytest.mark.parametrize(("width", "left"), [(1, 1.0), (8, 0.0), (6, 1 / 3)])
def test_contrast(width: int, left: float) -> None:
    [draw] = draws_of(probes.contrast_after_blur, stripe=4, width=width)
    assert draw.values["contrast"] == pytest.approx(left)


def test_each_option_can_hold() -> None:
    assert options_that_hold(QUESTION) == {"b"}
    assert options_that_hold(QUESTION, width=1) == {"a"}
''',
    right="""\
kind: single
points: 1
about: method  # any model of the layout settles it
prompt: Which kind of layer sees the picture first?
probe: {name: network.layer_type, with: {layer: cnn.0}}
options:
  a: {text: A convolution, rule: layer_type == 'Conv2d'}
  b: {text: A pooling layer, rule: layer_type == 'MaxPool2d'}
  c: {text: A linear layer, rule: layer_type == 'Linear'}
expected: [a]
""",
    wrong="""\
kind: single
points: 1
about: method
prompt: Stripes are 4 pixels wide. Is their contrast left after a blur over 8 pixels?
probe: {name: own.blur, with: {stripe: 4, width: 8}}
options:
  a: {text: Most of it, rule: contrast > 0.5}
  b: {text: Little or nothing, rule: contrast <= 0.5}
# this key is wrong on purpose: quizproof verify contradicts it, and says where to mend it
expected: [a]
""",
)
