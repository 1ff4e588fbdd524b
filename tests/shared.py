"""The acceptance data beside the checkout (`../shared`): rules, recordings and cases that are not ours to ship."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "shared"


def shared(path: str) -> Path:
    """A file or folder of the acceptance data; skips the test, naming what is absent, where there is none."""
    found = ROOT / path
    if not found.exists():
        pytest.skip(f"the acceptance data is not beside this checkout: ../shared/{path}")
    return found
