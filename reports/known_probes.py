"""The probes a command can use, with a line for those that cannot be loaded."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from quizproof.probes.catalogue import catalogue, unloadable
from quizproof.probes.probe import Probe


def known_probes() -> Mapping[str, Probe]:
    """The catalogue; says on standard error which distributions' probes are missing from it."""
    probes = catalogue()
    for name, why in unloadable().items():
        print(
            f"the probes of '{name}' cannot be loaded ({why}); mend or uninstall it",
            file=sys.stderr,
        )
    return probes
