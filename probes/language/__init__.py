"""Probes that look at a language model reading sentences: each module here is found."""
