"""Drawings of what was measured: each a function to SVG or PNG."""
