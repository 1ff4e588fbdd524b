"""Splunk itself as an engine: searches run on a server of the user's (`convert verify --engine splunk=https://…`).

`access` says where the server is and who asks, `connection` asks it over HTTP, `collector` hands events to the HTTP
Event Collector, `prepared` makes a search look at the events of one run only, `job` runs it, `engine` puts them
together. Events cannot be deleted over REST: those of a run carry its id and stay until the test index lets them go.
"""

import os

from backends.splunk.live.access import Access
from backends.splunk.live.engine import LiveEngine, connect


def engine_at(address: str) -> LiveEngine:
    """The engine of a server that has answered as Splunk; tokens are in the environment (`access`). Raises
    ConfigurationError."""
    return connect(Access.of(address, os.environ))
