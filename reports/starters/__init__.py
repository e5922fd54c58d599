"""What `quizproof new` makes, a file per subject: its probe, the probe's test, its questions."""
