import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import LibraryError, LibraryLocked, LibraryMismatch, NoLibrary
from assistant.library.generations import Generations, Manifest, write_durably


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "library")


def add(generations: Generations, content: str = "abcdef0123456789") -> str:
    """A generation that holds nothing but a file, made current."""
    generations.folder("").mkdir(parents=True, exist_ok=True)
    folder = generations.begin()
    (folder / "catalogue.sqlite").write_text(content)
    name = generations.next_id(content)
    generations.finish(folder, name)
    generations.switch_to(name)
    return name


def in_another_process(code: str, library: Path) -> subprocess.Popen[str]:
    start = "import sys; from pathlib import Path; from assistant.library.generations import *; "
    process = subprocess.Popen(
        [sys.executable, "-c", start + code, str(library)],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_ids_sort_by_time_even_when_the_clock_goes_back(generations: Generations) -> None:
    first = add(generations)
    generations.folder(first).rename(generations.folder("29990101T000000.000000Z-00000000"))
    assert generations.next_id("ffff0000") > "29990101T000000.000000Z-00000000"
    assert generations.next_id("ffff0000").endswith("-ffff0000")


def test_there_is_no_library_before_the_first_switch(generations: Generations) -> None:
    with pytest.raises(NoLibrary, match=r"ingest\.py"):
        generations.current()
    assert generations.stamp() is None
    name = add(generations)
    assert generations.current() == name
    stamp = generations.stamp()
    assert stamp is not None
    add(generations)
    assert generations.stamp() != stamp


def test_three_generations_are_kept(generations: Generations) -> None:
    with generations.writing():
        names = [add(generations) for _ in range(5)]
        generations.prune()
    assert generations.all() == names[-3:]


def test_a_generation_that_is_read_is_not_pruned(generations: Generations) -> None:
    with generations.writing():
        names = [add(generations) for _ in range(5)]
        hold = "l = Generations(Path(sys.argv[1])).lock_for_reading('%s'); print('held', flush=True); input()"
        reader = in_another_process(hold % names[0], generations.library)
        lock = generations.lock_for_reading(names[1])
        generations.prune()
        assert generations.all() == [*names[:2], *names[2:]]
        end(reader)
        assert lock is not None
        lock.close()
        generations.prune()
    assert generations.all() == names[-3:]


def test_after_going_back_the_current_generation_is_kept(generations: Generations) -> None:
    with generations.writing():
        names = [add(generations) for _ in range(3)]
        assert generations.roll_back() == names[1]
        assert generations.roll_back() == names[0]
        with pytest.raises(LibraryError, match="no generation before"):
            generations.roll_back()
        generations.prune()
        assert names[0] in generations.all()


def test_the_sweep_takes_debris_and_what_was_never_switched_to(generations: Generations) -> None:
    with generations.writing():
        kept = add(generations)
        generations.finish(generations.begin(), generations.next_id("00000000"))
        (generations.begin() / "half").write_text("a")
        assert len(generations.sweep()) == 2
        assert generations.all() == [kept]
        assert generations.sweep() == []


def test_without_a_current_generation_the_sweep_keeps_all(generations: Generations) -> None:
    with generations.writing():
        name = add(generations)
        (generations.library / "current").unlink()
        generations.sweep()
    assert generations.all() == [name]


def test_there_is_one_writer_and_a_killed_one_leaves_no_lock(generations: Generations) -> None:
    hold = "w = Generations(Path(sys.argv[1])).writing(); w.__enter__(); print('held', flush=True); input()"
    writer = in_another_process(hold, generations.library)
    with pytest.raises(LibraryLocked, match="Another ingest"), generations.writing():
        pass
    end(writer)
    with generations.writing():
        pass


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    write_durably(tmp_path / "current", "one")
    write_durably(tmp_path / "current", "two")
    assert (tmp_path / "current").read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


def test_a_manifest_that_is_missing_broken_or_of_another_layout_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NoLibrary):
        Manifest.read(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(LibraryError, match="rollback"):
        Manifest.read(tmp_path)
    (tmp_path / "manifest.json").write_text('{"layout": 999, "something": "new"}')
    with pytest.raises(LibraryMismatch, match="999"):
        Manifest.read(tmp_path)
