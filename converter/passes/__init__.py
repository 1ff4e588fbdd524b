"""Passes: IR to IR, one idea per file, applied in a visible list."""
