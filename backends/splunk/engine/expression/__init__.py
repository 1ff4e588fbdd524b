"""The expression language of `where` and `eval`."""
