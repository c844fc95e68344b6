from collections.abc import Sequence

from assistant.answering.shown import Room, Shown, shown
from assistant.assistant import Assistant
from assistant.records import Citation

QUESTION = "What is vetting?"


def seen(assistant: Assistant, room: Room, quoted: Sequence[Citation] = ()) -> list[Shown]:
    return shown(assistant.search(QUESTION), quoted, assistant.library, room)


def test_with_room_passages_are_shown_whole_in_the_readers_order(assistant: Assistant) -> None:
    whole = seen(assistant, Room(3, 10_000, 10_000))
    assert [each.passage.id for each in whole] == [hit.passage.id for hit in assistant.search(QUESTION)[:3]]
    assert all(each.text == each.passage.text for each in whole)


def test_with_little_room_the_best_sentences_stand_in_their_order_with_a_mark_for_what_is_left_out(
    assistant: Assistant,
) -> None:
    [best] = assistant.search(QUESTION, 1)
    assert len(best.passage.sentences) > 2
    length = len(best.passage.text) // 2
    [cut] = seen(assistant, Room(1, length, length))
    scores = dict(zip(best.passage.sentences, best.sentence_scores, strict=True))
    texts = {" ".join(best.passage.sentence_text(sentence).split()): score for sentence, score in scores.items()}
    kept = [text for text in texts if text in cut.text]
    assert max(texts, key=texts.__getitem__) in kept and len(kept) < len(texts)
    assert [cut.text.index(text) for text in kept] == sorted(cut.text.index(text) for text in kept)
    assert "…" in cut.text or cut.text.startswith(kept[0])


def test_at_least_one_sentence_is_shown_however_little_room_there_is(assistant: Assistant) -> None:
    assert all(each.text for each in seen(assistant, Room(2, 1, 1)))


def test_what_the_quoted_answer_cites_comes_first_and_its_sentences_with_it(assistant: Assistant) -> None:
    other = assistant.ask("How many officers of the Liberia National Police were trained?", written=False)
    first, *_ = seen(assistant, Room(2, 200, 200), other.citations)
    assert first.passage.id == other.citations[0].passage_id
    assert " ".join(other.citations[0].quote.split()) in first.text
