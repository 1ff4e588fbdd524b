"""Benchmarks: ratios against a peer measured in the same run. No tests, no timed assertions."""
