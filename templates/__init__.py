"""Jinja2 sources of the files that targets and packs are made of; found with `importlib.resources.files("templates")`."""
