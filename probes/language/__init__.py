"""Probes that look at a language model reading sentences. Importing this declares them."""

from __future__ import annotations
