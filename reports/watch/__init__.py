"""``quizproof baseline`` and ``regress``: what moved since."""
