"""Verification: the written text, the effective rule and the source rule are run on events and compared."""
