"""The JSON Schemas of what ``--json`` writes: ``python -m quizproof.reports.schema``."""
