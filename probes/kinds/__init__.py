"""Kinds of a pack's parts, a file each: what the manifest says, how it is loaded and checked.

A module here that holds a ``KIND`` is one. No module here imports torch or another library of
models but inside a function: lint reads manifests too.
"""
