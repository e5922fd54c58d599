"""``python -m quizproof`` is the command ``quizproof``."""

import sys

from quizproof.reports.cli import main

if __name__ == "__main__":
    sys.exit(main())
