"""Who may look after the library: whoever knows the password or has logged in, else only this machine itself."""

import hmac
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Literal
from urllib.parse import urlsplit

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from assistant.settings import Settings
from assistant.ui.languages import text

Access = Literal["open", "password", "login", "closed"]
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
FORWARDED = frozenset(
    {"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "cf-connecting-ip"}
)
_PAUSE_S = 0.5
_one_at_a_time = threading.Lock()


def staff_access() -> Access:
    """What stands between this session and the staff page."""
    password = Settings().staff_password
    if password and password.get_secret_value():
        return "open" if st.session_state.get("is_staff") else "password"
    if _has_login():
        return "open" if st.user.is_logged_in else "login"
    return "open" if is_local(st.get_option("server.address"), st.context.headers.to_dict()) else "closed"


def is_local(address: str | None, headers: Mapping[str, str | Iterable[str]]) -> bool:
    """Whether the server listens to its own machine only, and the request came from there and through nothing else.

    The name in the address line counts as well, or a page elsewhere could have its name point here.
    """
    if address not in LOOPBACK:
        return False
    names = {name.lower() for name in headers}
    host = next((str(value) for name, value in headers.items() if name.lower() == "host"), "")
    return names.isdisjoint(FORWARDED) and (not host or urlsplit(f"//{host}").hostname in LOOPBACK)


def ask_for_access(access: Access) -> None:
    """The form for the password, or the way to the login."""
    if access == "login":
        st.button(text("staff.login"), on_click=st.login, icon=":material/login:")
    elif access == "password":
        with st.form("staff_password", clear_on_submit=True):
            given = st.text_input(text("staff.password"), type="password", max_chars=200)
            if st.form_submit_button(text("staff.enter")):
                if _is_password(given):
                    st.session_state.is_staff = True
                    st.rerun()
                st.error(text("staff.wrong_password"))


def _is_password(given: str) -> bool:
    """Compares in constant time, and one attempt after another, so that guessing takes long."""
    password = Settings().staff_password
    with _one_at_a_time:
        time.sleep(_PAUSE_S)
        expected = password.get_secret_value() if password else ""
        return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def _has_login() -> bool:
    """Whether Streamlit's own login (OIDC) is set up."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False
