"""Vosk as a recogniser: its decoders, and where their grammars come from.

`compiled_sentences` serves models of our own, which know phones and no words; `word_grammars` models of the official
layout, whose words are given; `runtime_grammars` what is left: models with a graph of their own, or of another kind.
"""
