"""The process in which a speech engine runs: ``python -m assistant.voice.child``, with ``natural`` for natural voices.

Requests come on standard input, answers go to standard output, complaints to standard error. It ends when its input
does, even while the engine hangs. Errors that nothing can be done about here end it: the traceback is for the log,
and the assistant starts another.
"""

from __future__ import annotations

import io
import os
import queue
import signal
import sys
import threading
from typing import Any

from assistant.voice.catalogue import UnknownVoiceError
from assistant.voice.engines import VoiceEngine, start_engine, start_natural_engine
from assistant.voice.natural import UnusableVoiceError
from assistant.voice.protocol import NATURAL, Header, read_frame, write_frame

_STDIN, _STDOUT = 0, 1


def main() -> None:
    """Say which engine speaks here, then answer requests until there are no more."""
    for name in ("SIGINT", "SIGHUP"):  # Ctrl-C and a closed terminal are for the assistant, which then ends this one
        if number := getattr(signal, name, None):  # Windows has no SIGHUP
            signal.signal(number, signal.SIG_IGN)
    answers = _take_stdout()
    requests: queue.SimpleQueue[Header] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(requests,), daemon=True).start()
    engine = start_natural_engine() if NATURAL in sys.argv[1:] else start_engine()
    write_frame(answers, {"engine": engine.name, "voices": engine.voices()})
    while True:
        request = requests.get()
        header, body = _answer(engine, request)
        write_frame(answers, header, body)


def _answer(engine: VoiceEngine, request: Header) -> tuple[Header, bytes]:
    header: dict[str, Any] = {"id": request["id"]}
    try:
        return header, engine.render(request["text"], request["voice"], request["rate"])
    except UnknownVoiceError as error:
        return {**header, "available": error.available}, b""
    except UnusableVoiceError as error:
        return {**header, "unusable": error.why}, b""


def _take_stdout() -> io.FileIO:
    """Keep the pipe to ourselves: pyttsx3 and what it calls print, which would break the frames."""
    answers = io.FileIO(os.dup(_STDOUT), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDOUT)
    os.close(nowhere)
    return answers


def _receive(requests: queue.SimpleQueue[Header]) -> None:
    # Unbuffered: a buffer's lock, held here while the main thread fails, would turn its error into a crash.
    pipe = io.FileIO(_STDIN, "rb", closefd=False)
    while True:
        try:
            requests.put(read_frame(pipe)[0])
        except EOFError:
            os._exit(0)


if __name__ == "__main__":
    main()
