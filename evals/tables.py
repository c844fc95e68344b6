"""Figures as a table in the terminal."""

import io
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from evals.statistics import Figure


def figures_table(title: str, rows: Mapping[str, Mapping[str, Figure]]) -> str:
    """One line a row, one column a figure, with intervals; as wide as it needs."""
    columns = list(dict.fromkeys(name for figures in rows.values() for name in figures))
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for column in columns:
        table.add_column(column.replace("_", " "), justify="right", no_wrap=True)
    for name, figures in rows.items():
        table.add_row(name, *(str(figures[column]) if column in figures else "" for column in columns))
    console = Console(file=io.StringIO(), width=40 + 24 * len(columns), color_system=None)
    console.print(table)
    return console.file.getvalue().rstrip()  # type: ignore[attr-defined, no-any-return]
