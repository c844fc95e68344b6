"""How good the answers are: the last evaluation, for those who maintain the assistant.

The page reads what `python -m evals report` wrote and asks nothing itself.
"""

import json
from pathlib import Path
from typing import Any

import streamlit as st

from assistant.settings import Settings
from assistant.ui.languages import text

Report = dict[str, Any]
_MOST_CASES = 50  # failed cases drawn at once


def page() -> None:
    """Draw figures, pictures and failed cases, or say how to make them."""
    st.title(text("quality.heading"))
    path = Settings().report
    try:
        report = _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError):
        st.info(text("quality.none"))
        st.code("python -m evals run && python -m evals report", language=None, wrap_lines=True)
        return
    about = report["about"]
    st.write(text("quality.about", cases=report["measured"]["n"], library=about["library"]))
    st.caption(text("quality.model", model=about["chat_model"]) if about["chat_model"] else text("quality.no_model"))
    figures, pictures, failed = st.tabs([text("quality.figures"), text("quality.pictures"), text("quality.failed")])
    with figures:
        _figures(report)
    with pictures:
        _pictures(report)
    with failed:
        _failed(report)


@st.cache_data(show_spinner=False, max_entries=2)
def _read(path: Path, changed: int) -> Report:
    """The report; `changed` is its time of change, so that a new one is read anew."""
    report: Report = json.loads(path.read_text("utf-8"))
    return report


def _figures(report: Report) -> None:
    st.write(text("quality.figures_help"))
    differences = report["differences"]
    rows = [
        {
            text("quality.figure"): name,
            text("quality.value"): _number(figure["value"]),
            text("quality.interval"): _interval(figure),
            "n": figure["n"],
            text("quality.undefined"): figure["undefined"],
            **({text("quality.difference"): differences.get(name, "")} if differences else {}),
        }
        for name, figure in report["measured"]["figures"].items()
    ]
    st.dataframe(rows, hide_index=True, width="stretch", height=38 * len(rows) + 40)
    st.header(text("quality.by_kind"))
    kinds = [
        {text("quality.kind"): kind, **{name: _number(figures[name]["value"]) for name in report["by_kind"]}}
        for kind, figures in report["measured"]["kinds"].items()
    ]
    st.dataframe(kinds, hide_index=True, width="stretch")


def _pictures(report: Report) -> None:
    st.header(text("quality.lost_at"))
    st.caption(text("quality.lost_at_help"))
    _bars(report["measured"]["lost_at"], text("quality.cases"))
    st.header(text("quality.kept_by_kind"))
    _bars(report["kept_by_kind"], text("quality.share"))
    if report["trade_off"]:
        st.header(text("quality.trade_off"))
        st.caption(text("quality.trade_off_help"))
        x, y = text("quality.wrongly"), text("quality.rightly")
        points = [{x: p["answerable"], y: p["unanswerable"]} for p in report["trade_off"]]
        st.line_chart(points, x=x, y=y, alt=text("quality.trade_off_help"))
    if report["latency"]:
        st.header(text("quality.latency"))
        _bars({step: times["median"] for step, times in report["latency"].items()}, "ms")


def _bars(values: dict[str, float], unit: str) -> None:
    rows = [{" ": name, unit: value} for name, value in values.items()]
    said = "; ".join(f"{name}: {value:g}" for name, value in values.items())
    st.bar_chart(rows, x=" ", y=unit, horizontal=True, sort=False, alt=f"{unit}: {said}")


def _failed(report: Report) -> None:
    failed = report["failed"]
    left, right = st.columns(2)
    kinds = left.multiselect(
        text("quality.kind"), sorted({case["kind"] for case in failed}), placeholder=text("filters.all")
    )
    steps = right.multiselect(
        text("quality.lost"), sorted({case["lost"] for case in failed}), placeholder=text("filters.all")
    )
    chosen = [c for c in failed if (not kinds or c["kind"] in kinds) and (not steps or c["lost"] in steps)]
    st.caption(text("quality.shown", shown=min(len(chosen), _MOST_CASES), total=len(chosen)))
    for case in chosen[:_MOST_CASES]:
        with st.expander(_plain(f"{case['kind']} · {case['lost']}: {case['question']}")):
            _case(case)


def _case(case: Report) -> None:
    answer = case["answer"]
    if answer["rewritten"]:
        st.text(text("chat.understood", question=answer["rewritten"]))
    st.caption(text("quality.answer"))
    if not answer["claims"]:
        st.text(answer["text"])
    for claim in answer["claims"]:
        marks = "".join(f" [{number}]" for number in claim["citations"])
        unsupported = f"  ({text('support.unsupported_mark')})" if claim["supported"] is False else ""
        st.text(f"{claim['text']}{marks}{unsupported}")
    for citation in answer["citations"]:
        st.caption(_plain(f"[{citation['number']}] {citation['source']}, {text('chat.page', page=citation['page'])}"))
    for gold in case["gold"]:
        st.caption(_plain(f"{text('quality.gold')}: {gold['source']}, {text('chat.page', page=gold['page'])}"))
        st.text(gold["quote"])
    if case["key_facts"]:
        st.caption(_plain(f"{text('quality.key_facts')}: {'; '.join(case['key_facts'])}"))


def _number(value: float | None) -> str:
    return text("quality.no_value") if value is None else f"{value:.3f}"


def _interval(figure: Report) -> str:
    return "" if figure["low"] is None else f"{figure['low']:.3f} – {figure['high']:.3f}"


def _plain(words: str) -> str:
    """Words for a part that reads Markdown, so that none of them counts as mark-up."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-.!|<>~$:" else c for c in words)
