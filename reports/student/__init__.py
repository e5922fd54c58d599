"""``quizproof check``: a student's own answers, without the key."""
