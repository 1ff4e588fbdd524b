"""Backends: one folder per target with everything that knows that target."""
