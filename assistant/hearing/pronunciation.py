"""How any word is pronounced: our own additions, then CMUdict, then espeak-ng's rules.

Phones are ARPAbet without stress, the 39 of CMUdict.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import re
import tempfile
import threading
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from assistant.errors import AssistantError
from assistant.hearing.dictionary import Pronunciation, cmudict
from intents.letters import plain
from intents.pronunciations import pronunciations

_ALL_PHONES = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
PHONES: tuple[str, ...] = tuple(_ALL_PHONES.split(" "))

_LONGEST_DATA_PATH = 150  # espeak-ng keeps it in a buffer of 160 bytes
_AUDIO_OUTPUT_SYNCHRONOUS = 2
_CHARS_UTF8 = 1
_PHONEMES_IPA = 0x02
_lock = threading.Lock()

# espeak-ng's IPA to ARPAbet; the longest match counts. What has no counterpart gets its nearest neighbour.
_IPA: tuple[tuple[str, str], ...] = tuple(
    sorted(
        {
            "aɪ": "AY", "aʊ": "AW", "eɪ": "EY", "ɔɪ": "OY", "oʊ": "OW", "əʊ": "OW", "tʃ": "CH", "dʒ": "JH",
            "ɪɹ": "IH R", "ɑːɹ": "AA R", "ɔːɹ": "AO R", "oːɹ": "AO R", "ɛɹ": "EH R", "ʊɹ": "UH R", "ɚ": "ER",
            "ɜː": "ER", "ɜ": "ER", "ɝ": "ER", "iə": "IY AH", "iː": "IY", "i": "IY", "ɪ": "IH", "ᵻ": "IH",
            "e": "EH", "ɛ": "EH", "æ": "AE", "a": "AE", "aː": "AA", "ɑː": "AA", "ɑ": "AA", "ɒ": "AA", "ɔː": "AO",
            "ɔ": "AO", "oː": "AO", "o": "OW", "ʊ": "UH", "uː": "UW", "u": "UW", "ʌ": "AH", "ə": "AH", "ɐ": "AH",
            "b": "B", "d": "D", "ð": "DH", "f": "F", "g": "G", "ɡ": "G", "h": "HH", "j": "Y", "k": "K", "l": "L",
            "ɫ": "L", "m": "M", "n": "N", "ŋ": "NG", "p": "P", "ɹ": "R", "r": "R", "ɾ": "T", "s": "S", "ʃ": "SH",
            "t": "T", "θ": "TH", "v": "V", "w": "W", "ʍ": "W", "x": "K", "z": "Z", "ʒ": "ZH", "ʔ": "T", "n̩": "AH N",
            "l̩": "AH L", "əl": "AH L",
        }.items(),
        key=lambda pair: -len(pair[0]),
    )
)  # fmt: skip


class PronunciationUnknown(AssistantError):
    """A word holds nothing that could be pronounced."""


@lru_cache(maxsize=20_000)
def pronounce(word: str) -> tuple[Pronunciation, ...]:
    """All pronunciations of a word, the commonest first.

    Raises:
        PronunciationUnknown: It has no letters, or espeak-ng is needed for it and can't be loaded.
    """
    word = plain(word)
    own = pronunciations().phones.get(word)
    if own:
        return own
    found = cmudict()[word]
    if found:
        return found
    # espeak-ng first: it knows that "physio's" is no "physios".
    phones = _by_rules(word)
    if not phones:
        raise PronunciationUnknown(
            f"The word {word!r} can't be pronounced.", "It holds no sounds that are known.", "Write it as it is said."
        )
    return (phones,)


def sounding_alike(words: Iterable[str], candidates: Iterable[str]) -> frozenset[str]:
    """Those of the candidates that sound like one of the words and are none of them; by the dictionary alone."""
    words = frozenset(words)
    sounds = {sound for word in words for sound in pronounce(word)}
    return frozenset(word for word in candidates if word not in words and not sounds.isdisjoint(cmudict()[word]))


def pronounce_all(words: Iterable[str]) -> dict[str, tuple[Pronunciation, ...]]:
    """The pronunciations of many words."""
    return {word: pronounce(word) for word in words}


def _by_rules(word: str) -> Pronunciation:
    with _lock:
        library = _espeak()
        text = ctypes.c_char_p(word.encode("utf-8"))
        pointer = ctypes.pointer(text)
        ipa = ""
        while text.value:
            spoken = library.espeak_TextToPhonemes(pointer, _CHARS_UTF8, _PHONEMES_IPA)
            ipa += (spoken or b"").decode("utf-8")
    return _arpabet(ipa)


def _arpabet(ipa: str) -> Pronunciation:
    ipa = re.sub(r"[ˈˌ\s_\-‿]|\([a-z-]+\)", "", ipa)
    phones: list[str] = []
    at = 0
    while at < len(ipa):
        for sound, arpabet in _IPA:
            if ipa.startswith(sound, at):
                phones += arpabet.split()
                at += len(sound)
                break
        else:
            at += 1  # a length mark, a tie, or a sound that English lacks
    return tuple(phones)


@cache
def _espeak() -> ctypes.CDLL:
    """espeak-ng's library, from the wheel or the system, ready to turn text into phonemes."""
    try:
        path, data = _espeak_paths()
        library = ctypes.CDLL(path)
    except (OSError, ImportError) as error:
        raise PronunciationUnknown(
            "A word that no dictionary has can't be pronounced.",
            f"espeak-ng's library can't be loaded: {error}.",
            "Debian, Ubuntu: sudo apt install libespeak-ng1. macOS: brew install espeak-ng.",
        ) from error
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, 0, data, 0)
    library.espeak_SetVoiceByName(b"en-us")
    return library


def _espeak_paths() -> tuple[str, bytes | None]:
    try:
        import espeakng_loader  # noqa: PLC0415 - Linux only
    except ImportError:
        found = ctypes.util.find_library("espeak-ng")
        if found is None:
            raise
        return found, None
    data = espeakng_loader.get_data_path()
    if len(os.fsencode(data)) > _LONGEST_DATA_PATH:
        link = Path(tempfile.mkdtemp()) / "espeak-ng-data"
        link.symlink_to(data)
        data = str(link)
    return espeakng_loader.get_library_path(), os.fsencode(data)
