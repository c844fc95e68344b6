"""PDF: from the characters that PDFium draws, to words, lines, columns, tables and paragraphs, to a Document."""
