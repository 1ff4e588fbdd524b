"""The predicate language of the `search` command."""
