"""Commands, one module per family, each with a table of its own."""
