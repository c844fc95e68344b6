"""The chat: a question, an answer made of cited sentences, and the passages behind it."""

import threading
from dataclasses import replace

import streamlit as st

from assistant.answering.chat_model import file_of
from assistant.assistant import Assistant
from assistant.errors import AssistantError, NoLibrary
from assistant.library.question_files import LONGEST_QUESTION
from assistant.records import Answer, Filters, Turn
from assistant.settings import Settings
from assistant.ui.answer_form import can_write, choose_form, is_written_chosen, note_writing
from assistant.ui.asking import is_answered
from assistant.ui.conversation_list import draw_conversations
from assistant.ui.conversations import Conversation, ConversationStore, Exchange
from assistant.ui.filters import choose_filters, clear_filters, preset_filters
from assistant.ui.languages import text
from assistant.ui.logbook import Thumb, write_question
from assistant.ui.plain import plain
from assistant.ui.preparing import offer_to_keep
from assistant.ui.suggestions import suggested_questions
from assistant.ui.turn import Actions, Asked, draw_exchange, draw_question, filters_in_words
from assistant.ui.underway import Underway
from assistant.ui.viewer import draw_viewer

EXAMPLES = (
    "What is security sector reform?",
    "How were police officers vetted in Liberia?",
    "What did the United Nations do about the police in Kosovo?",
    "Why does national ownership matter?",
)
_LINK = ("kind", "country", "mission", "organisation", "year_from", "year_to")


@st.cache_resource(show_spinner=False)
def open_assistant() -> Assistant:
    """One assistant for the whole process: models load once, the library moves on by itself."""
    assistant = Assistant.open(Settings())
    threading.Thread(target=_warm_up, args=(assistant,), name="warm-up", daemon=True).start()
    return assistant


def _warm_up(assistant: Assistant) -> None:
    """Load the models, the chat model last, so that the first question of a visitor need not wait for that."""
    try:
        assistant.ask(EXAMPLES[0], written=False)
        if can_write():
            _ = assistant.writer
    except AssistantError:
        return  # the first question meets it again, and the page says what to do


@st.cache_resource(show_spinner=False)
def conversation_store() -> ConversationStore:
    """The conversations of this server; those past their time are deleted when it starts."""
    settings = Settings()
    store = ConversationStore(settings.state / "conversations", settings.keep_days)
    store.prune()
    return store


def page() -> None:
    """Draw the conversation and answer what is asked."""
    st.title(text("chat.heading"))
    try:
        assistant = open_assistant()
        assistant.library.refresh()
    except NoLibrary:
        _no_library()
        return
    except AssistantError as error:
        st.error(plain(str(error)))
        return
    conversation = _current(conversation_store())
    _follow_link(assistant)
    draw_conversations(conversation_store(), conversation, _go_to, _keep)
    chosen = choose_filters(assistant.library)
    st.sidebar.caption(plain(_about(Settings().chat_model)))
    _draw(conversation, chosen, assistant)


def _about(model: str | None) -> str:
    """What writes the answers, and what leaves the machine."""
    if not model:
        return text("sidebar.about")
    if file := file_of(model):
        return text("sidebar.about_local", model=file.name)
    return text("sidebar.about_model", model=model)


def _draw(conversation: Conversation, chosen: Filters, assistant: Assistant) -> None:
    asked: Asked | None = st.session_state.get("asked")
    if asked is None and "not_kept" in st.session_state:  # until something is asked: the page may run again at once
        st.info(text("conversations.not_kept", days=Settings().keep_days))
    welcome = st.empty()  # also where nothing is in it: what stood in it before must not fade behind an answer
    if not conversation.exchanges and asked is None:
        with welcome.container():
            _welcome(assistant)
    history: list[Turn] = []
    place = None
    for exchange in conversation.exchanges:
        if asked and exchange.id == asked.instead_of and (asked.as_before or exchange is conversation.exchanges[-1]):
            place = st.container()
        else:
            draw_exchange(exchange, history, assistant.library, Actions(_ask, _rate))
        history.append(Turn(exchange.answer.question, exchange.answer.text))
    draw_viewer(assistant.library, Settings().corpus, offer_to_keep)
    next_questions = st.container(key="next_questions")
    _stopped()
    with st.container(key="ask_box"):
        _chosen_above_the_box(chosen)
        choose_form()
        st.chat_input(text("chat.placeholder"), key="typed", max_chars=LONGEST_QUESTION, on_submit=_ask_what_was_typed)
    if asked:
        with place or next_questions:
            _answer(asked, conversation, chosen, assistant)
    elif conversation.exchanges:
        with next_questions:
            _suggest(conversation, assistant)


# The conversation


def _current(store: ConversationStore) -> Conversation:
    """The conversation that the address names, as this session knows it or as it was kept; else the session's own."""
    known: Conversation | None = st.session_state.get("conversation")
    named = st.query_params.get("c")
    if named and (known is None or known.id != named):
        known = store.load(named)
        if known is None:
            st.session_state.not_kept = True
            del st.query_params["c"]
    conversation = known or Conversation()
    st.session_state.conversation = conversation
    if conversation.exchanges and st.query_params.get("c") != conversation.id:
        st.query_params["c"] = conversation.id
    return conversation


def _go_to(identifier: str | None) -> None:
    """Leave for another conversation of this browser, or for a new one."""
    _keep_what_came()
    for key in ("conversation", "asked", "stopped", "not_kept", "viewed"):
        st.session_state.pop(key, None)
    st.query_params.pop("c", None)
    if identifier:
        st.query_params["c"] = identifier


def _keep(conversation: Conversation) -> None:
    """Remember for this session and on disk; where the disk will not have it, the page says so and goes on. One
    that was deleted stays so, whatever was still under way when it was."""
    if conversation.id in st.session_state.get("forgotten", ()):
        return
    st.session_state.conversation = conversation
    st.session_state.setdefault("titles", {})[conversation.id] = conversation.title
    try:
        conversation_store().save(conversation)
    except OSError as error:
        st.toast(plain(text("conversations.not_saved", message=str(error))), icon=":material/warning:")


def _rate(exchange: str, thumb: Thumb) -> None:
    _keep(st.session_state.conversation.rated(exchange, thumb))
    st.rerun()


# Asking


def _follow_link(assistant: Assistant) -> None:
    """A link `?q=...&country=...` is a question ready asked. It is followed once; the address then names the
    conversation, so that a reload asks nothing."""
    question = st.query_params.get("q")
    if question is None:
        return
    preset_filters({field: st.query_params.get_all(field) for field in _LINK}, assistant.library)
    for field in ("q", *_LINK):
        st.query_params.pop(field, None)
    if question.strip():
        _ask(Asked(question[:LONGEST_QUESTION]))


def _ask(asked: Asked) -> None:
    """Have a question answered. It stays asked, whatever interrupts this run of the page, until it is answered or
    stopped."""
    for key in ("stopped", "not_kept"):
        st.session_state.pop(key, None)
    _keep_what_came()
    st.session_state.asked = replace(asked, written=is_written_chosen()) if asked.written is None else asked


def _ask_what_was_typed() -> None:
    _ask(Asked(st.session_state.typed))


def _stop() -> None:
    asked: Asked | None = st.session_state.pop("asked", None)
    if not _keep_what_came() and asked and not asked.as_before:
        st.session_state.stopped = asked


def _keep_what_came() -> bool:
    """End what is under way. Its answer is kept as far as it can stand for itself: whole, or in the documents' own
    words unless they stand there already. Whether there was one."""
    work: Underway | None = st.session_state.pop("underway", None)
    if work is None:
        return False
    work.stop()
    answer = work.progress.answer or (None if work.asked.as_before else work.progress.quoted)
    if answer:
        _keep_answer(work, answer)
    return answer is not None


def _keep_answer(work: Underway, answer: Answer) -> None:
    asked, conversation = work.asked, st.session_state.conversation
    exchange = Exchange(answer, work.chosen, work.typed, alone=asked.alone)
    st.session_state.arrived = exchange.id
    _log(answer)
    note_writing(answer)
    if asked.as_before and asked.instead_of:
        _keep(conversation.answered_again(exchange, asked.instead_of))
    else:
        _keep(conversation.with_exchange(exchange, asked.instead_of))


def _stopped() -> None:
    """What was stopped, and the way to ask it after all."""
    asked: Asked | None = st.session_state.get("stopped")
    if asked:
        draw_question(asked.question, "stopped")
        st.text(text("chat.stopped"))
        st.button(text("chat.again"), on_click=_ask, args=(asked,), icon=":material/replay:")


def _answer(asked: Asked, conversation: Conversation, chosen: Filters, assistant: Assistant) -> None:
    draw_question(asked.question, "asked", is_new=True)
    try:
        is_there = is_answered(asked, conversation, chosen, assistant, _stop)
    except AssistantError as error:
        for key in ("asked", "underway"):
            st.session_state.pop(key, None)
        st.error(plain(text("chat.failed", message=str(error))))
        return
    if is_there:
        st.session_state.pop("asked", None)
        _keep_what_came()
        st.rerun()


def _log(answer: Answer) -> None:
    try:
        write_question(Settings().state, answer)
    except OSError as error:
        st.toast(plain(text("conversations.not_saved", message=str(error))), icon=":material/warning:")


def _suggest(conversation: Conversation, assistant: Assistant) -> None:
    """Questions to go on with, looked for when everything else of the page stands."""
    last = conversation.exchanges[-1]
    asked = [exchange.answer.question for exchange in conversation.exchanges]
    try:
        questions = suggested_questions(last.answer, last.chosen, asked, assistant)
    except AssistantError:
        return  # suggestions are an extra: the answer stands without them
    if questions:
        abstained = last.answer.status == "abstained"
        st.caption(text("chat.can_answer" if abstained else "chat.next"))
    for number, question in enumerate(questions):
        st.button(
            plain(question),
            key=f"next_{number}_{last.id}",
            on_click=_ask,
            args=(Asked(question, alone=True),),
            width="stretch",
        )


# What stands around the conversation


def _chosen_above_the_box(chosen: Filters) -> None:
    """The filters of the sidebar, which a small screen hides, with a way to drop them."""
    if chosen != Filters():
        with st.container(horizontal=True, vertical_alignment="center", key="chosen"):
            st.caption(plain(filters_in_words(chosen)))
            st.button(text("filters.clear"), key="clear_here", on_click=clear_filters, type="tertiary")


def _welcome(assistant: Assistant) -> None:
    documents = assistant.library.documents()
    pages = sum(info.pages for info in documents)
    st.write(text("chat.intro_model" if Settings().chat_model else "chat.intro"))
    st.write(text("chat.library_line", documents=len(documents), pages=pages))
    st.caption(text("chat.examples"))
    for example in EXAMPLES:
        st.button(example, on_click=_ask, args=(Asked(example),), width="stretch")


def _no_library() -> None:
    st.warning(text("chat.no_library"))
    st.text(text("chat.no_library_help", corpus=str(Settings().corpus)))
