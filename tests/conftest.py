"""Options of the test run."""

import pytest

pytest_plugins = ("tests.engines.fixtures",)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-cases",
        action="store_true",
        help="write what the converter now says into tests/cases, to be reviewed as a diff",
    )
