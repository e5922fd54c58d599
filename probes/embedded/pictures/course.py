"""The classifier of the course that the embedded pack stands in for, and its regions' names."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import quizproof.questions
from quizproof.probes.packs.course_file import read_course
from quizproof.probes.packs.drawn_regions import read_regions

_QUIZ: Final = Path(quizproof.questions.__file__).parent / "hw09"
_COURSE: Final = read_course(_QUIZ)
_REGIONS: Final = _COURSE.pictures["pictures"].regions

CLASSIFIER: Final = _COURSE.classifiers["classifier"]
REGION_NAMES: Final = {} if _REGIONS is None else read_regions(_QUIZ / _REGIONS).names
