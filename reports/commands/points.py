"""The option of every command that gives points."""

from __future__ import annotations

import argparse

POLICIES = ("all-or-nothing", "partial-credit", "per-blank")  # as `Policy`, which is not light


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Declare the policy of the points."""
    parser.add_argument(
        "--policy",
        choices=POLICIES,
        default=POLICIES[0],
        help=f"count points by this policy ({POLICIES[0]})",
    )
