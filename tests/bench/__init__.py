"""Benchmarks: this program and what people use today, side by side in one process.

python -m tests.bench [--json FILE] [--only PART] [--repeat N]
"""
