"""Sentence files become a grammar and a matcher that agree with each other; wrong ones are explained."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dialogue.state.phases import Choosing, Idle, Phase, Positioning, Resting, name_of
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.takes import HEARD_TOGETHER, TAKES, context_of
from assistant.loop.buttons import SAID_ONLY, Buttons
from assistant.voice.wording import Wording
from intents import SentencesError
from intents.loading import load_sentences, own_sentences
from intents.sentences import Sentences
from tests.dialogues.world import ROUTINES, VOCABULARY

ORDERS = """\
language: en
intents:
  Order:
    data:
      - sentences:
          - "[i want|give me] ([{size}];[{count}];[with {milk}];[<flavour>];[{temperature}]) {drink}[s] [please]"
        slots: {shop: here}
lists:
  size: {values: [small, {in: "(large|big)", out: large}]}
  count: {range: {from: 1, to: 120}}
  milk: {values: ["oat milk", "no milk"]}
  syrup: {values: [vanilla, caramel]}
  temperature: {values: [hot, iced]}
  drink: {values: [latte, "flat white", espresso]}
expansion_rules:
  flavour: "{syrup} [syrup]"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "sentences.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def loaded(folder: Path, text: str) -> Sentences:
    return load_sentences([written(folder, text)])


def one(folder: Path, template: str, more: str = "") -> Sentences:
    return loaded(folder, f"language: en\nintents:\n  It:\n    data:\n      - sentences: ['{template}']\n{more}")


def chooser(seed: int) -> random.Random:
    return random.Random(seed)


def sampled(sentences: Sentences, seed: int) -> str:
    rng = chooser(seed)

    def choose(weights: Sequence[float]) -> int:
        return rng.choices(range(len(weights)), weights)[0]

    return " ".join(sentences.graph().sample(choose))


@pytest.mark.parametrize(
    ("said", "intent", "slots"),
    [
        ("start sciatic stretch", "StartRoutine", {"routine": "sciatic-nerve"}),
        ("begin the lower back stretches", "StartRoutine", {"routine": "lumbar-extension"}),
        ("Start  Lower Back", "StartRoutine", {"routine": "lumbar-extension"}),
        ("stop", "Stop", {}),
        ("seven", "Number", {"number": 7}),
        ("my left leg", "Side", {"side": "left"}),
        ("what can i say", "Help", {}),
        ("yes", "Yes", {}),
        ("no", "No", {}),
        ("why should i stretch", "Why", {"about": "stretching"}),
        ("why should i do this", "Why", {}),
        ("you are too fast", "Slower", {"about": "speech"}),
        ("too fast", "Slower", {}),
        ("how did i do", "MyWeek", {}),
        ("how did i do this week", "MyWeek", {}),
        ("how is my pain", "MyPain", {}),
        ("when did i last stretch", "LastStretch", {}),
        ("what's left today", "LeftToday", {}),
        ("note my pain", "RatePain", {}),
        ("no pain", "NoPain", {}),
        ("not now", "NotNow", {}),
    ],
)
def test_our_sentences_mean_what_they_should(said: str, intent: str, slots: dict[str, object]) -> None:
    command = VOCABULARY.everything.match(said)
    assert command is not None
    assert (command.intent, command.slots) == (intent, slots)


@pytest.mark.parametrize("said", ["", "  ", "start", "start the car", "stop next", "stretch sciatic", "eleventy"])
def test_half_a_sentence_is_none(said: str) -> None:
    command = VOCABULARY.everything.match(said)
    assert command is None or command.intent == "Ready"  # "start" alone is


@settings(max_examples=500, deadline=None)
@given(seed=st.integers(0, 2**32), phase=st.sampled_from(sorted(TAKES, key=lambda kind: kind.__name__)))
def test_a_usual_sentence_means_the_same_whatever_else_may_be_said(seed: int, phase: type[Phase]) -> None:
    taken = VOCABULARY.of_phase(phase)
    usual = taken.usual()
    if not usual.intents:
        return
    intent = usual.intents[seed % len(usual.intents)]
    said = sampled(usual.only([intent]), seed)
    command = taken.match(said)
    assert command is not None, said
    assert command.intent == intent, said


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**32), phase=st.sampled_from(sorted(TAKES, key=lambda kind: kind.__name__)))
def test_every_sentence_of_a_phase_is_understood_there_and_is_legal(seed: int, phase: type) -> None:
    sentences = VOCABULARY.of_phase(phase)
    if not sentences.intents:
        return
    said = sampled(sentences.alone(), seed)
    command = sentences.match(said)
    assert command is None or command.intent in TAKES[phase], said  # a decoy is none


@settings(max_examples=300, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    source=st.sampled_from(HEARD_TOGETHER),
    phase=st.sampled_from(HEARD_TOGETHER),
    length=st.integers(0, 12),
)
def test_what_is_heard_among_others_means_what_it_does_alone(
    seed: int, source: type[Phase], phase: type[Phase], length: int
) -> None:
    """And what only the others have means nothing."""
    among = VOCABULARY.of_phase(phase)
    assert among.graph() is VOCABULARY.of_phase(source).graph()
    said = sampled(VOCABULARY.of_phase(source), seed)
    beginning = " ".join(said.split()[:length])
    for words in (said, beginning):
        assert among.match(words) == among.alone().match(words), words
        assert among.leads_to(words) == among.alone().leads_to(words), words
    assert among.usual().match(said) == among.alone().usual().match(said)


def test_what_another_phase_takes_is_told_apart_though_it_has_the_same_intent() -> None:
    words = ("yes", "yeah", "sure")
    positioning, resting = VOCABULARY.of_phase(Positioning), VOCABULARY.of_phase(Resting)
    assert {getattr(positioning.match(word), "intent", None) for word in words} == {"Ready"}
    assert all(resting.graph().accepts([word]) and resting.match(word) is None for word in words)


def test_with_nothing_under_way_only_whole_phrases_are_taken() -> None:
    idle = VOCABULARY.of_phase(Idle)
    assert all(idle.match(word) is None for word in idle.graph().words)
    assert context_of(Idle) == {"session": False, "phase": "idle"}


def test_a_grammar_too_large_to_enumerate_stays_small_and_is_matched(tmp_path: Path) -> None:
    orders = loaded(tmp_path, ORDERS)
    assert orders.graph().count() > 10_000_000
    assert orders.graph().states < 3_000
    command = orders.match("give me iced one hundred twelve big vanilla syrup lattes please")
    assert command is not None
    assert command.slots == {
        "shop": "here",
        "temperature": "iced",
        "count": 112,
        "size": "large",
        "syrup": "vanilla",
        "drink": "latte",
    }


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_whatever_the_grammar_yields_is_accepted_and_matched(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    folder = tmp_path_factory.getbasetemp()
    orders = _ORDERS.get("it") or _ORDERS.setdefault("it", loaded(folder, ORDERS))
    said = sampled(orders, seed)
    assert orders.graph().accepts(said.split())
    command = orders.match(said)
    assert command is not None
    assert command.intent == "Order"


_ORDERS: dict[str, Sentences] = {}


def places_to_wait_at(sentences: Sentences, said: str) -> bool:
    """Whether more that matters may follow these words."""
    graph, states = sentences.graph(), {0}
    for word in [*said.split(), None]:
        todo = list(states)
        while todo:
            silent = {arc.target for arc in graph.leaving[todo.pop()] if arc.word is None} - states
            states |= silent
            todo += silent
        if word is not None:
            states = {arc.target for state in states for arc in graph.leaving[state] if arc.word == word}
    return bool(states & graph.may_go_on)


@pytest.mark.parametrize(
    ("said", "waits"),
    [("tea", True), ("tea please", False), ("tea with milk", False), ("two", False), ("two teas", False)],
)
def test_it_is_waited_for_what_would_change_the_meaning_not_for_please(tmp_path: Path, said: str, waits: bool) -> None:
    sentences = one(
        tmp_path,
        "[{count}] tea[s] [with {milk}] [please]",
        "lists:\n  count: {range: {from: 2, to: 9}}\n  milk: {values: [milk, cream]}\n",
    )
    if said == "two teas":
        sentences = one(tmp_path, "{count} teas [please]", "lists:\n  count: {range: {from: 2, to: 9}}\n")
    assert places_to_wait_at(sentences, said) is waits


def test_covering_sentences_hold_every_pair_of_neighbours(tmp_path: Path) -> None:
    sentences = one(
        tmp_path, "[please] (turn|switch) {thing} (on|off) [now]", "lists: {thing: {values: [light, radio]}}"
    )
    covering = sentences.graph().covering_sentences()
    pairs = {pair for said in covering for pair in zip(said.split(), said.split()[1:], strict=False)}
    assert all(sentences.match(said) for said in covering)
    assert len(covering) < sentences.graph().count()
    assert {("please", "turn"), ("switch", "light"), ("radio", "off"), ("off", "now")} <= pairs


@pytest.mark.parametrize(
    ("template", "says", "not_says"),
    [
        ("stretch[es]", ["stretch", "stretches"], ["es"]),
        ("(a;b;c)", ["a b c", "c b a", "b a c"], ["a b", "a a b"]),
        ("{0..3:n} reps", ["zero reps", "three reps"], ["four reps"]),
        ("count to 21", ["count to twenty one"], ["count to twenty"]),
        ("living-room lamp", ["living room lamp"], ["livingroom lamp"]),
        ("[a|b] x", ["x", "a x", "b x"], ["a", "a b x"]),
        ("Don''t stop, please!", ["don't stop please"], ["dont stop please"]),
    ],
)
def test_templates_say_what_hassil_means_by_them(
    tmp_path: Path, template: str, says: list[str], not_says: list[str]
) -> None:
    sentences = one(tmp_path, template)
    for said in says:
        assert sentences.match(said), said
        assert sentences.graph().accepts(said.split())
    for said in not_says:
        assert not sentences.match(said), said
        assert not sentences.graph().accepts(said.split())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "intents"),
        ("intents: [", "YAML"),
        ("intents: {It: {data: [{sentences: ['{nothing}']}]}}", "{nothing}"),
        ("intents: {It: {data: [{sentences: ['<nothing>']}]}}", "<nothing>"),
        ("intents: {It: {data: [{sentences: [yes]}]}}", "quotes"),
        ("intents: {yes: {data: [{sentences: ['x']}]}}", "quotes"),
        ("intents: {It: {data: [{sentences: ['50 # more']}]}}", "'#' cannot be spoken"),
        ("intents: {It: {data: [{sentences: ['(open']}]}}", "template"),
        ("intents: {It: {data: [{sentences: []}]}}", "a list that is not empty"),
        ("intents: !!int ''", "keys and values"),
        ("intents: !!bool maybe", "keys and values"),
        ("intents: !!timestamp today", "keys and values"),
        ("intents: {It: {}}", "data"),
        ("intents:\n  It:\n    data:\n      sentences: ['x']", "Line 3: data of the intent 'It'"),
        ("intents: {It: {data: [{sentences: ['{a}']}]}}\nlists:\n  a: [b]", "Line 3: the list 'a'"),
        ("intents: {It: {data: [{sentences: ['<a>']}]}}\nexpansion_rules: {a: 'x <b>', b: 'y <a>'}", "itself"),
        ("intents: {It: {data: [{sentences: ['play {what}']}]}}\nlists: {what: {wildcard: true}}", "any words"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SentencesError) as caught:
        loaded(tmp_path, text)
    assert says in caught.value.why
    assert caught.value.fix
    assert "sentences.yaml" in caught.value.path


def test_a_folder_without_files_and_a_missing_file_are_errors(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere.yaml"):
        with pytest.raises(SentencesError):
            load_sentences([path])


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet="abc {}<>[]()|;:.'\"\\0129-%", max_size=30))
def test_any_template_is_taken_or_explained(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    quoted = text.replace("'", "''")
    path.write_text(f"intents: {{It: {{data: [{{sentences: ['{quoted}']}}]}}}}", encoding="utf-8")
    try:
        load_sentences([path])
    except SentencesError as error:
        assert error.why
        assert error.fix


def test_names_given_at_run_time_are_templates_too() -> None:
    sentences = own_sentences({"routine": [("hip [flexor]", "hips")], "exercise": [("hip flexor", "hips")]})
    command = sentences.match("start the hip flexor stretch")
    assert command is not None
    assert command.slots == {"routine": "hips"}


def test_a_weight_makes_an_intent_likelier_and_changes_no_meaning(tmp_path: Path) -> None:
    text = "language: en\nintents:\n  A: {data: [{sentences: [come]}]}\n  B: {data: [{sentences: [go]}]}\n"
    plain = loaded(tmp_path, text)
    weighted = plain.weighted({"A": -1.0, "B": 2.0})

    def log_probs(sentences: Sentences) -> dict[str | None, float]:
        return {arc.word: arc.log_prob for arc in sentences.graph().arcs if arc.word}

    before, after = log_probs(plain), log_probs(weighted)
    assert after["come"] == pytest.approx(before["come"] + 1.0)
    assert after["go"] == pytest.approx(before["go"] - 2.0)
    assert log_probs(weighted.only({"B"}))["go"] < 0.0
    assert weighted.match("go") == plain.match("go")
    rarer = plain.weighted({"A": -1.0, "come": 3.0})
    assert log_probs(rarer)["come"] == pytest.approx(before["come"] - 2.0)


@pytest.mark.parametrize(
    ("beginning", "intents"),
    [
        ("stop the", {"Stop"}),
        ("stop the session", {"Stop"}),
        ("that really", {"Hurts"}),
        ("Wait  a", {"Pause"}),
        ("stop the train", set()),
    ],
)
def test_the_beginning_of_a_sentence_leads_to_intents(beginning: str, intents: set[str]) -> None:
    assert VOCABULARY.named("holding").leads_to(beginning) == intents


def test_no_words_lead_to_everything() -> None:
    sentences = VOCABULARY.named("holding")
    assert sentences.leads_to("") >= set(sentences.intents)


@pytest.mark.parametrize("kind", TAKES, ids=name_of)
def test_buttons_are_what_a_phase_takes_and_what_they_say_is_understood(kind: type[Phase]) -> None:
    phase = Choosing() if kind is Choosing else object.__new__(kind)
    made = Buttons(Wording()).of(Session(ROUTINES, phase=phase))
    for button in made:
        command = VOCABULARY.of_phase(kind).match(button.say)
        assert command is not None, button
        assert command.intent == button.intent, button
    kept = SAID_ONLY | {"Help", "OutOfScope"} | (set() if "WhichRoutines" in TAKES[kind] else {"StartRoutine"})
    assert {button.intent for button in made} == set(TAKES[kind]) - kept
    assert len({button.say for button in made}) == len(made)
