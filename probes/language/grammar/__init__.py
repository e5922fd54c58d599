"""Sentences written by a grammar, of which everything is known."""
