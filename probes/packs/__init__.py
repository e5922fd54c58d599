"""Packs, which are measured: their parts by kind, and how they are built and checked."""
