"""The pages: `streamlit run app.py`. Sets up the pages and nothing else."""

from assistant.ui import navigation

navigation.run()
