"""Likeness of pictures as a layer of the classifier represents them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

from quizproof.probes.parameters import Indices, Name
from quizproof.probes.probe import Draw, Matrix, Measure, probe, word
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

Places: TypeAlias = Literal["mean", "all"]
_COSINE = Text(en="cosine", zh_hant="餘弦")
_TIED = 1e-6  # cosines nearer than this are the same


@probe(
    "embedding.similarity",
    finding=Text(
        en=(
            "At {layer}, the pictures before each colon have these cosines to the first picture: "
            "{cosine_{item}}. Nearest to it is picture {nearest}."
        ),
        zh_hant=(
            "在 {layer}，冒號前的圖片與第一張的餘弦相似度為 {cosine_{item}}；最相近的是圖片 "
            "{nearest}。"
        ),
    ),
    measures=(
        Measure(
            "cosine_{item}",
            _COSINE,
            -1,
            1,
            Text(
                en="cosine similarity of the picture's embedding to the first picture's",
                zh_hant="該圖片的 embedding 與第一張圖片的餘弦相似度",
            ),
            each="pictures",
        ),
        word(
            "nearest",
            Text(
                en="number of the picture whose embedding is nearest to the first picture's",
                zh_hant="embedding 與第一張最相近的圖片編號",
            ),
        ),
    ),
    tolerance=1e-5,
    example="""
        kind: single
        points: 1
        about: model
        prompt: Which picture is nearer to picture 0 in the last convolution's embedding?
        probe:
          name: embedding.similarity
          with: {pictures: [0, 1, 2], layer: cnn.34, places: mean}
        options:
          a: {text: Picture 1, rule: cosine_1 > cosine_2}
          b: {text: Picture 2, rule: cosine_2 > cosine_1}
        expected: [a]
    """,
)
def embedding_similarity(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    pictures: Indices,
    layer: Name,
    places: Places,
) -> Iterator[Draw]:
    """Cosine of pictures' embeddings at a layer to that of the first, and which is nearest to it.

    An embedding is what the ``layer`` gives: each channel's ``mean`` over places, which does not
    say where something is, or ``all`` of it (Zhang et al. 2018, "The unreasonable effectiveness of
    deep features"). Raises FilterError for a layer that gives none, QuizproofError for one of
    length 0.
    """
    import torch

    from quizproof.probes.methods.units import embeddings
    from quizproof.probes.models.view import View

    if len(pictures) < 2:
        raise QuizproofError("one picture is like no other; name two or more")
    view = View(bench, model, photos)

    def embedded(number: int) -> torch.Tensor:
        shown = view.picture(number)[None]
        key = "embedded", layer, places, number
        mean = places == "mean"
        return view.once(key, lambda: embeddings(model, layer, shown, mean=mean)[0])

    found = torch.stack([embedded(number) for number in pictures])
    lengths = found.norm(dim=1)
    if not lengths.all():
        number = pictures[int(lengths.argmin())]
        raise QuizproofError(f"layer {layer} gives 0 all over for picture {number}; name another")
    unit = found / lengths[:, None]
    cosines = (unit @ unit.T).clamp(-1, 1)
    others = cosines[0, 1:]
    best = others.topk(min(2, len(others))).values
    if len(best) > 1 and not float(best[0] - best[1]) > _TIED:
        raise QuizproofError("two pictures are equally near to the first; name others")
    names = [f"cosine_{number}" for number in pictures]
    labels = tuple(str(number) for number in pictures)
    yield Draw(
        {
            **dict(zip(names, cosines[0].tolist(), strict=True)),
            "nearest": labels[1 + int(others.argmax())],
        },
        matrices=(
            Matrix(
                Text(en="cosines of embeddings", zh_hant="embedding 的餘弦相似度"),
                cosines.float().numpy(),
                rows=labels,
                columns=labels,
                row_name=Text(en="picture", zh_hant="圖片"),
                column_name=Text(en="picture", zh_hant="圖片"),
                signed=True,
            ),
        ),
    )
