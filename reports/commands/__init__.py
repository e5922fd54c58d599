"""The arguments of each command; what a command does is in the file of ``reports`` it calls.

These files import nothing heavy: ``--help`` and ``lint`` load no torch.
"""
