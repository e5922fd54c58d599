"""The probes a command can use, with a line for those that cannot be loaded."""

from __future__ import annotations

from collections.abc import Mapping

from quizproof.probes.catalogue import catalogue, unloadable
from quizproof.probes.probe import Probe
from quizproof.reports.telling import complain


def known_probes() -> Mapping[str, Probe]:
    """The catalogue; says on standard error which distributions' probes are missing from it."""
    probes = catalogue()
    for name, why in unloadable().items():
        complain(f"the probes of '{name}' cannot be loaded ({why}); mend or uninstall it")
    return probes
