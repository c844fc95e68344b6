"""Which conversations belong to this browser: a list of ids in its own storage, and nowhere else.

The server cannot tell one browser from another and keeps no list, so nobody sees the conversations of anybody else.
"""

from collections.abc import Collection

import streamlit as st

_JS = """
const KEY = 'ssr-conversations', MOST = 50;
function stored() {
  try {
    const ids = JSON.parse(localStorage.getItem(KEY) || '[]');
    return Array.isArray(ids) ? ids.filter(id => typeof id === 'string') : [];
  } catch { return []; }  // storage switched off, or written by something else
}
export default function({ data, setStateValue }) {
  let ids = stored().filter(id => !data.forget.includes(id));
  if (data.current && !ids.includes(data.current)) ids.unshift(data.current);
  ids = ids.slice(0, MOST);
  try { localStorage.setItem(KEY, JSON.stringify(ids)); } catch { /* the list then lasts as long as the page */ }
  if (JSON.stringify(ids) !== JSON.stringify(data.known)) setStateValue('ids', ids);
}
"""

_MEMORY = st.components.v2.component("ssr_own_conversations", js=_JS)
_KEY = "own_conversations"


def own_conversations(current: str | None, forgotten: Collection[str]) -> list[str]:
    """The ids of this browser's conversations, newest first: `current` is remembered, `forgotten` are removed.

    The list comes from the browser: on the very first run of a page it is not known yet, and the page runs again.
    """
    known = list(st.session_state.get(_KEY, {}).get("ids") or [])
    result = _MEMORY(
        data={"current": current, "forget": sorted(forgotten), "known": known},
        key=_KEY,
        default={"ids": []},
        on_ids_change=lambda: None,
    )
    return [str(identifier) for identifier in result.ids or [] if identifier not in forgotten]
