"""Making and checking model folders that the unchanged libvosk loads, in plain Python.

A model folder is a mapping from a file's name within the folder to its bytes. `acoustic_files` makes the part that
is trained, `lexicon_graph_files` a graph that takes a grammar at run time, `sentence_graph_files` one that has the
sentences compiled into it, `write_model_folder` writes any two of them as one folder.
"""

from assistant.hearing.vosk_model.filler import Filler
from assistant.hearing.vosk_model.kaldi import Bypass, Layer, Network, PhoneOutputs
from assistant.hearing.vosk_model.lexicon_graph import lexicon_graph_files
from assistant.hearing.vosk_model.model_folder import (
    ENDPOINTING,
    Decoding,
    Endpointing,
    Features,
    acoustic_files,
    write_model_folder,
)
from assistant.hearing.vosk_model.phones import PhoneSet, PronunciationMissing
from assistant.hearing.vosk_model.sentence_graph import sentence_graph_files
from assistant.hearing.vosk_model.word_pairs import END, START, WordPairs

__all__ = [
    "END",
    "ENDPOINTING",
    "START",
    "Bypass",
    "Decoding",
    "Endpointing",
    "Features",
    "Filler",
    "Layer",
    "Network",
    "PhoneOutputs",
    "PhoneSet",
    "PronunciationMissing",
    "WordPairs",
    "acoustic_files",
    "lexicon_graph_files",
    "sentence_graph_files",
    "write_model_folder",
]
