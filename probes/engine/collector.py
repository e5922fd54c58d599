"""Evidence made in this process: models are loaded once, and what is read is watched."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import OWN, loaded
from quizproof.probes.declaration import Probe
from quizproof.probes.engine.collect import OnDraw, ProbeError, collect
from quizproof.probes.engine.events import Event
from quizproof.probes.engine.evidence.key import (
    CALLABLE,
    code_of_network,
    evidence_key,
    this_machine,
)
from quizproof.probes.engine.evidence.record import Evidence
from quizproof.probes.engine.opened_files import opened_files, started_processes, undeclared
from quizproof.probes.engine.plan import Plan
from quizproof.probes.packs.named_files import named_file
from quizproof.probes.packs.pack import DigestError, Pack, sha256
from quizproof.probes.part_types import kind_of
from quizproof.questions.spec import Question

_KEPT = 512 << 20  # bytes of weights of random networks that are kept from question to question


@dataclass(frozen=True)
class Wanted:
    """The evidence that is wanted of a question on one model."""

    question: Question
    parameters: Mapping[str, Any]  # of its probe, complete
    randomized: int | None  # the network's number; None: the pack's own weights
    error: float  # with which what it decides may be wrong
    key: str  # that it will be known by
    owner: str  # the distribution of its probe
    once: bool = False  # nobody asks for this network again: its models need not be kept


# Makes the evidence that is wanted, and yields what happens meanwhile
Collect: TypeAlias = Callable[[Wanted], Generator[Event, None, Evidence]]


class Collector:
    """Makes evidence of one plan's questions, one after another."""

    def __init__(self, plan: Plan) -> None:
        """Raises QuizproofError for a pack that is wrong, or not the one that was planned with."""
        self.plan = plan
        self.pack = opened_pack(plan)
        self.benches: dict[int | None, Bench] = {}

    def evidence(self, wanted: Wanted, on_draw: OnDraw = lambda draws: None) -> Evidence:
        """Return evidence that rests on nothing but what its key names.

        Raises what ``collect`` raises, DigestError, and ProbeError for any other file that was
        opened, or where the code or a file changed meanwhile.
        """
        assert wanted.question.probe is not None
        probe = loaded(wanted.question.probe.name, wanted.owner, self.plan.beside)
        bench = self._bench(wanted.randomized)
        began = time.time()
        with opened_files() as opened, started_processes() as started:
            evidence = collect(
                wanted.question,
                probe,
                bench,
                error=wanted.error,
                draws=self.plan.draws,
                on_draw=on_draw,
            )
            self.pack.check_unchanged()
            others = self._of_others(wanted, probe, bench)
            if not probe.draws_anew(wanted.parameters) and (wanted.owner != OWN or others):
                self._made_twice(wanted, probe, evidence, others)
        self.pack.check_unchanged()
        named = probe.files(wanted.parameters)
        given = [named_file(name, self.pack.folder, self.plan.folder) for name in named]
        if unknown := undeclared(opened, [*self.pack.opened, *given], since=began):
            raise ProbeError(
                f"probe {probe.name} opened {unknown[0]}, which nothing declares; name it in a "
                "parameter of type File, and put it into the pack or beside the quiz"
            )
        key = evidence_key(
            probe,
            wanted.parameters,
            self.pack,
            randomized=wanted.randomized,
            seed=self.plan.seed,
            made_with=this_machine(),
            quiz=self.plan.folder,
        )
        # what was read, and not what lies there by now
        read = [bench.given.get(name) for name in named]
        if key != wanted.key or any(
            digest not in (None, sha256(path)) for digest, path in zip(read, given, strict=True)
        ):
            raise ProbeError(
                f"the code of probe {probe.name}, or a file that it is given, changed while it "
                "was measuring; run it again"
            )
        if wanted.once and any(kind_of(part) != "classifier" for part in bench.models):
            self._let_go(wanted.randomized)
        if started and (wanted.owner != OWN or others):
            return replace(evidence, started=started[0])
        return evidence

    def _of_others(self, wanted: Wanted, probe: Probe, bench: Bench) -> str:
        """The function of an installed package that makes a network ``probe`` looks at; or ""."""
        taken = bench.parts_of(probe, wanted.parameters).values()
        codes = (code_of_network(self.pack.part(name)) for names in taken for name in names)
        return next(filter(None, codes), "").removeprefix(CALLABLE)

    def _made_twice(self, wanted: Wanted, probe: Probe, evidence: Evidence, others: str) -> None:
        """See that what is exact, and rests on code of others, comes out the same again.

        The models are those that there are, and nothing else is remembered. Raises ProbeError.
        """
        bench = Bench(
            pack=self.pack,
            seed=self.plan.seed,
            randomized=wanted.randomized,
            quiz=self.plan.folder,
            loaded=self._bench(wanted.randomized).loaded,
        )
        again = collect(wanted.question, probe, bench, error=wanted.error).draws[0].values
        for name, value in evidence.draws[0].values.items():
            other = again[name]
            if isinstance(value, str) or isinstance(other, str):
                same = value == other
            else:
                same = math.isclose(value, other, rel_tol=1e-9, abs_tol=probe.tolerance)
            if same:
                continue
            measured = f"measured {name} as {value!r} and then as {other!r}"
            if wanted.owner == OWN:
                raise ProbeError(
                    f"probe {probe.name}, which is exact, {measured} on the network of "
                    f"{others}; have noise and dropout there in training alone "
                    "(self.training)"
                )
            raise ProbeError(
                f"probe {probe.name} is declared exact, and {measured}; take what is random from "
                "bench.fixed_seed, or declare it stochastic=True"
            )

    def _let_go(self, randomized: int | None) -> None:
        """Keep a random network for other questions while all of them are small.

        Several large language models would fill the memory, and so would what they have read.
        """
        random = [bench for number, bench in self.benches.items() if number is not None]
        if sum(bench.weight_bytes for bench in random) <= _KEPT:
            self.benches[randomized].forget()
        else:
            del self.benches[randomized]

    @property
    def passes(self) -> int:
        """Number of passes so far, forward and backward; another thread may ask."""
        made = [bench.made for bench in list(self.benches.values())]
        return sum(passes.forward + passes.backward for passes in made)

    def _bench(self, randomized: int | None) -> Bench:
        if randomized not in self.benches:
            self.benches[randomized] = Bench(
                self.pack, self.plan.seed, randomized, self.plan.folder
            )
        return self.benches[randomized]


def in_this_process(collector: Collector) -> Collect:
    """Have evidence made by ``collector``, as it would be by another process."""

    def collect(wanted: Wanted) -> Generator[Event, None, Evidence]:
        yield from ()
        return collector.evidence(wanted)

    return collect


def opened_pack(plan: Plan) -> Pack:
    """The plan's pack. Raises QuizproofError for one that is wrong, or another than was planned."""
    pack = Pack(plan.pack)
    if plan.digest not in (None, pack.digest):
        raise DigestError(f"{plan.pack} was changed while it was being read; run it again")
    return pack
