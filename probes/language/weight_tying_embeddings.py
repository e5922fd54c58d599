"""What a model's output matrix is to its input embedding."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Measure, category, probe
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import CausalLM
    from quizproof.probes.bench import Bench

_WEIGHT = Text(en="weight", zh_hant="權重")
_PARAMETERS = Text(en="parameters", zh_hant="個參數")


@probe(
    "weight_tying.embeddings",
    finding=Text(
        en=(
            "The output matrix and the input embedding are one and the same parameter: {tied}. "
            "They differ by at most {difference}, and their product EᵀU differs from the "
            "identity by at most {from_inverse}. The model has {parameters} parameters; with two "
            "matrices of their own it would have {parameters_apart}."
        ),
        zh_hant=(
            "輸出矩陣與輸入 embedding 是否為同一個參數：{tied}。兩者至多相差 {difference}，兩者之"
            "積 EᵀU 與單位矩陣至多相差 {from_inverse}。模型有 {parameters} 個參數；若兩個矩陣各自"
            "獨立，則有 {parameters_apart} 個。"
        ),
    ),
    tolerance=1e-6,
    measures=(
        category(
            "tied",
            ("yes", "no"),
            Text(
                en=(
                    "answer to whether the output matrix and the input embedding are one parameter "
                    "(yes or no)"
                ),
                zh_hant="輸出矩陣與輸入 embedding 是否為同一個參數（yes、no）",
            ),
        ),
        Measure(
            "difference",
            _WEIGHT,
            0,
            math.inf,
            Text(
                en="largest difference between the output matrix and the input embedding",
                zh_hant="輸出矩陣與輸入 embedding 之間的最大差",
            ),
        ),
        Measure(
            "from_inverse",
            _WEIGHT,
            0,
            math.inf,
            Text(
                en="largest difference of the two matrices' product, EᵀU, from the identity",
                zh_hant="兩者之積 EᵀU 與單位矩陣之間的最大差",
            ),
        ),
        Measure(
            "parameters",
            _PARAMETERS,
            1,
            math.inf,
            Text(
                en="parameters of the model, each counted once",
                zh_hant="模型的參數數目，每個只算一次",
            ),
        ),
        Measure(
            "parameters_apart",
            _PARAMETERS,
            1,
            math.inf,
            Text(
                en=(
                    "parameters that the model would have if the two matrices were parameters of "
                    "their own"
                ),
                zh_hant="若兩個矩陣各為獨立參數時的參數數目",
            ),
        ),
    ),
    example="""
    kind: single
    points: 1
    about: architecture
    because: whether the output matrix is the input embedding is in the architecture
    prompt: Which matrix gives the logits?
    probe: {name: weight_tying.embeddings}
    options:
      a: {text: The input embedding, rule: tied == 'yes'}
      b: {text: One of its own, rule: tied == 'no'}
    expected: [a]
    """,
)
def weight_tying_embeddings(bench: Bench, *, model: CausalLM) -> Iterator[Draw]:
    """The matrix that gives the logits, U, against the input embedding, E, a row a token each.

    Many models share one (Press & Wolf 2017). Where U undid E, EᵀU would be the identity. An error
    where the two have different shapes, or there is no such matrix. No text goes through the model.
    """
    import torch

    given, out = model.net.get_input_embeddings(), model.net.get_output_embeddings()
    if out is None or given.weight.shape != out.weight.shape:
        raise QuizproofError(
            f"{model.description} has no output matrix of its input embedding's shape; "
            "take a model that has"
        )
    one, two = given.weight.double(), out.weight.double()
    tied = given.weight.data_ptr() == out.weight.data_ptr()
    counted = sum(parameter.numel() for parameter in model.net.parameters())
    identity = torch.eye(one.shape[1], dtype=torch.float64, device=one.device)
    yield Draw(
        {
            "tied": "yes" if tied else "no",
            "difference": float((one - two).abs().max()),
            "from_inverse": float((one.T @ two - identity).abs().max()),
            "parameters": counted,
            "parameters_apart": counted + (out.weight.numel() if tied else 0),
        }
    )
