"""What probes of interventions share: the word that is scored, and parts by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from quizproof.probes.probe import Matrix
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes.bench import Bench
    from quizproof.probes.methods.word_score import Score
    from quizproof.probes.models.asked_word import AskedWord
    from quizproof.probes.models.interventions import Part, Replacement
    from quizproof.probes.models.language_models import LanguageModel
    from quizproof.probes.models.layer_parts import LayerParts
    from quizproof.probes.models.tokens import Tokens

UNIT: Final = Text(en="unit of the score", zh_hant="分數的單位")


@dataclass(frozen=True)
class Scored:
    """A word that a model is asked about, and how much it is for it under interventions."""

    bench: Bench
    model: LanguageModel
    score: Score
    word: AskedWord
    against: int | None

    def before(self, tokens: Tokens | None = None) -> float:
        """The score where nothing is replaced, of other ``tokens`` where they are given."""
        logits = self.model.read(tokens or self.word.tokens).logits
        if logits is None:
            raise QuizproofError(
                f"{self.model.description} has no head that makes logits; "
                "take a causal model, or one saved as …ForMaskedLM"
            )
        return self._of(logits)

    def after(self, by: Mapping[Part, Replacement]) -> float:
        """The score where each part of ``by`` gives something else: a pass."""
        from quizproof.probes.models.interventions import replaced

        return self._of(replaced(self.model, self.parts, self.word.tokens, by).logits[0])

    @property
    def parts(self) -> Sequence[LayerParts]:
        """The parts of each layer."""
        from quizproof.probes.models.layer_parts import layer_parts

        return self.bench.once(("layer parts", self.model), lambda: layer_parts(self.model))

    def _of(self, logits: Tensor) -> float:
        from quizproof.probes.methods.word_score import word_score

        row = logits[self.word.place].cpu()
        return word_score(row, self.score, self.word.token, self.against)


def scored(
    bench: Bench,
    model: LanguageModel,
    *,
    prompt: str,
    word: str,
    against: str | None,
    masked: str | None,
    score: Score,
) -> Scored:
    """``word`` after ``prompt``, or in the place of ``masked``. Raises QuizproofError."""
    from quizproof.probes.models.asked_word import asked_word

    if (score == "logit_difference") != (against is not None):
        mend = "name the other word, as against:" if against is None else "leave 'against' out"
        raise QuizproofError(f"a {score} is of {'one word' if against else 'two words'}; {mend}")
    other = None if against is None else asked_word(model, prompt, against, masked).token
    return Scored(bench, model, score, asked_word(model, prompt, word, masked), other)


def places(tokens: Tokens, at: str | None) -> Sequence[int] | None:
    """The places of the tokens of the word ``at``; None, for all, where it is None."""
    return None if at is None else tokens.places(at)


def effects(title: Text, columns: Mapping[str, Sequence[float]], parts: Sequence[str]) -> Matrix:
    """A table of what became of the score, a row for each of ``parts``."""
    import numpy as np

    return Matrix(
        title,
        np.array(list(columns.values()), np.float32).T,
        rows=tuple(parts),
        columns=tuple(columns),
        row_name=Text(en="part", zh_hant="部分"),
        column_name=Text(en="effect", zh_hant="影響"),
        signed=True,
    )
