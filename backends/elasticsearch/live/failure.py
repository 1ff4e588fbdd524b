"""What a client reports, as one line that shows no secret: two official clients, two families of errors."""

import ssl
from collections.abc import Iterator
from typing import Any

from backends.elasticsearch.live.access import CA_FILE, Access
from converter.errors import ConfigurationError

PRODUCTS = {"elasticsearch": "Elasticsearch", "opensearch": "OpenSearch"}
"""Engines by name, with the name of the product that has to answer."""

ClientErrors = tuple[type[Exception], ...]

_DENIED = {401: "it takes no such credentials", 403: "the user may not do this"}
OWN_FAULT = 500
"""The status of a server that failed in a way of its own; on a search it is about that search."""

_AWAY = frozenset({429, 502, 503, 504})
_LONGEST = 300
"""Characters of a server's reason that are shown."""


class RequestError(Exception):
    """The server knew who asked and refused what was asked; the text is its reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def told(error: Exception, product: str, access: Access) -> RequestError | ConfigurationError:
    """The client's error as ours: RequestError for a request that was refused, ConfigurationError for all else."""
    status, body = _status(error), _body(error)
    if status is None:
        return _unanswered(error, product, access)
    if status in _DENIED:
        what = f"{access.url} answers {status}: {_DENIED[status]}"
        return ConfigurationError("engine-denied", what, advice=_ADVICE)
    if status in _AWAY:
        return ConfigurationError(
            "engine-unreachable", _shown(f"{access.url} answers {status}: {_reason(body)}", access)
        )
    if status < 300:  # what the client itself did not take for its product
        return of_product(product, access, body)
    return RequestError(status, _shown(_reason(body), access))


def of_product(product: str, access: Access, about: object = None) -> ConfigurationError:
    """Something else than the product answers; `about` is what it says of itself."""
    found = answering(about)
    other = f", but {PRODUCTS[found]}" if found in PRODUCTS and found != product else ""
    return ConfigurationError(
        "engine-product",
        f"what answers at {access.url} is not {PRODUCTS[product]}{other}",
        advice=f"write `--engine {found}={access.url}`" if other else None,
    )


def answering(about: object) -> str | None:
    """The engine's name of the product that says this of itself; None if it says nothing of the kind."""
    match about:
        case {"version": {"distribution": str(name)}}:
            return name
        case {"version": {"number": str()}}:
            return "elasticsearch"
        case _:
            return None


_ADVICE = "set RULEPORT_ENGINE_API_KEY, or RULEPORT_ENGINE_USER and RULEPORT_ENGINE_PASSWORD"


def _status(error: Exception) -> int | None:
    meta = getattr(error, "meta", None)
    found = getattr(error, "status_code", None) if meta is None else meta.status
    return found if isinstance(found, int) else None


def _body(error: Exception) -> Any:
    return getattr(error, "body", None) or getattr(error, "info", None)


def _reason(body: object) -> str:
    """What the server says is wrong: the cause at the bottom, since what is above it is about its machinery."""
    error = body.get("error") if isinstance(body, dict) else None
    while True:
        match error:
            case {"caused_by": {"reason": str()} as cause} | {
                "failed_shards": [{"reason": {"reason": str()} as cause}, *_]
            }:
                error = cause
            case {"root_cause": [{"reason": str(reason)}, *_]} | {"reason": str(reason)} | str(reason):
                return reason
            case _:
                return "it gives no reason"


def _unanswered(error: Exception, product: str, access: Access) -> ConfigurationError:
    causes = list(_causes(error))
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        why = getattr(tls, "verify_message", None) or (tls.reason or str(tls)).replace("_", " ").lower()
        advice = (
            f"`{CA_FILE}` names a file of the authorities to trust" if isinstance(tls, ssl.CertificateError) else None
        )
        return ConfigurationError("engine-tls", f"no safe connection to {access.url}: {why}", advice=advice)
    if any("Timeout" in type(cause).__name__ for cause in causes):
        return ConfigurationError(
            "engine-unreachable", f"{access.url} does not answer within {access.seconds:g} seconds"
        )
    if any(type(cause).__name__ == "SerializationError" for cause in causes):
        return of_product(product, access)
    system = next((cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror), None)
    why = system or "the connection broke"
    return ConfigurationError("engine-unreachable", f"{access.url} does not answer: {why[0].lower()}{why[1:]}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made of, wherever the clients and urllib3 keep it."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop(0)
        if not isinstance(found, BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting += [found.__cause__, found.__context__, getattr(found, "info", None), getattr(found, "reason", None)]
        waiting += [*getattr(found, "errors", ()), *found.args]


def _shown(text: str, access: Access) -> str:
    line = " ".join(access.without_secrets(text).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
