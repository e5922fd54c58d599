"""What to do is advised only where it can help."""

from __future__ import annotations

from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.results import Outcome, State
from quizproof.reports.advice import advice
from quizproof.reports.summary import summary_text
from tests.reports.runs import measured, result, run


def test_no_draws_settle_what_models_differ_on() -> None:
    one = {"a": Finding(True, (1, 1, 1)), "b": Finding(False, (-1, -1, -1))}
    other = {"a": Finding(False, (-1, -1, -1)), "b": Finding(True, (1, 1, 1))}
    for models, said in (((one, other), "about: model"), ((one, one), "allow more draws")):
        made = measured(models=models, more_could_decide=True)
        told = advice(result(State.UNDECIDED, measurement=made, finding=Outcome.OPEN))
        assert told is not None
        assert said in told.en


def test_what_failed_is_mended_in_the_question_s_file() -> None:
    failed = result(State.FAILED, measurement=None, probe_at="quiz/q01.yaml:5")
    told = summary_text(run(failed), ())
    assert "to do: mend what the reason names: quiz/q01.yaml:5\n" in told
