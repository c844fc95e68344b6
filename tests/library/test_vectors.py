import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.library.vectors import IndexDamaged, Row, VectorIndex, build_index, copy_index, open_index

READ = """
import sys
from pathlib import Path
import numpy as np
from assistant.library.vectors import open_index
folder = Path(sys.argv[1])
vectors = np.load(folder / "vectors.npy")
rows = [(f"p{n}", f"d{n % 10}", vector) for n, vector in enumerate(vectors)]
index = open_index(folder, len(rows), [])
print(list(index.lost(rows)) or "all found")
index.close()
"""


def rows_of(count: int, seed: int = 0) -> list[Row]:
    vectors = np.random.default_rng(seed).normal(size=(count, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [(f"p{n}", f"d{n % 10}", vector) for n, vector in enumerate(vectors)]


def read_in_another_process(folder: Path, rows: list[Row]) -> str:
    np.save(folder / "vectors.npy", np.stack([vector for _, _, vector in rows]))
    done = subprocess.run([sys.executable, "-c", READ, str(folder)], capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


# Chroma has lost passages just below and above 1,000, its own threshold for writing its index (#6975, #7090).
EDGES = [1, 1001, *(pytest.param(count, marks=pytest.mark.slow) for count in (999, 1000, 2500))]


@pytest.mark.parametrize("count", EDGES)
def test_another_process_finds_every_passage(tmp_path: Path, count: int) -> None:
    build_index(tmp_path, rows_of(count))
    assert read_in_another_process(tmp_path, rows_of(count)) == "all found"


@pytest.mark.parametrize("count", EDGES)
def test_a_changed_copy_holds_what_it_should(tmp_path: Path, count: int) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    rows = rows_of(count)
    build_index(old, rows)
    gone, added = (
        rows[: count // 10],
        [(f"new{n}", "d1", vector) for n, (_, _, vector) in enumerate(rows_of(60, seed=1))],
    )
    copy_index(old, new, [passage for passage, _, _ in gone], added)
    now = rows[len(gone) :] + added
    for folder, held in ((new, now), (old, rows)):
        index = open_index(folder, len(held), [])
        assert list(index.lost(held)) == []
        index.close()


def test_hundreds_of_near_copies_hide_no_other_passage(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    subject = 10 * rng.normal(size=384)
    copies = subject + 2 * rng.normal(size=(600, 384))
    others = subject + 20 * rng.normal(size=(800, 384))
    vectors = np.concatenate([copies, others]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows: list[Row] = [(f"p{n}", "d", vector) for n, vector in enumerate(vectors)]
    build_index(tmp_path, rows)
    index = open_index(tmp_path, len(rows), [])
    assert list(index.lost(rows[600:])) == []
    index.close()


def test_nearest_is_what_comparing_with_all_gives(tmp_path: Path) -> None:
    rows = rows_of(2000)
    build_index(tmp_path, rows)
    matrix = np.stack([vector for _, _, vector in rows])
    index = open_index(tmp_path, 2000, rows[:1])
    for question in rows_of(10, seed=7):
        cosines = matrix @ question[2]
        for sources in (None, {"d3", "d8"}):
            allowed = [n for n in range(2000) if sources is None or f"d{n % 10}" in sources]
            exact = sorted(allowed, key=lambda n: -cosines[n])[:20]
            hits = index.nearest(question[2], 20, sources)
            assert [hit for hit, _ in hits] == [f"p{n}" for n in exact]
            assert np.allclose([cosine for _, cosine in hits], cosines[exact], atol=1e-5)
    index.close()


def test_nothing_is_asked_for_nothing_is_found(tmp_path: Path) -> None:
    build_index(tmp_path, rows_of(5))
    index = open_index(tmp_path, 5, [])
    vector = rows_of(1)[0][2]
    assert index.nearest(vector, 0) == []
    assert index.nearest(vector, 3, set()) == []
    assert index.nearest(vector, 3, {"no such source"}) == []
    assert len(index.nearest(vector, 50)) == 5
    index.close()


def test_twins_come_in_the_order_of_their_ids_and_count_as_found(tmp_path: Path) -> None:
    vector = rows_of(1)[0][2]
    twins = [(name, "d", vector) for name in ("b", "c", "a")]
    build_index(tmp_path, twins)
    index = open_index(tmp_path, 3, twins)
    assert [name for name, _ in index.nearest(vector, 3)] == ["a", "b", "c"]
    index.close()


def test_an_empty_library_has_an_index(tmp_path: Path) -> None:
    build_index(tmp_path, [])
    open_index(tmp_path, 0, []).close()


def test_what_is_lost_is_noticed(tmp_path: Path) -> None:
    rows = rows_of(50)
    build_index(tmp_path, rows[:-1])
    with pytest.raises(IndexDamaged, match="holds 49 passages, the catalogue 50"):
        open_index(tmp_path, 50, [])
    with pytest.raises(IndexDamaged, match="does not find passage p49"):
        open_index(tmp_path, 49, rows[-1:])


@pytest.mark.parametrize("harm", ["missing", "garbage", "header"])
def test_a_damaged_index_is_noticed_and_can_be_made_again_in_the_same_process(tmp_path: Path, harm: str) -> None:
    rows = rows_of(50)
    build_index(tmp_path, rows)
    if harm == "missing":
        (tmp_path / "chroma" / "chroma.sqlite3").unlink()
    elif harm == "garbage":
        (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"garbage" * 500)
    else:
        next((tmp_path / "chroma").rglob("header.bin")).write_bytes(b"x" * 50)
    with pytest.raises(IndexDamaged):
        open_index(tmp_path, 50, rows)
    build_index(tmp_path, rows)
    open_index(tmp_path, 50, rows).close()
    assert [path.name for path in tmp_path.glob("chroma*")] == ["chroma-1"]


def test_two_readers_of_one_process_do_not_close_each_other(tmp_path: Path) -> None:
    rows = rows_of(20)
    build_index(tmp_path, rows)
    first, second = VectorIndex(tmp_path / "chroma"), VectorIndex(tmp_path / "chroma")
    first.close()
    assert second.nearest(rows[3][2], 1) == [("p3", 1.0)]
    second.close()
