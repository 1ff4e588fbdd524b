"""Events: read from files in, generated from the IR out."""
