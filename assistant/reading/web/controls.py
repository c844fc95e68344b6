"""What is filled into a form on a web page, and the page that stands in a frame, become text where they stand.

A value is read behind its label ("Receiver: NAME"), a box as ☒ or ☐. A control without a label is part of the page's
machinery, such as a field to search in.
"""

from lxml import html

from assistant.reading.web.markup import parse_part

_TYPED = frozenset(("", "text", "email", "tel", "url", "number", "date", "datetime-local", "month", "week", "time"))
_TICKED = ("checkbox", "radio")


def write_out_controls(page: html.HtmlElement) -> None:
    """Put words in the place of frames and of what is filled in."""
    for frame in [frame for frame in page.iter("iframe") if frame.get("srcdoc", "").strip()]:
        _write_out_frame(frame)
    labels = {label.get("for"): label for label in page.iter("label") if label.get("for")}
    for control in list(page.iter("input", "select", "textarea")):
        label = next(control.iterancestors("label"), labels.get(control.get("id")))
        if label is not None or control.tag == "textarea":
            _write_out(control, label)


def _write_out_frame(frame: html.HtmlElement) -> None:
    body = parse_part(frame.attrib.pop("srcdoc")).find("body")
    frame.tag = "div"
    if body is not None:
        frame.text = body.text
        frame.extend(list(body))


def _write_out(control: html.HtmlElement, label: html.HtmlElement | None) -> None:
    said = _value(control)
    if not said:
        return
    is_ticked = control.get("type", "").lower() in _TICKED
    for child in list(control):
        control.remove(child)
    control.tag = "span"
    control.text = f" {said} " if is_ticked or label is None else f"{_colon(control, label)} {said} "
    if label is not None and label in control.iterancestors():
        label.tag = "div"  # a line of its own


def _value(control: html.HtmlElement) -> str:
    """What a control shows that somebody filled in or chose."""
    kind = control.get("type", "").lower()
    if control.tag == "select":
        said = ", ".join(option.text_content() for option in control.iter("option") if "selected" in option.attrib)
    elif control.tag == "textarea":
        said = control.text or ""
    elif kind in _TICKED and next(control.iterancestors("form", "fieldset"), None) is not None:
        said = "☒" if "checked" in control.attrib else "☐"
    else:
        said = control.get("value", "") if kind in _TYPED else ""
    return " ".join(said.split())


def _colon(control: html.HtmlElement, label: html.HtmlElement) -> str:
    """The colon between a label and the value right behind it, where the label has none and no mark of its own."""
    previous = control.getprevious()
    is_beside = label is previous or (label is control.getparent() and previous is None)
    text = (label.text_content() if label is previous else label.text or "").strip()
    if not is_beside or not text or not text[-1].isalnum():
        return ""
    if label is not previous:
        label.text = text
    elif not (label.tail or "").strip():
        label.tail = None
    return ":"
