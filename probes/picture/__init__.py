"""The probes about picture classifiers: importing this package declares them all."""

from quizproof.probes.picture import network_layer_type

__all__ = ["network_layer_type"]
