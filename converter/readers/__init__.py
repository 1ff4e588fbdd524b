"""Readers: containers of rules (TOML files, saved pages, bare query text) into raw rules, nothing interpreted."""
