"""Who is trained on and who is kept for judging."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.testbed.speech import SPEECH
from scripts.train_model.corpora import (
    AN4,
    CorpusUtterance,
    HoldOut,
    augmentation_noises,
    augmentation_rooms,
    divide,
    judging_noises,
    judging_rooms,
    read_corpora,
)
from scripts.train_model.synthesis import HELD_OUT_FLITE, planned
from scripts.train_model.texts import normal_text
from tests.needs import needs_people


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    """A folder like that of the recordings, with a few that can't be used."""
    rows = {
        "index.tsv": [
            ("an4/a.flac", "fash", "yes"),
            ("an4/missing.flac", "fash", "no"),
            ("not_commands/n.flac", "x", "bed"),
        ],
        "train/index.tsv": [
            ("speechocean/b.ogg", "so1", "We call it: bear!"),
            ("speechocean/c.ogg", "so2", "room 101"),
            ("words/d.ogg", "wake", "snowboy"),
        ],
    }
    for index, lines in rows.items():
        folder = (tmp_path / index).parent
        folder.mkdir(exist_ok=True)
        text = "".join("\t".join(line) + "\n" for line in [("path", "speaker", "transcript"), *lines])
        (tmp_path / index).write_text(text)
        for path, _, _ in lines:
            if "missing" not in path:
                (folder / path).parent.mkdir(exist_ok=True)
                (folder / path).write_bytes(b"")
    return tmp_path


def test_bad_rows_are_skipped_and_counted(speech: Path) -> None:
    corpora = read_corpora(speech)
    assert [utterance.text for utterance in corpora.utterances] == ["we call it bear", "snowboy", "yes"]
    assert corpora.skipped["file missing"] == 1
    assert corpora.skipped["no plain transcript"] == 1


def test_what_is_for_judging_alone_is_never_read(speech: Path) -> None:
    assert {utterance.corpus for utterance in read_corpora(speech).utterances} == {"speechocean", "words", AN4}


@pytest.mark.parametrize(
    ("transcript", "words"),
    [("Who's there?", "who's there"), ("follow-up 'quoted'", "follow up quoted"), ("21", None), ("", None)],
)
def test_transcripts_become_plain_words(transcript: str, words: str | None) -> None:
    assert normal_text(transcript) == words


def people(corpus: str, count: int) -> list[CorpusUtterance]:
    return [CorpusUtterance(corpus, Path(f"{n}.flac"), f"speaker{n // 3}", "yes") for n in range(count)]


def test_every_speaker_of_an4_is_held_out_in_one_fold() -> None:
    everybody = people(AN4, 90)
    held_out = [divide(everybody, HoldOut(fold=fold))[1] for fold in range(3)]
    assert sum(map(len, held_out)) == len(everybody)
    speakers = [{utterance.speaker for utterance in fold} for fold in held_out]
    assert all(speakers)
    assert sum(map(len, speakers)) == 30


def test_a_tenth_of_the_others_is_held_out() -> None:
    _, held_out = divide(people("speechocean", 3_000), HoldOut())
    assert 0.07 < len(held_out) / 3_000 < 0.13
    assert divide(people("speechocean", 300), HoldOut(tenth=False))[1] == []


def test_a_name_that_stands_for_many_people_holds_nobody_out() -> None:
    names = ("wake", "kw?", "kwrpi")
    assert not any(HoldOut(folds=folds).leaves_out("keywords", name) for name in names for folds in range(1, 9))


def test_a_whole_corpus_can_be_held_out() -> None:
    trained, held_out = divide(people("kathleen", 30) + people("words", 30), HoldOut(corpus="kathleen"))
    assert {utterance.corpus for utterance in held_out if utterance.corpus == "kathleen"} == {"kathleen"}
    assert all(utterance.corpus == "words" for utterance in trained)


def test_held_out_voices_never_speak_in_training() -> None:
    trained, judged = planned(300, ["a text"], 1), planned(100, [], 1, held_out=True)
    assert not {spoken.speaker for spoken in trained} & {spoken.speaker for spoken in judged}
    assert not any(spoken.voice == HELD_OUT_FLITE for spoken in trained)
    assert planned(300, ["a text"], 1) == trained


@needs_people
@pytest.mark.parametrize("hold_out", [HoldOut(), HoldOut(fold=2), HoldOut(corpus="words"), HoldOut(fold=None)])
def test_no_speaker_is_on_both_sides(hold_out: HoldOut) -> None:
    utterances = read_corpora(SPEECH).utterances
    trained, held_out = divide(utterances, hold_out)
    assert len(trained) + len(held_out) == len(utterances)
    assert not {(u.corpus, u.speaker) for u in trained} & {(u.corpus, u.speaker) for u in held_out}
    assert trained
    assert held_out


@needs_people
@pytest.mark.parametrize(
    ("training", "judging"), [(augmentation_noises, judging_noises), (augmentation_rooms, judging_rooms)]
)
def test_noise_and_rooms_for_training_and_for_judging_differ(
    training: Callable[[Path], list[Path]], judging: Callable[[Path], list[Path]]
) -> None:
    trained, judged = training(SPEECH), judging(SPEECH)
    assert trained
    assert judged
    assert not set(trained) & set(judged)
