"""The table ``[mqtt]`` of the settings: which broker is told of a session, and may steer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import ConfigDict, Field, SecretStr

from assistant.home.setting_types import Host, NamedPath, Switch, Text

_Level = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_-]{1,64}$")]
_Secret = Annotated[SecretStr, Field(strict=True, min_length=1, max_length=1_000)]


@dataclass(frozen=True, slots=True)
class MqttSettings:
    """How a broker is reached. Where there is no such table, nothing connects anywhere.

    Attributes:
        host: Name or address of the broker.
        port: Its port; None: 1883, or 8883 with TLS.
        username: Whom the broker knows; None for anybody.
        password: The password. Not in any report.
        password_file: A file with the password in its first line, instead.
        tls: Whether to speak TLS.
        ca_certificate: File with the certificates that vouch for the broker; None: those that the system trusts.
        node: What this assistant is called among the broker's topics; of several in a house each has its own.
        prefix: Where Home Assistant looks for devices.
        pain: Whether the broker is told how strong the pain was; it keeps that, and so does whoever listens there.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    host: Host
    port: Annotated[int, Field(strict=True, ge=1, le=65_535)] | None = None
    username: Text | None = None
    password: _Secret | None = None
    password_file: NamedPath = None
    tls: Switch = False
    ca_certificate: NamedPath = None
    node: _Level = "stretch-assistant"
    prefix: _Level = "homeassistant"
    pain: Switch = False

    def __post_init__(self) -> None:
        if self.password is not None and self.password_file is not None:
            raise ValueError("two passwords")

    @property
    def encrypted(self) -> bool:
        """Whether TLS is spoken: who names certificates wants them used."""
        return self.tls or self.ca_certificate is not None

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        return self.host, self.port or (8883 if self.encrypted else 1883)


EXPECTED: Mapping[str, str] = {
    "host": 'the name or address of a broker alone, for instance "192.168.1.10"; the port has its own key',
    "port": "a whole number from 1 to 65535",
    "username": "a name that the broker knows",
    "password": "a password in quotes",
    "password_file": "the path of a file with the password in its first line",
    "tls": "true or false",
    "ca_certificate": "the path of a file with certificates",
    "node": "letters, digits, - and _, 64 at most",
    "prefix": "letters, digits, - and _, 64 at most",
    "pain": "true, to tell the broker of your pain, or false",
}
"""What each key takes, in words for the user."""
