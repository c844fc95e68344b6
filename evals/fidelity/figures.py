"""From compared pages to figures, each with n, how many are undefined, and 95% intervals clustered by document."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from evals.fidelity.comparing import Comparison
from evals.fidelity.pages import ComparedPage
from evals.fidelity.words import Token
from evals.statistics import Figure, Statistic, bootstrap, quantile, ratio
from evals.tables import figures_table

WORST = 0.05  # of the pages are as bad as the "worst twentieth", or worse
MORE_IS_WORSE = ("words added", "numbers added")

Share = tuple[int, int]  # so many of so many; of none, it has no value


def shares(compared: Comparison) -> dict[str, Share]:
    """The figures of a page."""
    order = (compared.in_order, compared.common) if compared.order is not None else (0, 0)
    return {
        "word recall": _kept(compared.seen, compared.missing),
        "words added": (len(compared.added), len(compared.stored)),
        "order": order,
        "number recall": _kept(_numbers(compared.seen), _numbers(compared.missing)),
        "numbers added": (len(_numbers(compared.added)), len(_numbers(compared.stored))),
    }


def measure(pages: Sequence[ComparedPage]) -> dict[str, Any]:
    """All figures of a sample, and what became of its pages."""
    compared = [page for page in pages if page.comparison]
    by_page = [shares(page.comparison) for page in compared if page.comparison]
    documents = [page.place.source.sha256 for page in compared]
    names = list(by_page[0]) if by_page else []
    return {
        "pages": dict(Counter(page.state for page in pages)),
        "documents": len({page.place.source.sha256 for page in pages}),
        "words": _counts([page.comparison for page in compared if page.comparison]),
        "figures": {name: _figures(name, [one[name] for one in by_page], documents, len(pages)) for name in names},
    }


def _counts(compared: Sequence[Comparison]) -> dict[str, int]:
    return {
        "seen": sum(len(one.seen) for one in compared),
        "stored": sum(len(one.stored) for one in compared),
        "missing": sum(len(one.missing) for one in compared),
        "added": sum(len(one.added) for one in compared),
        "parted otherwise": sum(len(one.parted) for one in compared),
        "numbers seen": sum(len(_numbers(one.seen)) for one in compared),
        "numbers missing": sum(len(_numbers(one.missing)) for one in compared),
        "numbers added": sum(len(_numbers(one.added)) for one in compared),
        "numbers changed": sum(len(one.changed) for one in compared),
    }


def as_table(measured: dict[str, Any]) -> str:
    """The figures as a table, and what became of the pages in a line."""
    rows = {}
    for name, figure in measured["figures"].items():
        of_name = {kind: Figure(**figure[kind]) for kind in ("all together", "median page", "worst twentieth")}
        rows[f"{name} (n {figure['n']}, undefined {figure['undefined']})"] = of_name
    states = ", ".join(f"{count} {state}" for state, count in sorted(measured["pages"].items()))
    asides = "words: " + ", ".join(f"{what} {count:,}" for what, count in measured["words"].items())
    return "\n".join((figures_table(f"{measured['documents']} documents", rows), f"pages: {states}", asides))


def _figures(name: str, of_pages: Sequence[Share], documents: Sequence[str], pages: int) -> dict[str, Any]:
    kept = [(part, whole, document) for (part, whole), document in zip(of_pages, documents, strict=True) if whole]
    values, clusters = [part / whole for part, whole, _ in kept], [document for *_, document in kept]
    worst = 1 - WORST if name in MORE_IS_WORSE else WORST
    drawn = {
        "all together": ratio([part for part, *_ in kept], [whole for _, whole, _ in kept]),
        "median page": quantile(values, 0.5),
        "worst twentieth": quantile(values, worst),
    }
    figures = {kind: _figure(how, clusters).to_json() for kind, how in drawn.items()}
    return {**figures, "n": len(kept), "undefined": pages - len(kept)}


def _figure(how: Statistic, clusters: Sequence[str]) -> Figure:
    """Pages of one document alone say nothing of others: then there is no interval."""
    figure = bootstrap(how, clusters)
    return figure if len(set(clusters)) > 1 else Figure(figure.value, None, None)


def _kept(whole: Sequence[Token], lost: Sequence[Token]) -> Share:
    return len(whole) - len(lost), len(whole)


def _numbers(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.is_number]
