"""The sidebar's part on conversations: the one that is open, this browser's others, and what is kept of them."""

from collections.abc import Callable

import streamlit as st

from assistant.settings import Settings
from assistant.ui import exports
from assistant.ui.conversations import LONGEST_NAME, Conversation, ConversationStore, conversation_to_json
from assistant.ui.languages import text
from assistant.ui.own_conversations import own_conversations
from assistant.ui.plain import plain, shortened

_SHOWN = 12
_LABEL_CHARACTERS = 48


def draw_conversations(
    store: ConversationStore,
    conversation: Conversation,
    open_conversation: Callable[[str | None], None],
    keep: Callable[[Conversation], None],
) -> None:
    """Draw in the sidebar. `open_conversation` goes to another one, None to a new one; `keep` saves a change."""
    with st.sidebar:
        st.button(
            text("chat.new"), icon=":material/add_comment:", on_click=open_conversation, args=(None,), width="stretch"
        )
        if conversation.exchanges:
            _this_one(store, conversation, open_conversation, keep)
        _others(store, conversation, open_conversation)
        with st.expander(text("conversations.kept"), icon=":material/lock:"):
            st.write(text("conversations.kept_help", days=Settings().keep_days))


def _this_one(
    store: ConversationStore,
    conversation: Conversation,
    open_conversation: Callable[[str | None], None],
    keep: Callable[[Conversation], None],
) -> None:
    with st.popover(text("conversations.this"), icon=":material/more_horiz:", width="stretch"):
        name_key = f"name_{conversation.id}"
        st.text_input(
            text("conversations.name"),
            value=conversation.name or shortened(conversation.title, LONGEST_NAME),
            max_chars=LONGEST_NAME,
            key=name_key,
            on_change=lambda: keep(conversation.renamed(st.session_state[name_key])),
        )
        _downloads(conversation)
        st.button(
            text("conversations.delete"),
            key="delete",
            icon=":material/delete:",
            help=text("conversations.delete_help"),
            on_click=_forget,
            args=(store, conversation, open_conversation),
            width="stretch",
        )


def _forget(
    store: ConversationStore, conversation: Conversation, open_conversation: Callable[[str | None], None]
) -> None:
    store.delete(conversation.id)
    st.session_state.setdefault("forgotten", set()).add(conversation.id)
    open_conversation(None)


def _downloads(conversation: Conversation) -> None:
    st.caption(text("export.heading"))
    for label, suffix, kind, make in (
        ("Word", "docx", exports.WORD_TYPE, lambda: exports.to_word(conversation)),
        ("Markdown", "md", "text/markdown", lambda: exports.to_markdown(conversation)),
        ("JSON", "json", "application/json", lambda: conversation_to_json(conversation)),
    ):
        st.download_button(
            label,
            make,
            file_name=f"ssr-conversation.{suffix}",
            mime=kind,
            key=f"export_{suffix}",
            on_click="ignore",
            icon=":material/download:",
            width="stretch",
        )


def _others(
    store: ConversationStore, conversation: Conversation, open_conversation: Callable[[str | None], None]
) -> None:
    current = conversation.id if conversation.exchanges else None
    own = own_conversations(current, st.session_state.setdefault("forgotten", set()))
    titles = _titles(store, [identifier for identifier in own if identifier != current][:_SHOWN])
    if titles:
        st.caption(text("conversations.earlier"))
    for identifier, title in titles.items():
        st.button(
            plain(shortened(title, _LABEL_CHARACTERS)),
            key=f"open_{identifier}",
            on_click=open_conversation,
            args=(identifier,),
            type="tertiary",
        )


def _titles(store: ConversationStore, identifiers: list[str]) -> dict[str, str]:
    """The titles of conversations that are still kept; each file is read once a session."""
    known: dict[str, str] = st.session_state.setdefault("titles", {})
    for identifier in identifiers:
        if identifier not in known:
            loaded = store.load(identifier)
            known[identifier] = loaded.title if loaded else ""
    return {identifier: known[identifier] for identifier in identifiers if known[identifier]}
