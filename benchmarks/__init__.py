"""Ratios against other libraries, start-up times and memory; `python -m benchmarks --help`."""
