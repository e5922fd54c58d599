"""``python -m quizproof.probes.embedded.pictures``: draw, train and write the embedded pack."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from quizproof.probes.embedded.pictures.picture_part import (
    EPOCHS,
    SCENES,
    NotGoodEnoughError,
    build,
)
from quizproof.probes.packs.pack import EMBEDDED


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when the pack is written, 1 when the classifier is not good enough for it."""
    parser = argparse.ArgumentParser(
        prog="python -m quizproof.probes.embedded.pictures",
        description="Draw the scenes, train the classifier, write the embedded pack.",
    )
    parser.add_argument("--out", type=Path, default=EMBEDDED, help="the pack's folder")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other scenes (0)")
    parser.add_argument("--scenes", type=int, default=SCENES, help=f"to train on ({SCENES})")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help=f"of training ({EPOCHS})")
    given = parser.parse_args(arguments)
    if given.seed < 0 or given.scenes < 1 or given.epochs < 1:
        parser.error("--seed must be 0 or more, --scenes and --epochs 1 or more")
    try:
        build(given.out, given.seed, given.scenes, given.epochs, partial(print, flush=True))
    except NotGoodEnoughError as shortfall:
        print(f"not good enough for a pack: {shortfall}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
