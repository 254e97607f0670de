"""The Vosk recogniser, against the real libvosk and a model made for the test."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import vosk
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.formats import BLOCK, RATE, Samples, silence
from assistant.errors import ModelCorrupt
from assistant.hearing.recogniser import Final, Partial, Transcript
from assistant.hearing.vosk.decoder import hypotheses
from assistant.hearing.vosk.recogniser import VoskRecogniser
from assistant.hearing.vosk.runtime_grammars import RuntimeGrammars
from assistant.hearing.vosk.word_grammars import WordGrammars
from assistant.hearing.vosk_model.phones import UNKNOWN_WORD
from scripts.testbed.tiny_model import UNKNOWN_COST, lexicon_model, sentence_model, sentences, speak, word_times

SENTENCES = (
    "start sciatic stretch",
    "start the lower back stretch",
    "stop",
    "next",
    "repeat that",
    "pause",
    "how long is left",
    "it hurts",
)
GRAPH = sentences(*SENTENCES)
OUTSIDE = ("zebra", "my quilt is blue")
PAUSE_S = 0.9


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("checked")


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = {*GRAPH.words, "sigh", "attic", "yes", "no", "paws"}
    return lexicon_model(tmp_path_factory.mktemp("models") / "tiny", words)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sentence_model(tmp_path_factory.mktemp("models") / "tiny-sentences", GRAPH)


@pytest.fixture
def recogniser(lexicon: Path, checked: Path) -> Iterator[VoskRecogniser]:
    yield (recogniser := VoskRecogniser(RuntimeGrammars(lexicon, checked=checked)))
    recogniser.close()


@pytest.fixture(params=["lexicon", "compiled", "word grammar"])
def either(request: pytest.FixtureRequest, checked: Path, lexicon: Path, tmp_path: Path) -> Iterator[VoskRecogniser]:
    """With a grammar at run time, with the sentences compiled into the model, and with them as its grammar."""
    if request.param == "word grammar":
        recogniser = VoskRecogniser(WordGrammars(lexicon, tmp_path / "graphs", {}, checked, UNKNOWN_COST))
    else:
        recogniser = VoskRecogniser(RuntimeGrammars(request.getfixturevalue(request.param), checked=checked))
    recogniser.listen_for(GRAPH)
    yield recogniser
    recogniser.close()


def said(*texts: str) -> Samples:
    """Silence, then each text with silence after it, long enough for its endpoint."""
    parts = [silence(0.35)]
    for text in texts:
        parts += [speak(text), silence(PAUSE_S)]
    return np.concatenate(parts)


def hear(recogniser: VoskRecogniser, sound: Samples, block: int = BLOCK) -> list[Transcript]:
    return [heard for at in range(0, len(sound), block) for heard in recogniser.accept(sound[at : at + block])]


def finals(transcripts: Sequence[Transcript]) -> list[Final]:
    return [transcript for transcript in transcripts if isinstance(transcript, Final)]


def partials(transcripts: Sequence[Transcript]) -> list[Partial]:
    return [transcript for transcript in transcripts if isinstance(transcript, Partial)]


def assert_times(final: Final, text: str, start_s: float) -> None:
    for word, (expected, begin_s, end_s) in zip(final.words, word_times(text, start_s), strict=True):
        assert word.text == expected
        assert word.start_s == pytest.approx(begin_s, abs=0.05)
        assert word.end_s == pytest.approx(end_s, abs=0.05)


def test_every_sentence_is_heard_at_its_endpoint(either: VoskRecogniser) -> None:
    heard = finals(hear(either, said(*SENTENCES)))
    assert [(final.text, final.rejected) for final in heard] == [(text, None) for text in SENTENCES]
    assert all(0.0 <= word.confidence <= 1.0 for final in heard for word in final.words)


def test_word_times_are_right_far_into_the_stream(either: VoskRecogniser) -> None:
    heard = finals(hear(either, said(*SENTENCES)))
    start_s = 0.35
    for text, final in zip(SENTENCES, heard, strict=True):
        assert_times(final, text, start_s)
        assert (final.start_s, final.end_s) == (final.words[0].start_s, final.words[-1].end_s)
        start_s += len(speak(text)) / RATE + PAUSE_S


def test_what_is_none_of_the_sentences_is_rejected_as_no_phrase(either: VoskRecogniser) -> None:
    heard = finals(hear(either, said(*OUTSIDE, "stop")))
    assert [final.rejected for final in heard] == ["not a phrase", "not a phrase", None]
    assert heard[-1].text == "stop"


def test_nothing_is_said_about_silence_and_hiss(either: VoskRecogniser) -> None:
    hiss = np.random.default_rng(1).normal(0.0, 5.0, 4 * RATE).astype(np.int16)
    assert hear(either, np.concatenate([silence(4.0), hiss])) == []
    assert either.flush() == []


def test_partial_results_come_before_the_final_and_grow_to_it(either: VoskRecogniser) -> None:
    heard = hear(either, said("how long is left"))
    *before, final = heard
    assert isinstance(final, Final)
    texts = [partial.text for partial in partials(before)]
    assert len(texts) == len(before) > 10
    # A breath may be no word at first.
    assert all(final.text.startswith(text) for text in texts if text != UNKNOWN_WORD), texts
    assert len(set(texts)) > 2
    assert texts[-1] == final.text
    in_time = next(partial for partial in partials(before) if partial.text.startswith("how"))
    assert in_time.at_s < final.words[0].end_s + 0.4


def test_words_of_partial_results_have_times_in_order(either: VoskRecogniser) -> None:
    for partial in partials(hear(either, said("start the lower back stretch"))):
        edges = [edge for word in partial.words for edge in (word.start_s, word.end_s)]
        assert edges == sorted(edges)
        assert all(0.0 <= edge <= partial.at_s for edge in edges)


def test_a_partial_result_shows_what_is_no_word_so_that_it_matches_nothing(recogniser: VoskRecogniser) -> None:
    recogniser.listen_for(GRAPH)
    texts = [partial.text for partial in partials(hear(recogniser, said("zebra")))]
    assert texts
    assert not set(texts) & set(SENTENCES)


def test_the_end_of_the_stream_finishes_the_utterance(either: VoskRecogniser) -> None:
    hear(either, np.concatenate([silence(0.4), speak("stop")]))
    [final] = either.flush()
    assert_times(final, "stop", 0.4)
    assert either.flush() == []


def test_the_clock_goes_on_after_the_end_of_the_stream(either: VoskRecogniser) -> None:
    first = np.concatenate([silence(0.4), speak("stop"), silence(0.1)])[:-7]  # no whole number of blocks
    hear(either, first)
    either.flush()
    [final] = finals(hear(either, said("next")))
    assert_times(final, "next", len(first) / RATE + 0.35)


@settings(max_examples=5, deadline=None)
@given(blocks=st.lists(st.integers(1, 20_000), min_size=1, max_size=6))
def test_what_is_heard_does_not_depend_on_the_blocks(lexicon: Path, checked: Path, blocks: list[int]) -> None:
    sound = said("repeat that", "zebra", "stop")

    def heard(lengths: Sequence[int]) -> list[Transcript]:
        recogniser = VoskRecogniser(RuntimeGrammars(lexicon, checked=checked))
        recogniser.listen_for(GRAPH)
        transcripts: list[Transcript] = []
        at = 0
        while at < len(sound):
            for length in lengths:
                transcripts += recogniser.accept(sound[at : at + length])
                at += length
        transcripts += recogniser.flush()
        return transcripts

    assert heard(blocks) == heard([BLOCK])


def test_a_grammar_change_in_mid_utterance_loses_nothing(recogniser: VoskRecogniser) -> None:
    sound = said("it hurts")
    cut = round(0.9 * RATE)
    recogniser.listen_for(sentences("stop", "next"))
    before = hear(recogniser, sound[:cut])
    recogniser.listen_for(GRAPH)
    after = hear(recogniser, sound[cut:])
    assert finals(before) == []
    [final] = finals(after)
    assert final.rejected is None
    assert_times(final, "it hurts", 0.35)


def test_the_clock_of_partial_results_never_goes_back(recogniser: VoskRecogniser) -> None:
    sound = said("start the lower back stretch")
    cuts = [round(second * RATE) for second in (0.0, 0.8, 1.1, 1.8, 4.0)]
    at_s: list[float] = []
    for number, (begin, end) in enumerate(pairwise(cuts)):
        recogniser.listen_for(GRAPH if number % 2 else sentences("start", "stop"))
        at_s += [partial.at_s for partial in partials(hear(recogniser, sound[begin:end]))]
    assert len(at_s) > 10
    assert at_s == sorted(at_s)


def test_two_grammars_may_alternate(recogniser: VoskRecogniser) -> None:
    commands, answers = GRAPH, sentences("yes", "no")
    start_s = 0.0
    for _ in range(3):
        for graph, text, other in ((commands, "next", "yes"), (answers, "no", "next")):
            recogniser.listen_for(graph)
            taken, refused = finals(hear(recogniser, said(text, other)))
            assert (taken.text, taken.rejected, refused.rejected) == (text, None, "not a phrase")
            assert_times(taken, text, start_s + 0.35)
            start_s += len(said(text, other)) / RATE


def test_more_grammars_than_are_kept_still_work(recogniser: VoskRecogniser) -> None:
    for _ in range(2):
        for first in SENTENCES:
            for second in ("yes", "no"):
                recogniser.listen_for(sentences(first, second))
        recogniser.listen_for(sentences("it hurts", "yes"))
        assert [final.text for final in finals(hear(recogniser, said("it hurts")))] == ["it hurts"]


def test_what_was_reported_in_part_always_gets_its_final(tmp_path: Path, checked: Path) -> None:
    folder = lexicon_model(tmp_path / "closed", {"stop", "next", "yes"}, unknown_cost=None)
    recogniser = VoskRecogniser(RuntimeGrammars(folder, checked=checked))
    sound = said("stop")
    cut = round(0.8 * RATE)
    recogniser.listen_for(sentences("stop", "next"))
    assert partials(hear(recogniser, sound[:cut]))[-1].text == "stop"
    recogniser.listen_for(sentences("yes"))
    assert len(finals([*hear(recogniser, sound[cut:]), *recogniser.flush()])) == 1


def test_what_was_reported_and_taken_back_has_its_final_before_somebody_speaks_again(either: VoskRecogniser) -> None:
    """Else what they say would count as a part of it: after a "stop" that was acted on, nobody would hear it."""
    assert partials(hear(either, said("stop")[: round(0.8 * RATE)]))[-1].text == "stop"
    either.replace_last(silence(0.8))
    taken_back = finals(hear(either, silence(1.0)))
    assert [(final.text, final.rejected) for final in taken_back] == [("", "noise")]
    assert [final.text for final in finals(hear(either, said("next")))] == ["next"]


def test_a_word_that_the_model_lacks_is_reported_and_the_rest_is_heard(recogniser: VoskRecogniser) -> None:
    recogniser.listen_for(sentences("start wobbly stretch", "stop", "next"))
    assert recogniser.missing_words == {"wobbly"}
    assert [final.text for final in finals(hear(recogniser, said("stop")))] == ["stop"]


def test_a_word_is_heard_by_what_it_sounds_like(tmp_path: Path, checked: Path) -> None:
    folder = lexicon_model(tmp_path / "without", {"start", "stretch", "stop", "sigh", "attic", "sky"})
    recogniser = VoskRecogniser(
        RuntimeGrammars(folder, {"sciatic": ["sky attack", "sigh attic"], "stop": ["sky"]}, checked)
    )
    recogniser.listen_for(sentences("start sciatic stretch", "stop"))
    assert recogniser.missing_words == frozenset()
    heard = hear(recogniser, said("start sigh attic stretch"))
    [final] = finals(heard)
    assert final.text == "start sciatic stretch"
    spoken = word_times("start sigh attic stretch", 0.35)
    assert final.words[1].start_s == pytest.approx(spoken[1][1], abs=0.05)
    assert final.words[1].end_s == pytest.approx(spoken[2][2], abs=0.05)
    assert partials(heard)[-1].text == "start sciatic stretch"


def test_a_model_without_any_of_the_words_says_so(recogniser: VoskRecogniser) -> None:
    with pytest.raises(ModelCorrupt, match="can't hear any"):
        recogniser.listen_for(sentences("guten morgen"))


def test_sentences_that_are_compiled_in_stay_whatever_is_asked_for(compiled: Path, checked: Path) -> None:
    recogniser = VoskRecogniser(RuntimeGrammars(compiled, checked=checked))
    recogniser.listen_for(sentences("yes", "pause"))
    assert recogniser.missing_words == {"yes"}
    assert [final.text for final in finals(hear(recogniser, said("it hurts")))] == ["it hurts"]


def test_the_filler_cost_is_the_knob_between_rejecting_and_hearing(tmp_path: Path, checked: Path) -> None:
    spoken = ("stop", "stap", "zebra")
    rejected = {}
    for cost in (0.0, 15.0, None):
        recogniser = VoskRecogniser(RuntimeGrammars(sentence_model(tmp_path / str(cost), GRAPH, cost), checked=checked))
        recogniser.listen_for(GRAPH)
        rejected[cost] = [final.rejected == "not a phrase" for final in finals(hear(recogniser, said(*spoken)))]
    assert rejected[0.0][1:] == [True, True]
    assert rejected[15.0] == [False, False, True]
    assert rejected[None] == [False, False, False]


def test_silence_without_end_takes_no_more_memory(recogniser: VoskRecogniser) -> None:
    recogniser.listen_for(GRAPH)
    hiss = np.random.default_rng(2).normal(0.0, 5.0, 5 * RATE).astype(np.int16)
    hear(recogniser, hiss)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(6):
            hear(recogniser, hiss)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 300_000  # half a minute of sound is 1 MB


def test_what_is_passed_over_is_not_decoded_but_counts(either: VoskRecogniser) -> None:
    before = said(SENTENCES[0])
    assert len(finals(hear(either, before))) == 1
    for _ in range(100):
        assert not either.skip(silence(1.0))
    (final,) = finals(hear(either, said(SENTENCES[0])))
    assert_times(final, SENTENCES[0], len(before) / RATE + 100.0 + 0.35)


def test_what_is_known_better_is_heard_anew_to_its_last_sample(either: VoskRecogniser) -> None:
    sound = said("next", "stop")
    begin = round(0.35 * RATE) + len(speak("next")) + round(PAUSE_S * RATE)
    until = begin + round(0.2 * RATE) + 77  # in the midst of "stop", and of a block
    covered = sound[:until].copy()
    covered[begin:] = 0
    heard = finals(hear(either, covered))
    either.replace_last(sound[begin:until])
    heard += finals(hear(either, sound[until:]))
    assert [final.text for final in heard] == ["next", "stop"]
    assert_times(heard[1], "stop", begin / RATE)


def test_what_has_ended_is_not_heard_anew(either: VoskRecogniser) -> None:
    sound = said("next")
    assert [final.text for final in finals(hear(either, sound))] == ["next"]
    either.replace_last(sound)
    assert not finals(hear(either, silence(2.0)))


def test_an_utterance_without_end_is_cut_off_and_forgotten(recogniser: VoskRecogniser) -> None:
    recogniser.listen_for(GRAPH)
    babble = speak("zebra quilt wombat " * 14)
    assert len(babble) > 20 * RATE
    assert finals(hear(recogniser, babble))[0].end_s < 21.0


def test_libvosk_writes_nothing_into_the_terminal(
    lexicon: Path, checked: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    recogniser = VoskRecogniser(RuntimeGrammars(lexicon, checked=checked))
    recogniser.listen_for(sentences("start wobbly stretch", "stop"))
    hear(recogniser, said("stop"))
    recogniser.close()
    assert capfd.readouterr() == ("", "")


def test_the_name_tells_the_model(recogniser: VoskRecogniser) -> None:
    assert recogniser.name == "vosk (tiny)"


def test_a_package_that_cannot_look_words_up_is_trusted_with_them(
    lexicon: Path, checked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(vosk.Model, "vosk_model_find_word")
    recogniser = VoskRecogniser(RuntimeGrammars(lexicon, checked=checked))
    recogniser.listen_for(GRAPH)
    assert recogniser.missing_words == frozenset()
    assert [final.text for final in finals(hear(recogniser, said("pause")))] == ["pause"]


def test_a_confidence_that_is_no_number_counts_as_none() -> None:
    result = '{"result": [{"conf": -nan, "end": 0.6, "start": 0.3, "word": "nan"}], "text": "nan"}'
    [found] = hypotheses(result, 1.0)
    [word] = found.words
    assert (word.text, word.confidence, word.start_s, word.end_s) == ("nan", 0.0, 1.3, 1.6)
