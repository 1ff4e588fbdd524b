"""Searches for each kind of detection (spec splunk 4 and 5)."""
