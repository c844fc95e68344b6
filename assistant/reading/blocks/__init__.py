"""What all formats have in common: headings, lists, tables and notes on their way into a Document."""
