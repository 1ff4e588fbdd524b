"""The version of the program: written into reports and packs, read by the build."""

VERSION = "0.1.0"
