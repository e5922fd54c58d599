"""``quizproof grade``: the points of a class, and what they say of the questions."""
