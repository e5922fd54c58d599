"""Packs, which are measured: the roles of their parts, and how they are built and checked."""
