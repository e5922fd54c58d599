"""``python -m quizproof.probes.embedded.language``: write, train and check the language models."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from quizproof.probes.embedded.language.language_part import build
from quizproof.probes.packs.pack import EMBEDDED


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when everything is written."""
    parser = argparse.ArgumentParser(
        prog="python -m quizproof.probes.embedded.language",
        description="Write the sentences, train the models, write the pack's language part.",
    )
    parser.add_argument("--out", type=Path, default=EMBEDDED, help="the pack's folder")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other sentences (0)")
    given = parser.parse_args(arguments)
    if given.seed < 0:
        parser.error("--seed must be 0 or more")
    build(given.out, given.seed, log=partial(print, flush=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
