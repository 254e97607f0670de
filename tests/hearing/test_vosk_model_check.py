"""A damaged model is an error that says what is wrong; it never takes the process with it."""

from __future__ import annotations

import re
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import ModelCorrupt, ModelMissing
from assistant.hearing.vosk.recogniser import VoskRecogniser
from assistant.hearing.vosk.runtime_grammars import RuntimeGrammars
from assistant.hearing.vosk_model import model_check
from assistant.hearing.vosk_model.model_check import check_model, find_models, looks_like_model
from assistant.hearing.vosk_model.openfst import Fst, const_bytes, olabel_lookahead_bytes, read_fst
from scripts.testbed.tiny_model import lexicon_model, sentence_model, sentences

GRAPH = sentences("start next", "stop")
LEXICON, COMPILED = "lexicon", "compiled"
NEEDED = {
    LEXICON: (
        "am/final.mdl",
        "conf/mfcc.conf",
        "conf/model.conf",
        "graph/HCLr.fst",
        "graph/Gr.fst",
        "graph/disambig_tid.int",
        "graph/words.txt",
    ),
    COMPILED: ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/HCLG.fst", "graph/words.txt"),
}
EACH_NEEDED = [(kind, name) for kind, names in NEEDED.items() for name in names]
BOUNDARY = "graph/phones/word_boundary.int"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("good")
    return {
        LEXICON: lexicon_model(folder / LEXICON, GRAPH.words),
        COMPILED: sentence_model(folder / COMPILED, GRAPH),
    }


@pytest.fixture
def copy(models: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    return lambda kind: Path(shutil.copytree(models[kind], tmp_path / "model"))


def alter(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize("kind", [LEXICON, COMPILED])
def test_a_model_in_order_passes(models: dict[str, Path], tmp_path: Path, kind: str) -> None:
    assert check_model(models[kind], tmp_path).takes_grammar == (kind == LEXICON)


@pytest.mark.parametrize(("kind", "name"), EACH_NEEDED)
def test_a_missing_file_names_itself(copy: Callable[[str], Path], tmp_path: Path, kind: str, name: str) -> None:
    folder = copy(kind)
    (folder / name).unlink()
    with pytest.raises(ModelCorrupt) as caught:
        check_model(folder, tmp_path)
    # Without its graph a model with compiled sentences looks like one that takes a grammar.
    expected = "graph/HCLr.fst" if name == "graph/HCLG.fst" else name
    assert expected in caught.value.why
    assert "missing" in caught.value.why


@pytest.mark.parametrize(("kind", "name"), [*EACH_NEEDED, (LEXICON, BOUNDARY)])
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut in half"),
        pytest.param(lambda data: b"<html>not found</html>\n", id="another file"),
        pytest.param(lambda data: b"\xff\xfe" * (len(data) // 2), id="noise"),
    ],
)
def test_a_damaged_file_is_refused(
    copy: Callable[[str], Path], tmp_path: Path, kind: str, name: str, change: Callable[[bytes], bytes]
) -> None:
    folder = copy(kind)
    alter(folder / name, change)
    with pytest.raises(ModelCorrupt) as caught:
        check_model(folder, tmp_path)
    assert caught.value.why
    assert "fetch-model" in caught.value.fix


def redirect_an_arc(data: bytes) -> bytes:
    arc = struct.pack("<i", 2_000_000)
    return data[:-4] + arc


def with_wild_labels(data: bytes) -> bytes:
    """The same graph with an input that is no transition-id: libvosk looks it up beyond the end of a table."""
    table = read_fst(data)
    fst = table.fst()
    *others, last = fst.arcs()
    fst = Fst.of([*others, [arc._replace(input=2_000_000) for arc in last]], fst.finals)
    if table.lookahead is None:
        return const_bytes(fst)
    return olabel_lookahead_bytes(fst, table.lookahead, table.final_label)


def with_unlisted_words(data: bytes) -> bytes:
    fst = read_fst(data).fst()
    arcs = [[arc._replace(output=arc.output and arc.output + 900) for arc in leaving] for leaving in fst.arcs()]
    return const_bytes(Fst.of(arcs, fst.finals))


def without_first_phone(data: bytes) -> bytes:
    return data.split(b"\n", 1)[1]


@pytest.mark.parametrize(
    ("kind", "name", "change", "why"),
    [
        pytest.param(COMPILED, "graph/HCLG.fst", redirect_an_arc, "isn't there", id="arc to nowhere: segfault"),
        pytest.param(COMPILED, "graph/HCLG.fst", with_wild_labels, "an input", id="wild input: segfault"),
        pytest.param(LEXICON, "graph/HCLr.fst", with_wild_labels, "an input", id="wild input: segfault (lexicon)"),
        pytest.param(COMPILED, "graph/HCLG.fst", with_unlisted_words, "a word", id="unlisted word"),
        pytest.param(LEXICON, "graph/disambig_tid.int", lambda _: b"2\n", "taken", id="id that is taken"),
        pytest.param(LEXICON, BOUNDARY, without_first_phone, "phone 1", id="phone without a place"),
    ],
)
def test_what_would_take_the_process_along_is_found_in_the_files(
    copy: Callable[[str], Path], tmp_path: Path, kind: str, name: str, change: Callable[[bytes], bytes], why: str
) -> None:
    folder = copy(kind)
    alter(folder / name, change)
    with pytest.raises(ModelCorrupt) as caught:
        VoskRecogniser(RuntimeGrammars(folder, checked=tmp_path))
    assert name in caught.value.why
    assert why in caught.value.why


@pytest.mark.parametrize(
    ("name", "change", "why"),
    [
        pytest.param("conf/model.conf", lambda _: b"--beam=13\n", "breaks down .*silence_phones", id="abort"),
        pytest.param("conf/model.conf", lambda data: data + b"--bean=1\n", "refuses .*--bean=1", id="unknown option"),
        pytest.param("conf/mfcc.conf", lambda _: b"--use-energy=false\n", "refuses .*dimension", id="other features"),
        pytest.param("am/final.mdl", lambda data: data[:-9], "refuses .*", id="cut at its end"),
    ],
)
def test_what_only_libvosk_notices_happens_in_a_child_process(
    copy: Callable[[str], Path], tmp_path: Path, name: str, change: Callable[[bytes], bytes], why: str
) -> None:
    folder = copy(COMPILED)
    alter(folder / name, change)
    with pytest.raises(ModelCorrupt) as caught:
        VoskRecogniser(RuntimeGrammars(folder, checked=tmp_path))
    assert re.search(why, caught.value.why)


def test_a_model_that_is_not_loaded_in_time_is_refused(
    models: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_check, "LOAD_DEADLINE_S", 0.001)
    with pytest.raises(ModelCorrupt, match="can't be used") as caught:
        check_model(models[LEXICON], tmp_path)
    assert "within" in caught.value.why


def test_a_model_in_order_is_checked_once_and_again_when_a_file_changes(
    copy: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, passed = copy(LEXICON), tmp_path / "passed"
    check_model(folder, passed)
    monkeypatch.setattr(model_check, "LOAD_DEADLINE_S", 0.001)  # a second load would be too slow
    check_model(folder, passed)
    alter(folder / "graph/Gr.fst", lambda data: data)
    with pytest.raises(ModelCorrupt):
        check_model(folder, passed)


def test_a_place_for_receipts_that_cannot_be_written_does_no_harm(models: dict[str, Path], tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.touch()
    assert check_model(models[COMPILED], blocked / "passed").path == models[COMPILED]


def test_the_flat_layout_of_older_models_is_taken(models: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "flat"
    folder.mkdir()
    for path in models[LEXICON].rglob("*"):
        if path.is_file() and path.name != "model.conf":
            shutil.copy(path, folder)
    assert looks_like_model(folder)
    recogniser = VoskRecogniser(RuntimeGrammars(folder, checked=tmp_path))
    recogniser.listen_for(GRAPH)
    assert recogniser.missing_words == frozenset()


def test_words_may_come_with_the_graph_instead_of_their_own_file(copy: Callable[[str], Path], tmp_path: Path) -> None:
    folder = copy(LEXICON)
    ids = [line.split() for line in (folder / "graph/words.txt").read_text().splitlines()]
    (folder / "graph/words.txt").unlink()
    alter(folder / "graph/Gr.fst", lambda data: _with_symbols(data, [(word, int(number)) for word, number in ids]))
    recogniser = VoskRecogniser(RuntimeGrammars(folder, checked=tmp_path / "passed"))
    recogniser.listen_for(GRAPH)
    assert recogniser.missing_words == frozenset()


def test_an_incomplete_speaker_adaptation_is_refused(copy: Callable[[str], Path], tmp_path: Path) -> None:
    folder = copy(LEXICON)
    (folder / "ivector").mkdir()
    (folder / "ivector/final.ie").write_bytes(b"\0B")
    with pytest.raises(ModelCorrupt) as caught:
        check_model(folder, tmp_path)
    assert "ivector/final.dubm" in caught.value.why


def test_where_there_is_no_model_the_error_says_what_there_is(models: dict[str, Path], tmp_path: Path) -> None:
    a_file = tmp_path / "model.zip"
    a_file.touch()
    for place, why in (
        (tmp_path / "nothing", "no such folder"),
        (a_file, "It is a file"),
        (tmp_path, "no am/final.mdl"),
        (models[LEXICON].parent, "one folder deeper"),
    ):
        with pytest.raises(ModelMissing) as caught:
            VoskRecogniser(RuntimeGrammars(place, checked=tmp_path))
        assert why in caught.value.why


def test_models_are_found_in_folders_and_as_folders(models: dict[str, Path], tmp_path: Path) -> None:
    parent = models[LEXICON].parent
    assert find_models([tmp_path / "nothing", parent]) == [models[COMPILED], models[LEXICON]]
    assert find_models([models[LEXICON], tmp_path]) == [models[LEXICON]]
    assert not looks_like_model(parent)


def _with_symbols(data: bytes, words: list[tuple[str, int]]) -> bytes:
    """The same const FST with a table of its output words, as the official small model has one."""
    name = b"words"
    table = struct.pack("<i", 2125658996) + struct.pack("<i", len(name)) + name
    table += struct.pack("<qq", len(words), len(words))
    for word, number in words:
        table += struct.pack("<i", len(word)) + word.encode() + struct.pack("<q", number)
    flags_at = 4 + 4 + len("const") + 4 + len("standard") + 4
    header_end = flags_at + 4 + 8 + 3 * 8
    return data[:flags_at] + struct.pack("<i", 2) + data[flags_at + 4 : header_end] + table + data[header_end:]
