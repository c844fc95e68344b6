"""The Streamlit pages. They stand on `assistant.Assistant` and `assistant.Library` and reach around neither."""
