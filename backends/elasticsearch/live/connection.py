"""Requests to a server, through the official client of its product; every failure is told in one line."""

import importlib
import json
import logging
import ssl
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backends.elasticsearch.live import failure
from backends.elasticsearch.live.access import Access
from backends.elasticsearch.live.failure import PRODUCTS, ClientErrors, RequestError
from converter.errors import ConfigurationError

Json = dict[str, Any]

_LOGGERS = ("elastic_transport", "elasticsearch", "opensearch")

_Sender = Callable[[str, str, Mapping[str, str], str | None], Any]
"""A client's way to send a request: method, path, headers, body."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A server and the client that talks to it. `product` is the engine's name, `version` what the server calls its
    own, empty until it has answered."""

    product: str
    access: Access
    send: _Sender
    errors: ClientErrors
    version: str = ""

    def request(self, method: str, path: str, body: Mapping[str, object] | str | None = None) -> Json:
        """The answer to one request; a text is sent as NDJSON. Raises RequestError if the request itself is refused,
        ConfigurationError if there is no answer or the user is not let in."""
        kind = "application/x-ndjson" if isinstance(body, str) else "application/json"
        headers = {"accept": "application/json", "content-type": kind}
        if self.access.authorization is not None:
            headers["authorization"] = self.access.authorization
        sent = json.dumps(body) if isinstance(body, Mapping) else body
        try:
            with warnings.catch_warnings():  # a server's advice about itself is not ours to pass on
                warnings.simplefilter("ignore")
                answer = self.send(method, path, headers, sent)
        except self.errors as error:
            raise failure.told(error, self.product, self.access) from None
        if not isinstance(answer, dict):
            raise failure.of_product(self.product, self.access)
        return answer


def connect(product: str, access: Access) -> Connection:
    """A connection to a server that has answered as the product. Raises ConfigurationError: the client is missing,
    nothing answers, or something else does."""
    found = _with_client(product, access)
    try:
        about = found.request("GET", "/")
    except RequestError as error:
        if error.status < failure.OWN_FAULT:
            raise failure.of_product(product, access) from None
        what = f"{access.url} answers {error.status}: {error}"
        raise ConfigurationError("engine-unreachable", what) from None
    version = about.get("version")
    number = version.get("number") if isinstance(version, dict) else None
    if not isinstance(number, str) or failure.answering(about) != product:
        raise failure.of_product(product, access, about)
    return Connection(product, access, found.send, found.errors, number)


def _with_client(product: str, access: Access) -> Connection:
    """The official client, imported only when it is used. It asks once, verifies certificates and follows no one
    elsewhere."""
    try:
        module = importlib.import_module("elasticsearch" if product == "elasticsearch" else "opensearchpy")
    except ImportError:
        raise ConfigurationError(
            "engine-client-missing",
            f"the official client of {PRODUCTS[product]} is not installed",
            advice="install the extra `engines`: pip install 'ruleport[engines]'",
        ) from None
    for name in _LOGGERS:  # a logger without handlers writes its warnings to stderr
        logging.getLogger(name).addHandler(logging.NullHandler())
    if product == "elasticsearch":
        elastic = module.Elasticsearch(access.url, request_timeout=access.seconds, max_retries=0, **_tls(access))
        return Connection(
            product,
            access,
            lambda method, path, headers, body: elastic.perform_request(method, path, headers=headers, body=body).body,
            (module.ApiError, module.TransportError),
        )
    search = module.OpenSearch(access.url, timeout=access.seconds, max_retries=0, **_tls(access))
    return Connection(
        product,
        access,
        lambda method, path, headers, body: search.transport.perform_request(method, path, headers=headers, body=body),
        (module.OpenSearchException,),
    )


def _tls(access: Access) -> dict[str, ssl.SSLContext]:
    if not access.url.startswith("https:"):
        return {}
    try:
        return {"ssl_context": ssl.create_default_context(cafile=access.ca_file)}
    except OSError:
        raise ConfigurationError("engine-access", f"`{access.ca_file}` holds no certificates") from None
