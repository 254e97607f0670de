"""YAML as people mean it, and no slower or deeper than is good."""

from __future__ import annotations

import pytest
import yaml

from intents.plain_yaml import compose, construct, load, size_written_out


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("012", 12), ("08", 8), ("+7", 7), ("-3", -3), ("0", 0), ("!!int 012", 12),
        ("0.5", 0.5), (".5", 0.5), ("1.5e3", 1500.0),
        ("1:30", "1:30"), ("12:30:45", "12:30:45"), ("0x1F", "0x1F"), ("0b11", "0b11"), ("0o17", "0o17"),
        ("1_000", "1_000"), ("2026-03-01", "2026-03-01"), ("1.", "1."), (".inf", ".inf"), ("=", "="),
        ("yes", True), ("no", False), ("~", None), ("", None),
    ],
)  # fmt: skip
def test_numbers_are_what_is_written(written: str, meant: object) -> None:
    found = load(f"key: {written}")["key"]
    assert found == meant
    assert type(found) is type(meant)


@pytest.mark.parametrize("deep", ["[" * 20_000, "{" * 20_000, "- " * 20_000, "? " * 20_000, "[" * 9000 + "]" * 9000])
def test_what_is_nested_without_end_is_refused_and_ends_no_process(deep: str) -> None:
    with pytest.raises((yaml.YAMLError, RecursionError)):
        construct(compose(deep))


def test_aliases_are_counted_as_they_are_written_out() -> None:
    laughs = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    for text, size in (("a: [b, c]", 5), ("a: &a [b]\nc: *a", 7), (laughs, 1000), ("a: &a [*a]", 1000)):
        root = compose(text)
        assert root is not None
        assert size_written_out(root, 1000) == size
