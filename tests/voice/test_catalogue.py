import pytest

from assistant.voice.catalogue import EngineVoice, UnknownVoiceError, find_voice

ESPEAK = [
    EngineVoice("roa/fr", "French (France)", "fr-fr"),
    EngineVoice("gmw/en", "English (Great Britain)", "en-gb"),
    EngineVoice("gmw/en-US", "English (America)", "en-us"),
]
VARIANTS = ["f3", "Alicia", "Mr serious"]
MACOS = [
    EngineVoice("com.apple.voice.compact.fr-FR.Thomas", "Thomas", "fr_FR"),
    EngineVoice("com.apple.voice.compact.en-US.Samantha", "Samantha", "en_US"),
]


@pytest.mark.parametrize(
    ("wanted", "identifier"),
    [
        ("gmw/en-US", "gmw/en-US"),
        ("en", "gmw/en"),
        ("en-gb", "gmw/en"),
        ("EN_GB", "gmw/en"),
        ("English_(Great_Britain)", "gmw/en"),
        ("english (america)", "gmw/en-US"),
        ("en-us+f3", "gmw/en-US+f3"),
        ("en-gb+alicia", "gmw/en+Alicia"),
        ("en-us+mr serious", "gmw/en-US+Mr serious"),
    ],
)
def test_a_voice_is_found_by_any_of_its_names(wanted: str, identifier: str) -> None:
    assert find_voice(wanted, ESPEAK, VARIANTS) == identifier


def test_an_unknown_voice_brings_suggestions_in_english() -> None:
    with pytest.raises(UnknownVoiceError) as caught:
        find_voice("en-uk", ESPEAK, VARIANTS)
    assert set(caught.value.available) == {"en-us", "en-gb"}


def test_an_unknown_variant_brings_whole_names_with_the_variants_that_are_spelt_alike_first() -> None:
    with pytest.raises(UnknownVoiceError) as caught:
        find_voice("en-us+f4", ESPEAK, VARIANTS)
    assert caught.value.available[0] == "en-us+f3"


def test_a_system_without_the_wanted_region_takes_the_same_language() -> None:
    assert find_voice("en-gb", MACOS, or_same_language=True) == MACOS[1].identifier
    assert find_voice("samantha", MACOS, or_same_language=True) == MACOS[1].identifier
    with pytest.raises(UnknownVoiceError):
        find_voice("de-de", MACOS, or_same_language=True)


def test_an_engine_without_voices_has_nothing_to_suggest() -> None:
    with pytest.raises(UnknownVoiceError) as caught:
        find_voice("en-gb", [], or_same_language=True)
    assert caught.value.available == []
