"""Documents of office programs: Word, Writer, RTF, slides and spreadsheets."""
