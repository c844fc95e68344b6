"""A file may hang, explode or crash the process that reads it; the next file is read all the same."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from assistant.errors import AssistantError
from assistant.reading.isolation import Fault, IsolatedProcess, ReadingWorker
from assistant.records import Document, Refusal

HOSTILE = '''
import ctypes, os, re, signal
from assistant.reading.text.plain import read_plain

def read_hostile(data, source, sha256):
    """A reader that does what the file says."""
    order = data.decode()
    if order == "hang":
        re.match(r"(a+)+$", "a" * 64 + "b")  # holds the interpreter's lock for ages
    elif order == "explode":
        hoard = []
        while True:
            hoard.append(bytearray(b"x" * (8 << 20)))
    elif order == "ask for the moon":
        bytearray(1 << 40)
    elif order == "crash":
        ctypes.string_at(0)
    elif order == "abort":
        os.abort()
    elif order == "exit":
        os._exit(0)
    return read_plain(data, source, sha256)
'''
HOOK = """
from assistant import reading
reading.READERS["plain"] = ("hostile", "read_hostile")
"""


@pytest.fixture
def obedient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every child that is started now reads text with a reader that obeys the file."""
    (tmp_path / "hostile.py").write_text(HOSTILE)
    (tmp_path / "sitecustomize.py").write_text(HOOK)
    monkeypatch.syspath_prepend(tmp_path)


@pytest.fixture
def worker(obedient: None) -> Iterator[ReadingWorker]:
    with ReadingWorker(timeout_s=30, memory_mb=300, max_file_mb=1) as worker:
        yield worker


def result_of(worker: ReadingWorker, folder: Path, text: str) -> Document | Refusal:
    (folder / "file.txt").write_text(text)
    return worker.read(folder / "file.txt", "file.txt")


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("explode", "too-large"),
        ("ask for the moon", "too-large"),
        ("crash", "damaged"),
        ("abort", "damaged"),
        ("exit", "damaged"),
    ],
)
def test_a_fault_costs_its_file_alone(worker: ReadingWorker, tmp_path: Path, order: str, reason: str) -> None:
    refusal = result_of(worker, tmp_path, order)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason
    assert refusal.message.startswith("file.txt ")
    assert len(refusal.sha256) == 64
    after = result_of(worker, tmp_path, "An ordinary file.")
    assert isinstance(after, Document)
    assert after.text == "An ordinary file."


def test_a_file_that_hangs_is_given_up_after_its_time(obedient: None, tmp_path: Path) -> None:
    with ReadingWorker(timeout_s=1, memory_mb=300, max_file_mb=1) as worker:
        refusal = result_of(worker, tmp_path, "hang")
        after = result_of(worker, tmp_path, "An ordinary file.")

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "timeout"
    assert isinstance(after, Document)


def test_any_job_has_the_limits(tmp_path: Path) -> None:
    with IsolatedProcess(timeout_s=1, memory_mb=300) as process:
        assert process.do(partial(os.path.basename, "/a/b")) == "b"
        with pytest.raises(Fault) as late:
            process.do(partial(time.sleep, 60))
        with pytest.raises(Fault):
            process.do(partial(bytearray, 1 << 40))
        assert late.value.reason == "timeout"
        assert process.do(os.getpid) != os.getpid()


def test_one_process_reads_many_files(worker: ReadingWorker, tmp_path: Path) -> None:
    result_of(worker, tmp_path, "first")
    children = psutil.Process().children()
    result_of(worker, tmp_path, "second")

    assert psutil.Process().children() == children


def test_closing_ends_the_process_even_while_it_hangs(worker: ReadingWorker, tmp_path: Path) -> None:
    result_of(worker, tmp_path, "first")
    child = psutil.Process().children()[0]
    worker.close()

    assert not child.is_running()


def test_a_child_killed_while_idle_is_no_fault_of_the_next_file(worker: ReadingWorker, tmp_path: Path) -> None:
    result_of(worker, tmp_path, "first")
    child = psutil.Process().children()[0]
    child.send_signal(signal.SIGKILL)
    psutil.wait_procs([child], timeout=5)

    assert isinstance(result_of(worker, tmp_path, "second"), Document)


def test_a_file_above_the_size_limit_is_refused_unread(worker: ReadingWorker, tmp_path: Path) -> None:
    refusal = result_of(worker, tmp_path, "crash" + " " * (1 << 20))

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "too-large"


def test_a_name_that_is_no_unicode_goes_to_the_child_and_comes_back_shown(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    path.write_text("Coffee.")

    with ReadingWorker(timeout_s=10, memory_mb=1024, max_file_mb=1) as worker:
        document = worker.read(path, path.name)

    assert isinstance(document, Document)
    assert document.source == r"caf\xe9.txt"


def test_a_process_that_cannot_start_is_no_fault_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text("raise SystemExit('broken installation')")
    monkeypatch.syspath_prepend(tmp_path)

    with ReadingWorker(1, 300, 1) as worker, pytest.raises(AssistantError, match="does not start"):
        result_of(worker, tmp_path, "innocent")


def test_the_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("innocent")
    script = (
        "import pathlib, sys, time\n"
        "from assistant.reading.isolation import ReadingWorker\n"
        "worker = ReadingWorker(10, 1024, 1)\n"
        f"worker.read(pathlib.Path({str(tmp_path / 'file.txt')!r}), 'file.txt')\n"
        "print(worker._child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()

    gone, _ = psutil.wait_procs([child], timeout=10)
    assert gone == [child]


def test_the_child_loads_neither_models_nor_the_vector_store() -> None:
    script = (
        "import sys, assistant.reading.child; print({'torch', 'chromadb', 'sentence_transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
