import math

import pytest

from assistant.errors import SettingsInvalid
from assistant.voice.settings import FASTEST, SLOWEST, VoiceSettings


@pytest.mark.parametrize("rate", [SLOWEST - 1, FASTEST + 1, 0, -160])
def test_a_rate_out_of_range_is_refused_with_the_range(rate: int) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        VoiceSettings(rate, "en-gb")
    assert str(rate) in caught.value.what
    assert "80 to 300" in caught.value.why


@pytest.mark.parametrize("volume", [-0.1, 1.1, math.nan, math.inf])
def test_a_volume_out_of_range_is_refused(volume: float) -> None:
    with pytest.raises(SettingsInvalid):
        VoiceSettings(160, "en-gb", volume)


def test_an_empty_voice_is_refused() -> None:
    with pytest.raises(SettingsInvalid):
        VoiceSettings(160, " ")


def test_the_pace_stays_within_the_range_of_rates() -> None:
    settings = VoiceSettings(rate=200, volume=0.5, voice="en-us+f3")
    assert settings.at_pace(1.1) == VoiceSettings(rate=220, volume=0.5, voice="en-us+f3")
    assert settings.at_pace(9.0).rate == FASTEST
    assert settings.at_pace(0.1).rate == SLOWEST
