import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import TooManyWithdrawn
from assistant.library.corpus import CorpusFile, Descriptions, files_of
from assistant.library.entries import Duplicate, Filed
from assistant.library.planning import Digests, Plan, Stored, Versions, check_withdrawal, make_plan
from assistant.reading import digest
from assistant.records import Metadata, Refusal

NOW = Versions({"word": "1", "pdf": "1"}, "splitter 1", "model 1")
NO_ROWS = Descriptions({}, {})


def file(source: str) -> CorpusFile:
    return CorpusFile(source, Path(source), 1, 1)


def filed(sha256: str, **changed: str) -> Filed:
    values = {"reader_version": "word:1", "splitter_version": "splitter 1", "text_sha256": "t" + sha256} | changed
    return Filed(sha256=sha256, metadata=Metadata(), own_metadata=Metadata(), **values)


def plan_for(
    here: dict[str, str],
    stored: Stored,
    versions: Versions = NOW,
    rows: Descriptions = NO_ROWS,
    *,
    whole_corpus: bool = True,
    retry: bool = False,
) -> Plan:
    files = {source: file(source) for source in here}
    return make_plan(files, here, stored, rows, versions, whole_corpus=whole_corpus, retry=retry)


def to_read(plan: Plan) -> list[str]:
    return [read.source for read in plan.to_read]


def test_new_and_changed_files_are_read_and_others_left_alone() -> None:
    stored = Stored({"same": filed("1"), "changed": filed("2"), "gone": filed("3")}, encoder="model 1")
    plan = plan_for({"same": "1", "changed": "x", "new": "y"}, stored)
    assert (to_read(plan), plan.unchanged, plan.withdrawn) == (["changed", "new"], ("same",), ("gone",))
    assert not plan.changes_nothing
    assert plan_for({"same": "1", "changed": "2", "gone": "3"}, stored).changes_nothing


def test_another_reader_reads_again_another_splitter_or_model_does_not() -> None:
    stored = Stored({"a": filed("1")}, encoder="model 1")
    assert to_read(plan_for({"a": "1"}, stored, Versions({"word": "2", "pdf": "1"}, "splitter 1", "model 1"))) == ["a"]
    for versions in (
        Versions({"word": "1", "pdf": "1"}, "splitter 2", "model 1"),
        Versions({"word": "1", "pdf": "1"}, "splitter 1", "model 2"),
    ):
        plan = plan_for({"a": "1"}, stored, versions)
        assert (to_read(plan), plan.to_split, plan.unchanged) == ([], ("a",), ())


def test_another_row_in_sources_csv_splits_again() -> None:
    stored = Stored({"a": filed("1")}, encoder="model 1")
    rows = Descriptions({"a": Metadata(title="Now it has one")}, {})
    assert plan_for({"a": "1"}, stored, rows=rows).to_split == ("a",)


def test_with_paths_nothing_else_is_touched_unless_the_model_is_another() -> None:
    stored = Stored({"a": filed("1"), "b": filed("2", splitter_version="old")}, encoder="model 1")
    plan = plan_for({"a": "1"}, stored, whole_corpus=False)
    assert plan.changes_nothing
    other = plan_for(
        {"a": "1"}, stored, Versions({"word": "1", "pdf": "1"}, "splitter 1", "model 2"), whole_corpus=False
    )
    assert other.to_split == ("a", "b")


def test_a_refusal_is_remembered_until_the_file_or_the_reader_changes_or_a_retry() -> None:
    refusal = Refusal("a", "1", "damaged", "a is broken.")
    stored = Stored(refusals={"a": (refusal, "word:1")}, encoder="model 1")
    assert plan_for({"a": "1"}, stored).refused == (refusal,)
    assert plan_for({"a": "1"}, stored).changes_nothing
    assert to_read(plan_for({"a": "2"}, stored)) == ["a"]
    assert to_read(plan_for({"a": "1"}, stored, Versions({"word": "2", "pdf": "1"}, "splitter 1", "model 1"))) == ["a"]
    assert to_read(plan_for({"a": "1"}, stored, retry=True)) == ["a"]
    gone = plan_for({"b": "2"}, stored)
    assert (gone.dropped, gone.withdrawn) == (("a",), ())


def test_a_file_that_could_not_be_opened_is_tried_again() -> None:
    stored = Stored(refusals={"a": (Refusal("a", "", "unreadable", "a cannot be opened."), "word:1")})
    assert to_read(plan_for({"a": ""}, stored)) == ["a"]


def test_a_duplicate_is_read_again_when_its_document_goes_or_changes() -> None:
    twin = Duplicate("b", "1", "a", "word:1")
    stored = Stored({"a": filed("1")}, duplicates={"b": twin}, encoder="model 1")
    assert plan_for({"a": "1", "b": "1"}, stored).duplicates == (twin,)
    assert to_read(plan_for({"b": "1"}, stored)) == ["b"]
    assert to_read(plan_for({"a": "2", "b": "1"}, stored)) == ["a", "b"]
    assert plan_for({"a": "1"}, stored).withdrawn == ("b",)


@given(total=st.integers(1, 40), gone=st.integers(0, 40))
def test_many_withdrawals_stop_the_ingest(total: int, gone: int) -> None:
    gone = min(gone, total)
    stored = Stored({f"{n:02}": filed(str(n)) for n in range(total)}, encoder="model 1")
    here = {f"{n:02}": str(n) for n in range(gone, total)}
    plan = plan_for(here, stored)
    if gone > 3 and gone > 0.2 * total:
        with pytest.raises(TooManyWithdrawn, match="--withdraw"):
            check_withdrawal(plan, stored, here)
    else:
        check_withdrawal(plan, stored, here)


def test_what_was_only_moved_is_not_gone() -> None:
    stored = Stored({f"old/{n}": filed(str(n)) for n in range(10)}, encoder="model 1")
    here = {f"new/{n}": str(n) for n in range(10)}
    check_withdrawal(plan_for(here, stored), stored, here)


def test_digests_are_taken_from_the_last_time_while_size_and_time_are_the_same(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    path = corpus / "a.txt"
    path.write_text("one")
    os.utime(path, ns=(10**18, 10**18))
    first = Digests(tmp_path / "seen.json", corpus, "1")
    sha256 = first.of(files_of(corpus)["a.txt"])
    first.save(whole_corpus=True)
    path.write_text("two")
    changed = Digests(tmp_path / "seen.json", corpus, "1").of(files_of(corpus)["a.txt"])
    os.utime(path, ns=(10**18, 10**18))
    assert changed != sha256
    assert Digests(tmp_path / "seen.json", corpus, "1").of(files_of(corpus)["a.txt"]) == sha256
    assert Digests(tmp_path / "seen.json", tmp_path, "1").of(files_of(corpus)["a.txt"]) == changed


def test_a_digest_is_taken_again_when_asked_and_once_for_each_version_of_the_reader(tmp_path: Path) -> None:
    def digests(version: str, *, afresh: bool = False) -> tuple[Digests, str]:
        made = Digests(tmp_path / "seen.json", tmp_path, version, afresh=afresh)
        return made, made.of(files_of(tmp_path)["a.txt"])

    def write(text: str) -> None:
        (tmp_path / "a.txt").write_text(text)
        os.utime(tmp_path / "a.txt", ns=(10**18, 10**18))

    write("one")
    first, one = digests("1")
    first.save(whole_corpus=True)
    write("two")
    assert digests("1")[1] == one
    asked, two = digests("1", afresh=True)
    assert two != one and asked.changed_unseen == ["a.txt"]
    newer, seen = digests("2")
    assert seen == two and newer.changed_unseen == ["a.txt"]
    newer.save(whole_corpus=True)
    write("six")
    trusting, seen = digests("2")
    assert seen == two and not trusting.changed_unseen


def test_what_an_older_reader_saw_is_not_trusted_after_one_file_was_named(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("one")
        os.utime(tmp_path / name, ns=(10**18, 10**18))
    files = files_of(tmp_path)
    for version, names in (("1", ("a.txt", "b.txt")), ("2", ("a.txt",))):
        digests = Digests(tmp_path / "seen.json", tmp_path, version)
        for name in names:
            digests.of(files[name])
        digests.save(whole_corpus=len(names) == 2)
    (tmp_path / "b.txt").write_text("two")
    os.utime(tmp_path / "b.txt", ns=(10**18, 10**18))
    seen = Digests(tmp_path / "seen.json", tmp_path, "2").of(files_of(tmp_path)["b.txt"])
    assert seen == digest(tmp_path / "b.txt")


def test_a_file_that_has_just_been_written_is_looked_at_again(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    digests = Digests(tmp_path / "seen.json", tmp_path, "1")
    digests.of(files_of(tmp_path)["a.txt"])
    digests.save(whole_corpus=True)
    assert not (tmp_path / "seen.json").exists() or not json.loads((tmp_path / "seen.json").read_text())["files"]


def test_a_broken_cache_of_digests_is_no_more_than_slow(tmp_path: Path) -> None:
    (tmp_path / "seen.json").write_text("[1, 2")
    (tmp_path / "a.txt").write_text("one")
    assert len(Digests(tmp_path / "seen.json", tmp_path, "1").of(files_of(tmp_path)["a.txt"])) == 64


def test_another_reader_of_one_format_reads_no_other_again() -> None:
    stored = Stored({"a": filed("1"), "b": filed("2", reader_version="pdf:1")}, encoder="model 1")
    newer = Versions({"word": "1", "pdf": "2"}, "splitter 1", "model 1")
    assert to_read(plan_for({"a": "1", "b": "2"}, stored, newer)) == ["b"]
