"""Answer of a unit to pictures, and to one that is made to excite it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Index, Indices, Name, Times
from quizproof.probes.probe import Draw, Map, Measure, probe, word
from quizproof.probes.units import PROBABILITY
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

_ACTIVATION = Text(en="activation", zh_hant="activation")
_GREY, _SPREAD = 0.5, 0.01  # of the noise that it begins from, so that it begins as no picture
_RATE = 0.02  # how far a step of Adam moves a value of 0–1


@probe(
    "unit.excitation",
    finding=Text(
        en=(
            "Unit {unit} of {layer} answers so much to the pictures before each colon: "
            "{activation_{item}}. To the one made to excite it, it answers {activation_made}; "
            "the network takes that one for “{likeliest_made}”, its probability {confidence_made}."
        ),
        zh_hant=(
            "{layer} 的第 {unit} 個單元對冒號前各圖片的 activation 為 {activation_{item}}，對特地"
            "做出的圖片為 {activation_made}；網路認為後者是「{likeliest_made}」（機率 "
            "{confidence_made}）。"
        ),
    ),
    measures=(
        Measure(
            "activation_{item}",
            _ACTIVATION,
            -math.inf,
            math.inf,
            Text(
                en="activation of the unit by the picture; mean over places",
                zh_hant="該圖片對這個單元的 activation（各位置平均）",
            ),
            each="pictures",
        ),
        Measure(
            "activation_noise",
            _ACTIVATION,
            -math.inf,
            math.inf,
            Text(
                en="activation of the unit by the noise that the made picture starts from",
                zh_hant="起始雜訊對這個單元的 activation",
            ),
        ),
        Measure(
            "activation_made",
            _ACTIVATION,
            -math.inf,
            math.inf,
            Text(
                en="activation of the unit by the picture made to excite it",
                zh_hant="特地做出的圖片對這個單元的 activation",
            ),
        ),
        Measure(
            "confidence_made",
            PROBABILITY,
            0,
            1,
            Text(
                en=("probability of the likeliest class for the picture made to excite the unit"),
                zh_hant="特地做出的圖片中最高類別的機率",
            ),
        ),
        word(
            "likeliest_made",
            Text(
                en="likeliest class for the picture made to excite the unit",
                zh_hant="特地做出的圖片機率最高的類別",
            ),
        ),
    ),
    tolerance=0.05,
    example="""
        kind: single
        points: 1
        about: model
        prompt: Does a made picture excite channel 3 of cnn.34 more than pictures 0 and 1?
        probe: {name: unit.excitation, with: {layer: cnn.34, unit: 3, pictures: [0, 1], steps: 50}}
        options:
          a: {text: It does, rule: 'activation_made > max(activation_0, activation_1)'}
          b: {text: It does not, rule: 'activation_made <= max(activation_0, activation_1)'}
        expected: [a]
    """,
)
def unit_excitation(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    layer: Name,
    unit: Index,
    pictures: Indices,
    steps: Times,
) -> Iterator[Draw]:
    """Activation of a unit by pictures, and by one made from noise by gradient ascent to excite it.

    A ``unit`` is a channel of a ``layer`` that has places, a number of one that has none, such as a
    class's logit. Activation maximisation (Erhan, Bengio, Courville & Vincent 2009): ``steps``
    steps of Adam, each value kept from 0 to 1, from grey with a little noise that is the same in
    every run. What comes of many steps hangs on rounding: compare it with what is far. Raises
    FilterError for a unit that is not there.
    """
    import torch

    from quizproof.probes.methods import units
    from quizproof.probes.methods.filters import ascended
    from quizproof.probes.models.view import View

    view = View(bench, model, photos)
    with torch.no_grad():
        found = torch.cat(
            [units.unit(model, layer, unit, view.picture(number)[None]) for number in pictures]
        ).tolist()
    noise = torch.randn(
        (1, 3, *model.size), generator=torch.Generator().manual_seed(bench.fixed_seed)
    )
    start = (_GREY + _SPREAD * noise).clamp(0, 1).to(model.device)

    def answer(changed: Tensor) -> Tensor:
        return units.unit(model, layer, unit, changed).sum()

    made = view.once(
        ("excited", layer, unit, steps),
        lambda: ascended(start, answer, steps, _RATE, within=(0, 1)),
    )
    with torch.no_grad():
        before, after = (float(answer(each)) for each in (start, made))
        probabilities = model(made)[0].double().softmax(0)
    yield Draw(
        {
            **{f"activation_{n}": value for n, value in zip(pictures, found, strict=True)},
            "activation_noise": before,
            "activation_made": after,
            "confidence_made": float(probabilities.max()),
            "likeliest_made": model.class_name(int(probabilities.argmax())),
        },
        (
            Map(
                Text(
                    en=f"made to excite unit {unit} of {layer}",
                    zh_hant=f"為激發 {layer} 的第 {unit} 個單元而做的圖片",
                ),
                made[0].permute(1, 2, 0).cpu().numpy(),
            ),
        ),
    )
