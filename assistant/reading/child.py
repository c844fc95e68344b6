"""The process that reads and draws strangers' files: `python -m assistant.reading.child FD TIMEOUT_S MEMORY_MB`.

It takes jobs from the pipe (a function with its arguments) and sends back what they give, until the pipe closes. The
alarm is the kernel's: it ends a child that hangs even when the parent that should have done so is gone.
"""

import os
import resource
import signal
import sys
from multiprocessing.connection import Connection

ALARM_MARGIN_S = 10  # the parent's clock comes first
BASE_MB = 512  # address space that Python and the libraries take before the first file
_MB = 1 << 20


def serve(pipe: Connection, timeout_s: float, memory_mb: int) -> None:
    """Do jobs until the parent closes its end of the pipe."""
    _limit(resource.RLIMIT_AS, (memory_mb + BASE_MB) * _MB)
    _limit(resource.RLIMIT_CORE, 0)
    pipe.send("ready")
    _silence()
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_REAL, timeout_s + ALARM_MARGIN_S)
        result = job()
        signal.setitimer(signal.ITIMER_REAL, 0)
        pipe.send(result)


def _limit(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    resource.setrlimit(which, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _silence() -> None:
    """Send what the libraries complain about (C code too) nowhere: a Refusal says what matters."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stderr.fileno())


if __name__ == "__main__":
    fd, timeout_s, memory_mb = sys.argv[1:]
    serve(Connection(int(fd)), float(timeout_s), int(memory_mb))
