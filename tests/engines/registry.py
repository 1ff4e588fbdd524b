"""The engines that `make engines` installs."""

from tests.engines import opensearch, python_eql
from tests.engines.installation import Engine

ENGINES: tuple[Engine, ...] = (python_eql.ENGINE, opensearch.ENGINE)
