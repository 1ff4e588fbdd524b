"""Where a Splunk is and who asks it: the address from the command line, everything secret from the environment."""

import base64
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from converter.errors import ConfigurationError

TOKEN = "RULEPORT_ENGINE_API_KEY"  # noqa: S105 - the name of a variable
USER = "RULEPORT_ENGINE_USER"
PASSWORD = "RULEPORT_ENGINE_PASSWORD"  # noqa: S105 - the name of a variable
CA_FILE = "RULEPORT_ENGINE_CA"
SECONDS = "RULEPORT_ENGINE_TIMEOUT"
COLLECTOR = "RULEPORT_SPLUNK_HEC"
COLLECTOR_TOKEN = "RULEPORT_SPLUNK_HEC_TOKEN"  # noqa: S105 - the name of a variable
INDEX = "RULEPORT_SPLUNK_INDEX"

USUAL_SECONDS = 60.0
"""How long a request, a search, or the indexing of a run's events may take."""

_MANAGEMENT_PORT, _COLLECTOR_PORT = 8089, 8088
_NAME_OF_AN_INDEX = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")
_HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Access:
    """A Splunk's two addresses without credentials, what each is told about who asks, and the index for events.

    `secrets` are texts that no message may show; they are no part of the object's own text.
    """

    url: str
    collector: str
    index: str
    seconds: float = USUAL_SECONDS
    ca_file: str | None = None
    authorization: str = field(default="", repr=False)
    collector_authorization: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, address: str, environment: Mapping[str, str]) -> "Access":
        """The access that an address and environment variables describe. Raises ConfigurationError.

        A token wins over a user; a user in the address over one in the environment. The collector is at port 8088 of
        the same host unless the environment says otherwise.
        """
        parts = _split(address, "the engine")
        collector = environment.get(COLLECTOR)
        events = _url(_split(collector, f"`{COLLECTOR}`"), _COLLECTOR_PORT) if collector else _beside(parts)
        authorization, secrets = _credentials(parts, environment)
        token = _given(environment, COLLECTOR_TOKEN, "the token of an HTTP Event Collector")
        return cls(
            _url(parts, _MANAGEMENT_PORT),
            events,
            _index(environment),
            _seconds(environment.get(SECONDS)),
            _ca_file(environment.get(CA_FILE)),
            authorization,
            f"Splunk {token}",
            (*secrets, token),
        )

    def without_secrets(self, text: str) -> str:
        """The text with every secret in it hidden: a server may repeat what it was sent."""
        for secret in self.secrets:
            text = text.replace(secret, _HIDDEN)
        return text

    def tls(self) -> ssl.SSLContext:
        """Certificates are always verified, by the system's authorities and those of the CA file. Raises
        ConfigurationError."""
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError:
            raise ConfigurationError("engine-access", f"`{self.ca_file}` holds no certificates") from None


def _split(address: str, whose: str) -> SplitResult:
    """The parts of an address; it is never quoted, since it may hold a password."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        what = f"the address of {whose} is not one of a server"
        raise ConfigurationError("engine-access", what, expected="`https://host:8089`")
    return parts


def _url(parts: SplitResult, port: int) -> str:
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}:{parts.port or port}{parts.path.rstrip('/')}"


def _beside(parts: SplitResult) -> str:
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}:{_COLLECTOR_PORT}"


def _credentials(parts: SplitResult, environment: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The header that says who asks, and what of it is secret."""
    if token := environment.get(TOKEN):
        return f"Bearer {token}", (token,)
    user, password = environment.get(USER), environment.get(PASSWORD)
    if parts.username:
        user, password = unquote(parts.username), unquote(parts.password or "")
    if not user:
        raise ConfigurationError("engine-access", "who asks Splunk is not said", advice=f"set {TOKEN}, or {USER}")
    coded = base64.b64encode(f"{user}:{password or ''}".encode()).decode()
    return f"Basic {coded}", tuple(secret for secret in (coded, password, parts.password) if secret)


def _given(environment: Mapping[str, str], variable: str, what: str) -> str:
    value = environment.get(variable)
    if not value:
        raise ConfigurationError("engine-access", f"{what} is missing", advice=f"set {variable}")
    return value


def _index(environment: Mapping[str, str]) -> str:
    """The index that events go to: named by the user, never guessed."""
    name = _given(environment, INDEX, "the name of an index for test events")
    if not _NAME_OF_AN_INDEX.issuperset(name) or name[0] in "_-":
        what = f"`{INDEX}` is no name of an index"
        raise ConfigurationError("engine-access", what, expected="lower-case letters, digits, `_` and `-`")
    return name


def _ca_file(path: str | None) -> str | None:
    if path and not Path(path).is_file():
        raise ConfigurationError("engine-access", f"`{CA_FILE}` names no file: {path}")
    return path or None


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
