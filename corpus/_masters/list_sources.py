"""Write corpus/sources.csv from the front matter of the documents and masters.

    python corpus/_masters/list_sources.py [--check]

Lists stand in one cell, parted by "; ". With --check nothing is written; exit 1 when the file is out of date.
"""

import argparse
import csv
import hashlib
import io
import sys
from pathlib import Path
from typing import Any

import yaml

CORPUS = Path(__file__).parent.parent
FIELDS = ("title", "kind", "symbol", "publisher", "organisations", "country", "mission", "year", "checked")
FIELDS += ("period", "edition", "status", "licence")


def front_matter(path: Path) -> dict[str, Any]:
    """The front matter of a Markdown file."""
    return yaml.safe_load(path.read_text("utf-8").split("\n---\n", 1)[0].removeprefix("---\n"))  # type: ignore[no-any-return]


def documents() -> dict[Path, Path]:
    """Each document of the corpus with the Markdown that holds its front matter."""
    masters = CORPUS / "_masters"
    plain = {path: path for folder in ("doctrine", "cases", "lessons") for path in (CORPUS / folder).glob("*.md")}
    typeset = {CORPUS / m.relative_to(masters).with_suffix(".pdf"): m for m in masters.rglob("*.md")}
    return dict(sorted((plain | typeset).items()))


def rows() -> list[dict[str, str]]:
    """One row for each document."""
    made = []
    for path, master in documents().items():
        front = front_matter(master)
        row = {"path": path.relative_to(CORPUS).as_posix()}
        for field in FIELDS:
            value = front.get(field)
            row[field] = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
        row["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        made.append(row)
    return made


def as_csv() -> str:
    target = io.StringIO()
    writer = csv.DictWriter(target, ["path", *FIELDS, "sha256"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows())
    return target.getvalue()


def main() -> int:
    """Write or check the list; the exit code."""
    parser = argparse.ArgumentParser(description="Write sources.csv from the front matter.")
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    check = parser.parse_args().check
    target, made = CORPUS / "sources.csv", as_csv()
    current = target.exists() and target.read_text("utf-8") == made
    if not current and not check:
        target.write_text(made, "utf-8")
    if not current:
        print(f"{'out of date' if check else 'written'}: sources.csv")
    return int(check and not current)


if __name__ == "__main__":
    sys.exit(main())
