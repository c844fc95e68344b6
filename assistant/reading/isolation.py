"""Work on strangers' files in a process of its own: a file that hangs, explodes or crashes it costs that file alone.

One child (`reading/child.py`) does job after job; to start Python for each file would cost more than reading it does.
The parent's clock and its watch on the child's memory stand round it, the child sets limits on itself as well,
and after a fault it is killed and the next job gets a new one. This guards against accidents and bombs; it is
no sandbox against an attacker's code, for the child runs with the rights of the user.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import psutil

from assistant.errors import AssistantError
from assistant.reading import read, refuse
from assistant.records import Document, Reason, Refusal

T = TypeVar("T")
WATCH_EVERY_S = 0.05  # how often the child's memory is looked at
NEARLY_FULL = 0.6  # a child that dies with so much of its memory in use died of memory
_MB = 1 << 20
_MESSAGES: dict[Reason, str] = {
    "timeout": "took longer to read than {timeout_s:g} seconds. Save a simpler copy, or raise SSR_READ_TIMEOUT_S.",
    "too-large": "needs more than {memory_mb} MiB to read. Split it into parts, or raise SSR_READ_MEMORY_MB.",
    "damaged": "crashes the program that reads it. Save it again from the program that made it, or as PDF.",
}


class Fault(Exception):
    """A job that did not come to its end. `reason`: timeout, too-large (it wants more memory) or damaged (it crashed
    the process)."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class IsolatedProcess:
    """Does jobs in one long-lived child process, within `timeout_s` seconds and `memory_mb` MiB for each.

    Use it as a context manager, from one thread at a time.
    """

    def __init__(self, timeout_s: float, memory_mb: int) -> None:
        self._timeout_s = timeout_s
        self._memory_mb = memory_mb
        self._child: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def do(self, job: Callable[[], T]) -> T:
        """What a job gives: a function of a module with its arguments, which travel to the child, as does what it gives
        back. Raises Fault when it does not come to its end, AssistantError when no child can be started."""
        child, pipe = self._running_child()
        watch = _Watch(child.pid, self._timeout_s, self._memory_mb)
        try:
            pipe.send(job)
            fault = watch.wait_for(pipe)
            if fault is None:
                result: T = pipe.recv()
                return result
        except (EOFError, OSError):
            fault = "too-large" if watch.memory_ran_out(child.wait()) else "damaged"
        self.close()
        raise Fault(fault)

    def close(self) -> None:
        """End the child, whatever it is doing. The next job starts another."""
        if self._pipe is not None:
            self._pipe.close()
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
        self._child = self._pipe = None

    def _running_child(self) -> tuple[subprocess.Popen[bytes], Connection]:
        if self._child is not None and self._pipe is not None and self._child.poll() is None:
            return self._child, self._pipe
        self.close()
        self._pipe, childs_end = Pipe()
        limits = [str(limit) for limit in (self._timeout_s, self._memory_mb)]
        self._child = subprocess.Popen(
            [sys.executable, "-m", "assistant.reading.child", str(childs_end.fileno()), *limits],
            pass_fds=[childs_end.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            env=_environment(),
        )
        childs_end.close()
        try:
            self._pipe.recv()  # the child says that it is ready; what fails before that is no file's fault
        except EOFError as error:
            self.close()
            raise AssistantError("The process that reads files does not start. Run `make setup` again.") from error
        return self._child, self._pipe


class ReadingWorker(IsolatedProcess):
    """Reads files, none above `max_file_mb`. With `ocr`, pages without text are read by character recognition."""

    def __init__(self, timeout_s: float, memory_mb: int, max_file_mb: int, *, ocr: bool = False) -> None:
        super().__init__(timeout_s, memory_mb)
        self._max_file_mb = max_file_mb
        self._ocr = ocr

    def read(self, path: Path, source: str) -> Document | Refusal:
        """Read one file. Whatever is wrong with it, or goes wrong in reading it, comes back as a Refusal."""
        try:
            result = self.do(partial(read, path, source, max_file_mb=self._max_file_mb, ocr=self._ocr))
        except Fault as fault:
            message = _MESSAGES[fault.reason].format(timeout_s=self._timeout_s, memory_mb=self._memory_mb)
            return refuse(path, source, fault.reason, message)
        if isinstance(result, Refusal) and result.reason == "too-large":
            self.close()  # memory that ran out leaves a child in pieces: not to be trusted with the next file
        return result


class _Watch:
    """The clock and the scales for one job."""

    def __init__(self, pid: int, timeout_s: float, memory_mb: int) -> None:
        self._process = psutil.Process(pid)
        self._deadline = time.monotonic() + timeout_s
        self._memory_mb = memory_mb
        self._peak_mb = 0.0

    def wait_for(self, pipe: Connection) -> Reason | None:
        """Wait until the child answers or ends (None), or until it must be stopped (why)."""
        while not pipe.poll(WATCH_EVERY_S):
            with contextlib.suppress(psutil.Error):
                self._peak_mb = max(self._peak_mb, self._process.memory_info().rss / _MB)
            if self._peak_mb > self._memory_mb:
                return "too-large"
            if time.monotonic() > self._deadline:
                return "timeout"
        return None

    def memory_ran_out(self, returncode: int) -> bool:
        """Was it memory that ended the child? The kernel kills with SIGKILL; libraries crash near the limit."""
        return returncode == -signal.SIGKILL or self._peak_mb > NEARLY_FULL * self._memory_mb


def _environment() -> dict[str, str]:
    """The parent's, with its import path and without threads, which take address space and gain nothing here."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
