"""Elasticsearch and OpenSearch as engines: servers of the user's, on which outputs are run (`convert verify --engine`).

`access` says where a server is and who asks, `connection` asks it through the official client, `failure` tells what
goes wrong, `mapping` and `index` make a throw-away index of a run's events, `pinned` counts dates from the run's
present, `search` runs what was written and reads the answers, `engine` puts them together.
"""

import os

from backends.elasticsearch.live.access import Access
from backends.elasticsearch.live.connection import connect
from backends.elasticsearch.live.engine import LiveEngine


def engine_at(product: str, address: str) -> LiveEngine:
    """The engine of a server that has answered as the product; credentials are in the environment (`access`). Raises
    ConfigurationError."""
    return LiveEngine(connect(product, Access.of(address, os.environ)))
