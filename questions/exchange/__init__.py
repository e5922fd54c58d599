"""Quizzes of other systems: a writer and a reader for each form, and what it cannot hold."""
