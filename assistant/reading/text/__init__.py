"""Files of nothing but text, with Markdown's marks or without any."""
