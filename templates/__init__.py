"""Jinja2 sources of the files that targets and packs are made of: `importlib.resources.files("templates")`."""
