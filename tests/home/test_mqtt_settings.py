"""The table of the broker: off unless it is there, checked key by key, its password shown nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingsInvalid
from assistant.home.settings import Settings

NO_HOSTS = ("mqtt://hub", "hub:1883", "[::1]", "me@hub", "hub/x", "a hub", "a..b", "x" * 64, ".".join(["abc"] * 65))


def load(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return Settings.load(file)


def test_without_the_table_there_is_no_broker(tmp_path: Path) -> None:
    assert Settings().mqtt is None
    assert load(tmp_path, "rate = 120").mqtt is None


def test_a_broker_needs_its_host_and_the_rest_follows(tmp_path: Path) -> None:
    mqtt = load(tmp_path, '[mqtt]\nhost = "hub.local"').mqtt
    assert mqtt is not None
    assert mqtt.address == ("hub.local", 1883)
    assert (mqtt.username, mqtt.password, mqtt.encrypted, mqtt.pain) == (None, None, False, False)


@pytest.mark.parametrize(
    ("line", "port"), [("tls = true", 8883), ('ca-certificate = "ca.pem"', 8883), ("tls = true\nport = 1", 1)]
)
def test_the_port_follows_the_encryption(tmp_path: Path, line: str, port: int) -> None:
    mqtt = load(tmp_path, f'[mqtt]\nhost = "hub"\n{line}').mqtt
    assert mqtt is not None
    assert mqtt.encrypted
    assert mqtt.address[1] == port


def test_its_files_count_from_the_settings_folder(tmp_path: Path) -> None:
    mqtt = load(tmp_path, '[mqtt]\nhost = "hub"\npassword-file = "secret"\nca_certificate = "/ca.pem"').mqtt
    assert mqtt is not None
    assert mqtt.password_file == tmp_path / "secret"
    assert mqtt.ca_certificate == Path("/ca.pem")


@pytest.mark.parametrize("host", ["192.168.1.10", "::1", "fe80::1%eth0", "hub", "my_hub.lan", "küche.local", "hub."])
def test_a_host_is_a_name_or_an_address(tmp_path: Path, host: str) -> None:
    mqtt = load(tmp_path, f'[mqtt]\nhost = "{host}"').mqtt
    assert mqtt is not None
    assert mqtt.host == host


@pytest.mark.parametrize(
    ("table", "why", "advice"),
    [
        ("port = 1883", "'host' of [mqtt] is missing", "name or address of a broker"),
        *((f"host = '{host}'", "'host' in line 3", "broker alone") for host in NO_HOSTS),
        ('host = "hub"\nport = 0', "'port' in line 4 is 0", "from 1 to 65535"),
        ('host = "hub"\npasword = "x"', "'pasword' in line 4 is not known", "Did you mean 'password'?"),
        ('host = "hub"\nnode = "a/b"', "'node' in line 4 is 'a/b'", "letters, digits"),
        ('host = "hub"\nnode = "a#"', "'node' in line 4", "letters, digits"),
        ('host = "hub"\nprefix = "a+"', "'prefix' in line 4", "letters, digits"),
        ('host = "hub"\npain = 1', "'pain' in line 4", "true"),
        ('host = "hub"\npassword-file = ""', "'password-file' in line 4", "path of a file"),
        ('host = "hub"\npassword = "a"\npassword-file = "b"', "'mqtt' in line 2", "one password"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, table: str, why: str, advice: str) -> None:
    with pytest.raises(SettingsInvalid) as failure:
        load(tmp_path, f"rate = 120\n[mqtt]\n{table}")
    assert why in failure.value.why
    assert advice in failure.value.fix


def test_a_key_is_looked_for_in_its_own_table(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid) as failure:
        load(tmp_path, 'port = 1\n[mqtt]\nhost = "hub"\nport = -1')
    assert "'port' in line 1 is not known" in failure.value.why


@pytest.mark.parametrize("password", ["12345", '""', "true"])
def test_a_wrong_password_is_not_shown(tmp_path: Path, password: str) -> None:
    with pytest.raises(SettingsInvalid) as failure:
        load(tmp_path, f'[mqtt]\nhost = "hub"\npassword = {password}')
    assert "'password' in line 3" in failure.value.why
    assert password not in failure.value.why
    assert "in quotes" in failure.value.fix


def test_no_settings_that_are_printed_show_the_password(tmp_path: Path) -> None:
    settings = load(tmp_path, '[mqtt]\nhost = "hub"\npassword = "hunter two"')
    assert settings.mqtt is not None
    assert settings.mqtt.password is not None
    assert settings.mqtt.password.get_secret_value() == "hunter two"
    assert "hunter" not in f"{settings} {settings!r}"
