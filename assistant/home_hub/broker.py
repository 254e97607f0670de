"""The link to an MQTT broker: one thread of its own, which nobody waits for.

It holds no queue. What the broker is to know is asked for as it is now, compared with what it was told since the
connection was made, and told where that differs, as fast as the broker takes it. So a slow broker gets fewer states and
no old ones, and one that comes back gets all of them. What a broker sends is read a packet at a time; one that floods,
or sends what is no MQTT, is let go, and tried again later.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from assistant.errors import SettingsInvalid
from assistant.home.plain_file import check_plain

if TYPE_CHECKING:
    from typing import Any, Self

    from paho.mqtt.reasoncodes import ReasonCode

    from assistant.home.mqtt_settings import MqttSettings

KEEPALIVE_S = 15
"""After half as long again the broker misses an assistant that fell silent; after as long, the assistant a broker."""

TURN_S = 0.1
"""How old what is told may get before it is told."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 3.0
"""Between two tries to connect; twice as long each time."""

HOLDS_S = 10.0
"""A connection that ends sooner is no reason to come back at once: two may fight for the same name."""

ANSWERS_WITHIN_S = 5.0
"""A broker that has not answered until then is tried again."""

FLOOD = 300
"""So many packets in a second are no commands: the broker is let go."""

AFTER_FLOOD_S = 10.0

LARGEST_PACKET = 4_096
"""Bytes: the broker is asked to send nothing larger."""

CLOSES_WITHIN_S = 1.0
"""A session that ends waits no longer than this for the broker to take the last words."""

EVENT_HOLDS_S = 10.0
"""What happened longer ago is not told any more: whoever acts on it would act too late."""


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says for an assistant that is gone.

    Attributes:
        topic: Where.
        payload: What; it is kept.
    """

    topic: str
    payload: str


class _LetGoError(Exception):
    """The connection is not worth keeping."""

    def __init__(self, why: str, pause_s: float = 0.0) -> None:
        super().__init__(why)
        self.pause_s = pause_s


class Broker:
    """Keeps a broker informed, for as long as it is open; the connection comes and goes.

    Args:
        settings: Where the broker is.
        will: Its last words for this assistant, which are also the last that it is told on closing.
        wanted: What the broker is to keep now: payloads by topic, in the order in which they are told; from its thread.
        subscriptions: The topics to listen to.
        take: Given the topic and payload of what was sent there just now, and not kept from before; from its thread.
        tell: Told, from its thread, a sentence for the user where something is wrong; once for each thing.

    Raises:
        SettingsInvalid: The file with the password, or with the certificates, can't be read.
    """

    def __init__(
        self,
        settings: MqttSettings,
        will: Will,
        wanted: Callable[[], Mapping[str, str]],
        subscriptions: tuple[str, ...],
        take: Callable[[str, bytes], None],
        tell: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._password = password_of(settings)
        self._will = will
        self._wanted = wanted
        self._subscriptions = subscriptions
        self._take = take
        self._tell = tell
        self._told: set[str] = set()
        self._events: deque[tuple[float, str, str]] = deque(maxlen=16)
        self._sent: dict[str, str] = {}
        self._online = False
        self._refused = ""
        self._closing = threading.Event()
        self._client()  # what is wrong with the certificates ends the command, and not the thread
        self._thread = threading.Thread(target=self._run, name="mqtt", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join(CLOSES_WITHIN_S)

    def happened(self, topic: str, payload: str) -> None:
        """Tell once, if the broker is there, and have it kept by nobody. Returns at once; from any thread."""
        self._events.append((time.monotonic(), topic, payload))

    def tell_again(self) -> None:
        """Whoever listens there has lost all: tell everything once more. From the broker's thread."""
        self._sent.clear()

    def _run(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._closing.is_set():
            least, begun = 0.0, time.monotonic()
            try:
                self._converse()
            except _LetGoError as reason:
                self._complain(str(reason))
                least = reason.pause_s
            except OSError as error:
                self._complain(error.strerror or str(error) or type(error).__name__)
            except Exception as error:  # noqa: BLE001 - what is no MQTT makes paho raise whatever its bytes lead to
                self._complain(f"what it sends is no MQTT ({type(error).__name__})")
            held = self._online and time.monotonic() - begun > HOLDS_S
            pause = FIRST_PAUSE_S if held else min(2 * pause, LONGEST_PAUSE_S)
            self._online = False
            self._closing.wait(max(pause, least))

    def _complain(self, why: str) -> None:
        host, port = self._settings.address
        sentence = f"The broker {host}:{port} is not told of the session: {why}. The session goes on without."
        if sentence not in self._told and not self._closing.is_set():
            self._told.add(sentence)
            self._tell(sentence)

    def _converse(self) -> None:
        """Connect, and go on until the connection ends or is to be closed."""
        self._sent, self._refused = {}, ""
        client = self._client()
        about = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        about.MaximumPacketSize = LARGEST_PACKET
        host, port = self._settings.address
        try:
            client.connect(host, port, KEEPALIVE_S, clean_start=True, properties=about)
            self._stay(client)
            self._take_leave(client)
        finally:
            if (connection := client.socket()) is not None:
                connection.close()

    def _stay(self, client: Client) -> None:
        begun = time.monotonic()
        turns: deque[float] = deque(maxlen=FLOOD)
        while not self._closing.is_set():
            failed = client.loop(TURN_S)
            now = time.monotonic()
            if failed or self._refused:
                raise _LetGoError(self._refused or "the connection was lost")
            if len(turns) == FLOOD and now - turns[0] < 1.0:
                raise _LetGoError("it floods", AFTER_FLOOD_S)
            turns.append(now)
            if self._online:
                self._publish(client, now)
            elif now - begun > ANSWERS_WITHIN_S:
                raise _LetGoError("it does not answer")

    def _publish(self, client: Client, now: float) -> None:
        """Tell what is new; never more than the broker takes."""
        for topic, payload in self._wanted().items():
            if client.want_write():
                return
            if self._sent.get(topic) != payload:
                self._sent[topic] = payload
                client.publish(topic, payload, retain=True)
        while self._events and not client.want_write():
            at, topic, payload = self._events.popleft()
            if now - at < EVENT_HOLDS_S:
                client.publish(topic, payload)

    def _take_leave(self, client: Client) -> None:
        if self._online:
            until = time.monotonic() + CLOSES_WITHIN_S / 2
            self._publish(client, time.monotonic())
            client.publish(self._will.topic, self._will.payload, retain=True)
            while client.want_write() and time.monotonic() < until and not client.loop(TURN_S):
                pass
        client.disconnect()

    def _client(self) -> Client:
        """One for a connection: of a broken one nothing is left behind."""
        client = Client(
            CallbackAPIVersion.VERSION2,
            self._settings.node,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
        )
        client.connect_timeout = LONGEST_PAUSE_S
        client.will_set(self._will.topic, self._will.payload, retain=True)
        if self._settings.username is not None or self._password is not None:
            client.username_pw_set(self._settings.username, self._password)
        if self._settings.encrypted:
            certificates = self._settings.ca_certificate
            try:
                if certificates:
                    check_plain(certificates)
                client.tls_set(str(certificates) if certificates else None)
            except OSError as error:  # also what ssl says of a file without certificates
                raise SettingsInvalid(
                    "The broker's certificates can't be read.",
                    f"{certificates}: {error.strerror or error}.",
                    "Name a file with certificates in ca-certificate, in [mqtt] of the settings.",
                ) from error
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    def _on_connect(self, client: Client, _data: Any, _flags: Any, reason: ReasonCode, _about: Any) -> None:
        if reason.is_failure:
            self._refused = f"it says: {reason}"
            return
        self._online = True
        client.subscribe([(topic, 0) for topic in self._subscriptions])

    def _on_disconnect(self, _client: Client, _data: Any, flags: Any, reason: ReasonCode, _about: Any) -> None:
        if flags.is_disconnect_packet_from_server:
            self._refused = f"it says: {reason}"

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        if message.retain:  # kept from some time ago: nobody presses that now
            return
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return
        self._take(topic, bytes(message.payload))


def password_of(settings: MqttSettings) -> str | None:
    """The password, from the settings or the file that they name.

    Raises:
        SettingsInvalid: The file can't be read, or is empty.
    """
    if settings.password_file is None:
        return None if settings.password is None else settings.password.get_secret_value()
    try:
        check_plain(settings.password_file)
        with settings.password_file.open(encoding="utf-8") as file:
            password = file.readline(1_000).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise _no_password(settings, getattr(error, "strerror", None) or "it is no text") from error
    if not password:
        raise _no_password(settings, "its first line is empty")
    return password


def _no_password(settings: MqttSettings, why: str) -> SettingsInvalid:
    return SettingsInvalid(
        "The broker's password can't be read.",
        f"{settings.password_file}: {why}.",
        "Write it into the first line of that file, or name another in password-file, in [mqtt] of the settings.",
    )
