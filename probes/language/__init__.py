"""Probes that look at a language model reading sentences. Importing this declares them."""

from quizproof.probes.language import (
    embedding_output_factors,
    head_functions,
    masked_prediction,
    masked_word_neighbours,
    pronoun_attention,
    reading_answers,
    reading_fine_tuning,
    reading_stages,
    reference_matrix,
    similarity_by_layer,
)

__all__ = [
    "embedding_output_factors",
    "head_functions",
    "masked_prediction",
    "masked_word_neighbours",
    "pronoun_attention",
    "reading_answers",
    "reading_fine_tuning",
    "reading_stages",
    "reference_matrix",
    "similarity_by_layer",
]
