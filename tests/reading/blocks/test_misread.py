from assistant.reading.blocks import misread

SCANNED = "The i11proved police reached consensu\ufffd that the plan ge11erated order in the Region's capital. "
TYPED = "Resolution 1244 (1999), A/80/604, 35 km2, MI5, UNSCR1325, H1N1 and the level3zone were named by the mission. "


def test_a_scan_that_was_recognised_badly_is_said_to_be_one() -> None:
    sentence = misread.in_words(SCANNED * 10)
    assert sentence is not None
    assert "30 words" in sentence and "“i11proved”, “consensu\ufffd”, “ge11erated”" in sentence


def test_names_and_numbers_are_no_misread_words() -> None:
    assert misread.in_words(TYPED * 5) is None
    assert misread.in_words("Peace needs patience and a plan that people own. " * 300 + SCANNED * 4) is None
    assert misread.in_words("") is None
