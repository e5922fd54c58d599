"""The JSON Schemas of the quiz files, for editors: ``python -m quizproof.questions.schema``."""
