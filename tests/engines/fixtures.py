"""The engines as fixtures, started once a session. A test that takes one carries the marker `engine`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import opensearch as opensearch_engine
from tests.engines import python_eql as python_eql_engine
from tests.engines.installation import Engine
from tests.engines.opensearch.server import Server
from tests.engines.python_eql.client import PythonEql


def installed(engine: Engine) -> Path:
    """Where an engine is. Without it a test is skipped; in CI it fails, since there `make engines` ran before."""
    if engine.is_installed():
        return engine.home
    if os.environ.get("CI"):
        pytest.fail(f"{engine.name} {engine.version} is missing, `make engines` should have installed it")
    pytest.skip(f"{engine.name} {engine.version} is not installed: run `make engines`")


@pytest.fixture(scope="session")
def python_eql() -> Iterator[PythonEql]:
    with PythonEql(installed(python_eql_engine.ENGINE)) as worker:
        yield worker


@pytest.fixture(scope="session")
def opensearch() -> Iterator[Server]:
    """Its `url` is what `convert verify --engine` and `tests.engines.opensearch.client` take."""
    with Server(installed(opensearch_engine.ENGINE)) as server:
        yield server
        if not server.is_running():
            pytest.fail(f"OpenSearch ended by itself:\n{server.log()}")
