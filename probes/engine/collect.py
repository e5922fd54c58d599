"""Collecting evidence: a probe's draws on one model, taken until they decide."""

from __future__ import annotations

import math
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from importlib import import_module
from itertools import islice
from typing import Any

import numpy as np

from quizproof.probes.bench import Bench
from quizproof.probes.declaration import Draw, Measure, Probe
from quizproof.probes.draws import SHOWN_DRAWS, Map
from quizproof.probes.engine.evidence.code import Sources
from quizproof.probes.engine.evidence.record import Evidence
from quizproof.probes.engine.judging import judge_of, most_draws, nothing_more
from quizproof.probes.kinds.kind import Part
from quizproof.probes.models.passes import Passes
from quizproof.probes.models.precision import ieee_float32
from quizproof.probes.packs.installed import shipped
from quizproof.probes.packs.network import Network
from quizproof.probes.phase import phase
from quizproof.questions.problems import QuizproofError, one_line
from quizproof.questions.rules import MeasurementError
from quizproof.questions.spec import Question

OnDraw = Callable[[int], None]

_LATER_MAPS = 4_000_000  # bytes of a draw's maps, above which the first draw's alone are kept
_ROUNDING = 1e-6  # of a range's width


class ProbeError(QuizproofError):
    """A probe that did not give what it declares."""


def collect(
    question: Question,
    probe: Probe,
    bench: Bench,
    *,
    error: float = 0.01,
    draws: int = 1,
    on_draw: OnDraw = lambda draws: None,
) -> Evidence:
    """Draw until every option of ``question`` is decided, or what is left of ``max_draws`` is vain.

    It is where it could decide no option that is still open, and so the verdict is known.

    At least ``draws`` are made, where as many may be. ``error`` is the probability with which any
    decision may be wrong. Raises whatever the probe raises, and ProbeError for draws that are not
    what it declares. Numbers are rounded as IEEE float32, whatever the caller's torch is set to.
    """
    assert question.probe is not None
    parameters = probe.complete(question.probe.parameters)
    measures = probe.measures(question.probe.parameters)
    sampled = probe.draws_anew(parameters)
    judge = judge_of(question, probe, error)
    bench.count_anew()
    before = bench.rested_on()
    began = time.perf_counter()
    most = most_draws(question, probe)
    least = min(draws, most)
    drawn: list[Draw] = []
    passes: list[Passes] = []
    ended = True
    taken = bench.parts_of(probe, parameters).values()
    names = list(dict.fromkeys(name for those in taken for name in those))
    by_torch = _by_torch(probe)
    if by_torch and "torch" not in sys.modules:
        with phase("loading torch"):
            import_module("torch")
    with ieee_float32() if by_torch else nullcontext():
        run = bench.run(probe, parameters)
        for draw in islice(run, most):
            draw = unrounded(draw, measures)
            check_draw(draw, measures, probe, sampled=sampled)
            drawn.append(_kept(draw, drawn))
            passes.append(bench.rested_on() - before)
            judge.take(draw.values, draw.unsure)
            on_draw(len(drawn))
            if len(drawn) >= least and nothing_more(judge, most - len(drawn)):
                ended = False
                break
        if not sampled and next(run, None) is not None:
            raise ProbeError(
                f"probe {probe.name} is declared exact, and yields more than one draw; declare it "
                "stochastic=True"
            )
    if not drawn:
        raise ProbeError(f"probe {probe.name} gave no draw")
    used = [part for n in names if hasattr(part := bench.part(n), "passes")]
    network = "".join(_network(part, bench) for n in names if (part := bench.pack.parts.get(n)))
    return Evidence(
        draws=tuple(drawn),
        forward=tuple(p.forward for p in passes),
        backward=tuple(p.backward for p in passes),
        seconds=time.perf_counter() - began,
        model=" and ".join(model.description for model in used) + network,
        device=", ".join(sorted({str(model.device) for model in used})),
        ended=ended,
        of=_description(probe, parameters, bench),
    )


def reason_of(error: BaseException) -> str:
    """A line for the person who has to mend what went wrong."""
    if isinstance(error, QuizproofError):
        return str(error)
    if isinstance(error, MeasurementError):
        return f"{error}, by what was measured; mend the rule"
    frame = traceback.extract_tb(error.__traceback__)[-1]
    name = frame.filename.replace("\\", "/").rsplit("/", 1)[-1]
    return one_line(
        f"the probe raised {type(error).__name__}: {error} ({name}:{frame.lineno}); mend the probe"
    )


def _kept(draw: Draw, before: Sequence[Draw]) -> Draw:
    """Return ``draw`` as evidence keeps it after those ``before``: the first of all is whole."""
    if not before:
        return draw
    shown = len(before) < SHOWN_DRAWS and _bytes_of(before[0].maps) <= _LATER_MAPS
    return Draw(draw.values, draw.maps if shown else ())


def _bytes_of(maps: Sequence[Map]) -> int:
    return sum(4 * np.asarray(shown.values).size for shown in maps)


def _by_torch(probe: Probe) -> bool:
    """Return whether draws are torch's numbers; importing it takes seconds, and not all need it."""
    return any(part.takes_model for part in probe.parts.values()) or "torch" in sys.modules


def _description(probe: Probe, parameters: Mapping[str, Any], bench: Bench) -> str:
    given = ", ".join(f"{name}={value!r}" for name, value in parameters.items())
    return one_line(f"{probe.name}({given}) on {bench.pack.manifest.name}, seed {bench.seed}")


def _network(part: Part[Any], bench: Bench) -> str:
    """Return whose code a network is, where an installed package ships it."""
    if not isinstance(part.entry, Network) or (name := part.entry.architecture.callable) is None:
        return ""
    module = name.partition(":")[0]
    of, code = shipped(module, bench.pack.folder).distribution, Sources().of_module(module)
    return f" ({name} of {of}, code {code[:12]})"


def unrounded(draw: Draw, measures: Mapping[str, Measure]) -> Draw:
    """``draw`` with what rounding alone put outside its range at the end of it.

    A share or a cosine that is 1 may come out as the next float above 1.
    """

    def inside(name: str, value: Any) -> Any:
        known = measures.get(name)
        if known is None or known.categories is not None or not isinstance(value, float):
            return value
        nearest = min(max(value, known.low), known.high)
        rounded = abs(value - nearest) <= _ROUNDING * (known.high - known.low) < math.inf
        return nearest if rounded else value

    values = {name: inside(name, value) for name, value in draw.values.items()}
    if draw.unsure is None:
        return replace(draw, values=values)
    within = {
        name: (inside(name, low), inside(name, high))
        for name, (low, high) in draw.unsure.within.items()
    }
    return replace(draw, values=values, unsure=replace(draw.unsure, within=within))


def check_draw(draw: Draw, measures: Mapping[str, Measure], probe: Probe, *, sampled: bool) -> None:
    """Raise ProbeError for a draw, one of many if ``sampled``, that its probe does not declare."""
    if missing := measures.keys() - draw.values.keys():
        raise ProbeError(f"probe {probe.name} did not measure {', '.join(sorted(missing))}")
    if extra := draw.values.keys() - measures.keys():
        raise ProbeError(f"probe {probe.name} does not declare {', '.join(sorted(extra))}")
    for name, measure_ in measures.items():
        value = draw.values[name]
        if measure_.categories is not None:
            if not isinstance(value, str) or value not in (measure_.categories or (value,)):
                raise ProbeError(f"probe {probe.name}: {name} is {value!r}, no known category")
        elif isinstance(value, str) or not math.isfinite(value):
            raise ProbeError(f"probe {probe.name}: {name} is {value!r}, not a finite number")
        elif not measure_.low <= value <= measure_.high:
            raise ProbeError(
                f"probe {probe.name}: {name} is {value:g}, outside its range "
                f"[{measure_.low:g}, {measure_.high:g}]"
            )
    within = {} if draw.unsure is None else draw.unsure.within
    if within and sampled:
        raise ProbeError(f"probe {probe.name} is unsure of a draw, which only exact ones may be")
    for name, (low, high) in within.items():
        known = draw.values.get(name)
        if not isinstance(known, int | float) or not -math.inf < low <= known <= high < math.inf:
            raise ProbeError(
                f"probe {probe.name}: {name} is {known!r}, which is not from {low:g} to {high:g}"
            )
