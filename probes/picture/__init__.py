"""The probes about picture classifiers: importing this package declares them all."""

from quizproof.probes.picture import (
    lime_colours,
    lime_regions,
    network_layer_type,
    saliency_against_smoothgrad,
    saliency_derivative,
    saliency_normalisation,
    saliency_regions,
    saliency_side,
    saliency_silhouette,
    smoothgrad_display,
    smoothgrad_regions,
    smoothgrad_taken_apart,
)

__all__ = [
    "lime_colours",
    "lime_regions",
    "network_layer_type",
    "saliency_against_smoothgrad",
    "saliency_derivative",
    "saliency_normalisation",
    "saliency_regions",
    "saliency_side",
    "saliency_silhouette",
    "smoothgrad_display",
    "smoothgrad_regions",
    "smoothgrad_taken_apart",
]
