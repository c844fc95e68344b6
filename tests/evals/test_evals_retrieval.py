import json
from pathlib import Path

import pytest

from assistant.encoder import MINILM, Encoder, find
from assistant.errors import UsageError
from assistant.settings import Settings
from evals.retrieval import MEASURES, Collection, evaluate, main, query_scores

SUBJECTS = ["police", "army", "prison", "court", "border", "customs", "parliament", "ombudsman", "militia", "treasury"]
DEEDS = ["was vetted in Liberia", "was built anew after the war", "answers to civilians", "lost its budget"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty documents, ten queries with graded judgements, one query without any."""
    folder = tmp_path_factory.mktemp("beir")
    texts = {f"d{i}-{j}": f"The {s} {d}. Donors paid." for i, s in enumerate(SUBJECTS) for j, d in enumerate(DEEDS)}
    corpus = [{"_id": key, "title": key if key[1] == "1" else "", "text": text} for key, text in texts.items()]
    queries = [{"_id": f"q{i}", "text": f"who vetted the {subject}?"} for i, subject in enumerate(SUBJECTS)]
    queries.append({"_id": "unjudged", "text": "anything"})
    (folder / "qrels").mkdir()
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)))
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    rows = [f"q{i}\td{i}-{j}\t{score}" for i in range(len(SUBJECTS)) for j, score in enumerate((2, 1, 0))]
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + "\n".join(rows))
    return folder


def test_queries_and_judgements_that_say_nothing_are_left_out(folder: Path) -> None:
    collection = Collection.read(folder)
    assert len(collection.documents) == 40 and len(collection.queries) == 10
    assert collection.judgements["q0"] == {"d0-0": 2, "d0-1": 1}


def test_a_folder_of_another_layout_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"qrels"):
        Collection.read(tmp_path)


def test_figures_are_those_of_the_measures(folder: Path) -> None:
    judged = {"q": {"a": 1, "b": 1}}
    scores = query_scores({"q": ["x", "a", *"mnopqrstuv", "b"]}, judged)
    assert scores["mrr@10"]["q"] == 0.5
    assert scores["recall@10"]["q"] == 0.5 and scores["recall@100"]["q"] == 1
    assert query_scores({"q": []}, judged)["ndcg@10"]["q"] == 0


@pytest.mark.slow
def test_dense_alone_is_what_sentence_transformers_own_evaluator_finds(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.evaluation import InformationRetrievalEvaluator

    collection = Collection.read(folder)
    evaluator = InformationRetrievalEvaluator(
        collection.queries,
        {document.id: f"{document.title} {document.text}".strip() for document in collection.documents},
        {key: set(found) for key, found in collection.judgements.items()},
        accuracy_at_k=[10],
        precision_recall_at_k=[10],
        mrr_at_k=[10],
        ndcg_at_k=[10],
        map_at_k=[10],
    )
    model = SentenceTransformer(str(find(MINILM).path.parent), device="cpu", local_files_only=True)
    theirs = evaluator(model)
    binary = {key: dict.fromkeys(found, 1) for key, found in collection.judgements.items()}  # as theirs counts
    ours = evaluate(
        Collection(collection.documents, collection.queries, binary), Encoder.load(Settings(encoder=MINILM), "float32")
    )["dense"]
    for name, theirs_name in (
        ("ndcg@10", "cosine_ndcg@10"),
        ("recall@10", "cosine_recall@10"),
        ("mrr@10", "cosine_mrr@10"),
    ):
        assert ours[name].value == pytest.approx(theirs[theirs_name], abs=5e-4)


@pytest.mark.slow
def test_json_names_every_system_and_measure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--beir", str(folder), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["documents"] == 40 and report["queries"] == 10
    assert set(report["systems"]) == {"dense", "full_text", "fused", "with_reader", "fused_gain"}
    assert all(set(figures) == set(MEASURES) for figures in report["systems"].values())
