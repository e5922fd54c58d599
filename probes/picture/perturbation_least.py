"""Least size of a perturbation that changes a classifier's answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Count, Index, Name, Times
from quizproof.probes.probe import Draw, Map, Measure, Unsure, category, probe, word
from quizproof.probes.units import GREY_LEVELS, PROBABILITY, SHARE
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

_TIED = 1e-6  # logits nearer than this are the same


@probe(
    "perturbation.least",
    finding=Text(
        en=(
            "Moving each value of picture {picture} along the gradient's sign, by up to {most} of "
            "255, gives the answer that is sought: {reached}. Moved by {least} it is “{becomes}”, "
            "at {confidence}; of {random} random perturbations as large, a share of {by_chance} "
            "changes the answer."
        ),
        zh_hant=(
            "把圖片 {picture} 的每個值沿梯度正負號移動，最多 {most}（滿分 255），"
            "是否得到所求的答案：{reached}。移動 {least} 時答案為「{becomes}」（機率 "
            "{confidence}）；同樣大小的 {random} 個隨機擾動中，改變答案的比例為 {by_chance}。"
        ),
    ),
    measures=(
        Measure(
            "least",
            GREY_LEVELS,
            0,
            255,
            Text(
                en=(
                    "least amount, of 0 to 255, by which every value is moved until the answer "
                    "changes"
                ),
                zh_hant="要讓答案改變，每個值（0 到 255）至少要移動多少",
            ),
        ),
        category(
            "reached",
            ("yes", "no"),
            Text(
                en="a size up to the largest that is tried gives the answer sought (yes or no)",
                zh_hant="在所試的最大幅度以內是否得到所求的答案（yes 或 no）",
            ),
        ),
        category(
            "answer",
            ("same", "other"),
            Text(
                en=(
                    "likeliest class for the moved picture, against the one before (same or other)"
                ),
                zh_hant="移動後機率最高的類別與移動前是否相同（same 或 other）",
            ),
        ),
        word(
            "becomes",
            Text(
                en="likeliest class for the moved picture",
                zh_hant="移動後的圖片中機率最高的類別",
            ),
        ),
        Measure(
            "confidence",
            PROBABILITY,
            0,
            1,
            Text(
                en="probability of the likeliest class for the moved picture",
                zh_hant="移動後的圖片中最高類別的機率",
            ),
        ),
        Measure(
            "by_chance",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of random perturbations of the same size that change the answer as well"
                ),
                zh_hant="同樣大小的隨機擾動中，也改變答案的比例",
            ),
        ),
    ),
    tolerance=0.02,
    example="""
        kind: single
        points: 1
        about: model
        prompt: Can the answer for picture 1 be changed by less than 4 of 255 grey levels?
        probe: {name: perturbation.least, with: {picture: 1, most: 32, random: 16}}
        options:
          a: {text: It can, rule: least < 4}
          b: {text: It cannot, rule: least >= 4}
        expected: [a]
    """,
)
def perturbation_least(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    most: Count,
    random: Times,
    target: Name | None = None,
) -> Iterator[Draw]:
    """Least size of a fast gradient sign perturbation that changes the network's answer.

    Every value is moved by the same ε along the sign of the loss's gradient (Goodfellow, Shlens &
    Szegedy 2015): away from the network's own answer, or towards ``target``, and then the answer
    has to become that class. Sizes are tried in 64 steps up to ``most`` grey levels, and the first
    that works is made exact by bisection. Beside it, ``random`` draws of signs of the same size by
    the toss of a coin. Where none works up to ``most``, ``reached`` is no and the least is
    unsure: as much or more.
    """
    import torch

    from quizproof.probes.methods.gradient_sign import by_chance, least_size, search
    from quizproof.probes.methods.ranking import likeliest
    from quizproof.probes.models.view import View

    if most > 255:
        raise QuizproofError(f"most is {most} grey levels, and there are 255; ask for fewer")
    view = View(bench, model, photos)
    answer = likeliest(view.logits(picture), _TIED, "classes")
    wanted = None if target is None else model.class_called(target)
    if wanted == answer:
        raise QuizproofError(
            f"{target} is what picture {picture} is taken for as it is; name another target"
        )
    asked = search(model, view.picture(picture), answer, wanted)
    found = least_size(asked, most / 255)
    size = most / 255 if found is None else found
    moved = asked.at(torch.tensor([size], dtype=torch.float64))
    with torch.no_grad():
        then = model(moved)[0].double().cpu()
    second = int(then.argmax())
    more = Text(
        en=f"no size up to {most} grey levels changes it",
        zh_hant=f"{most} 個灰階以內都沒有改變答案",
    )
    yield Draw(
        {
            "least": 255 * size,
            "reached": "no" if found is None else "yes",
            "answer": "same" if second == answer else "other",
            "becomes": model.class_name(second),
            "confidence": float(then.softmax(0)[second]),
            "by_chance": by_chance(asked, size, random, bench.fixed_seed),
        },
        (
            Map(
                Text(en="the moved picture", zh_hant="移動後的圖片"),
                moved[0].permute(1, 2, 0).cpu().numpy(),
                picture=picture,
            ),
            Map(
                Text(en="what was added, summed over colours", zh_hant="加上的擾動（各色相加）"),
                (moved[0] - asked.picture).sum(dim=0).cpu().numpy(),
                picture=picture,
                signed=True,
            ),
        ),
        unsure=Unsure({"least": (255 * size, 255)}, more) if found is None else None,
    )
