"""Requests to Splunk with the standard library alone; every failure is told in one line that shows no secret."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from backends.splunk.live.access import CA_FILE, Access
from converter.errors import ConfigurationError

Json = dict[str, Any]

_LONGEST_ANSWER = 256 * 1024 * 1024
_LONGEST_REASON = 300
_DENIED = {401: "it takes no such credentials", 403: "the user may not do this"}
_BUSY = 429
_OWN_FAULT = 500


class RequestError(Exception):
    """The server knew who asked and refused what was asked; the text is its reason, `code` its own number for it."""

    def __init__(self, status: int, reason: str, code: int | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Connection:
    """One of a Splunk's addresses (`url`) and what is sent with every request there (`authorization`)."""

    access: Access
    url: str
    authorization: str

    def get(self, path: str, **parameters: str) -> Json:
        return self._json(*self._exchange("GET", f"{path}?{urlencode({'output_mode': 'json', **parameters})}", None))

    def post(self, path: str, body: str | Mapping[str, str]) -> Json:
        """A form, or a text that is sent as JSON."""
        if isinstance(body, str):
            return self._json(*self._exchange("POST", path, body.encode(), "application/json"))
        sent = urlencode({"output_mode": "json", **body}).encode()
        return self._json(*self._exchange("POST", path, sent, "application/x-www-form-urlencoded"))

    def delete(self, path: str) -> None:
        self._json(*self._exchange("DELETE", f"{path}?output_mode=json", None))

    def _exchange(self, method: str, path: str, body: bytes | None, kind: str | None = None) -> tuple[int, bytes]:
        """Status and body of an answer; no redirection is followed, with credentials it would lead elsewhere."""
        parts = urlsplit(self.url)
        headers = {"authorization": self.authorization, **({"content-type": kind} if kind else {})}
        server: HTTPConnection
        if parts.scheme == "https":
            server = HTTPSConnection(parts.netloc, timeout=self.access.seconds, context=self.access.tls())
        else:
            server = HTTPConnection(parts.netloc, timeout=self.access.seconds)
        try:
            server.request(method, f"{parts.path}{path}", body, headers)
            answer = server.getresponse()
            return answer.status, answer.read(_LONGEST_ANSWER + 1)
        except (OSError, HTTPException) as error:
            raise self._unanswered(error) from None
        finally:
            server.close()

    def _json(self, status: int, body: bytes) -> Json:
        """Raises RequestError if the request itself is refused, ConfigurationError for any other failure."""
        try:
            found = json.loads(body) if body and len(body) <= _LONGEST_ANSWER else None
        except (ValueError, RecursionError):
            found = None
        code = found.get("code") if isinstance(found, dict) and isinstance(found.get("code"), int) else None
        if status in _DENIED and code is None:
            what = f"{self.url} answers {status}: {_DENIED[status]}"
            raise ConfigurationError("engine-denied", what)
        if status == _BUSY or status >= _OWN_FAULT:
            raise ConfigurationError("engine-unreachable", f"{self.url} answers {status}: {self._reason(found)}")
        if status >= 300:
            raise RequestError(status, self._reason(found), code)
        if not isinstance(found, dict):
            raise self.of_another_product()
        return found

    def of_another_product(self) -> ConfigurationError:
        return ConfigurationError("engine-product", f"what answers at {self.url} is not Splunk")

    def shown(self, text: str) -> str:
        """A server's text as part of one line: no secret, not too long."""
        line = " ".join(self.access.without_secrets(text).split())
        return line if len(line) <= _LONGEST_REASON else f"{line[:_LONGEST_REASON]}…"

    def _reason(self, found: object) -> str:
        match found:
            case {"messages": [{"text": str(reason)}, *_]} | {"text": str(reason)}:
                return self.shown(reason)
            case _:
                return "it gives no reason"

    def _unanswered(self, error: OSError | HTTPException) -> ConfigurationError:
        match error:
            case ssl.SSLCertVerificationError():
                why = f"no safe connection to {self.url}: {error.verify_message}"
                advice = f"`{CA_FILE}` names a file of the authorities to trust"
                return ConfigurationError("engine-tls", why, advice=advice)
            case ssl.SSLError():
                why = (error.reason or "it speaks no TLS").replace("_", " ").lower()
                return ConfigurationError("engine-tls", f"no safe connection to {self.url}: {why}")
            case TimeoutError():
                what = f"{self.url} does not answer within {self.access.seconds:g} seconds"
                return ConfigurationError("engine-unreachable", what)
            case OSError(strerror=str(why)):
                return ConfigurationError("engine-unreachable", f"{self.url} does not answer: {why.lower()}")
            case _:
                return ConfigurationError("engine-unreachable", f"{self.url} does not answer: the connection broke")
