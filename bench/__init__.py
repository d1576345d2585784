"""Benchmarks: each prints a ratio to a limit that is measured in the same run."""
