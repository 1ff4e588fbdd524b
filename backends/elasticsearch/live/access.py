"""Where a server is and who asks it: the address from the command line, secrets from the environment."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from converter.errors import ConfigurationError

API_KEY = "RULEPORT_ENGINE_API_KEY"
USER = "RULEPORT_ENGINE_USER"
PASSWORD = "RULEPORT_ENGINE_PASSWORD"  # noqa: S105 - the name of a variable
CA_FILE = "RULEPORT_ENGINE_CA"
SECONDS = "RULEPORT_ENGINE_TIMEOUT"

USUAL_SECONDS = 30.0
"""How long a request may take."""

_PORTS = {"http": 80, "https": 443}
_HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Access:
    """A server's address without credentials (`url`, the port always stated), and what goes with every request.

    `secrets` are texts that no message may show; they are no part of the object's own text.
    """

    url: str
    seconds: float = USUAL_SECONDS
    ca_file: str | None = None
    authorization: str | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, address: str, environment: Mapping[str, str]) -> "Access":
        """The access that an address and environment variables describe. Raises ConfigurationError.

        An API key wins over a user; a user in the address over one in the environment.
        """
        parts = _split(address)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        url = f"{parts.scheme}://{host}:{parts.port or _PORTS[parts.scheme]}{parts.path.rstrip('/')}"
        authorization, secrets = _credentials(parts, environment)
        ca_file = environment.get(CA_FILE)
        if ca_file and not Path(ca_file).is_file():
            raise ConfigurationError("engine-access", f"`{CA_FILE}` names no file: {ca_file}")
        return cls(url, _seconds(environment.get(SECONDS)), ca_file or None, authorization, secrets)

    def without_secrets(self, text: str) -> str:
        """The text with every secret in it hidden: a server may repeat what it was sent."""
        for secret in self.secrets:
            text = text.replace(secret, _HIDDEN)
        return text


def _split(address: str) -> SplitResult:
    """The parts of an address; it is never quoted, since it may hold a password."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in _PORTS and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise ConfigurationError(
            "engine-access", "the address of the engine is not one of a server", expected="`https://host:9200`"
        )
    return parts


def _credentials(parts: SplitResult, environment: Mapping[str, str]) -> tuple[str | None, tuple[str, ...]]:
    """The header that says who asks, and what of it is secret."""
    key = environment.get(API_KEY)
    if key:
        return f"ApiKey {key}", (key,)
    user, password = environment.get(USER), environment.get(PASSWORD)
    if parts.username:
        user, password = unquote(parts.username), unquote(parts.password or "")
    if not user:
        return None, ()
    token = base64.b64encode(f"{user}:{password or ''}".encode()).decode()
    return f"Basic {token}", tuple(secret for secret in (token, password, parts.password) if secret)


def _seconds(text: str | None) -> float:
    if not text:
        return USUAL_SECONDS
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not (isfinite(seconds) and seconds > 0):
        raise ConfigurationError("engine-access", f"`{SECONDS}` is `{text:.20}`", expected="seconds, more than 0")
    return seconds
