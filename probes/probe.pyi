# For type checkers: `quizproof.probes` gives this name to `declaration` where it runs.
from quizproof.probes.declaration import *  # noqa: F403
