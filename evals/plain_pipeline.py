"""The pipeline a user would write instead, to measure ours against: pypdf pages, 1,000-character chunks, Chroma.

    python -m evals.plain_pipeline FOLDER DATABASE

Prints one JSON object: files, words, chunks, seconds (imports and loading of the model not counted).
"""

import json
import sys
import time
from pathlib import Path

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from pypdf import PdfReader

from assistant.encoder import MINILM, find


def pages_of(path: Path) -> list[str]:
    """The text of each page of a PDF, or of a text file as one page."""
    if path.suffix == ".pdf":
        return [page.extract_text() for page in PdfReader(path).pages]
    return [path.read_bytes().decode("utf-8", "replace")]


def main(folder: Path, database: Path) -> None:
    embeddings = HuggingFaceEmbeddings(model_name=str(find(MINILM).path.parent), model_kwargs={"device": "cpu"})
    embeddings.embed_query("load the model")
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    started = time.perf_counter()
    pages = [
        Document(text, metadata={"source": str(path), "page": number})
        for path in paths
        for number, text in enumerate(pages_of(path), start=1)
    ]
    chunks = splitter.split_documents(pages)
    Chroma.from_documents(chunks, embeddings, persist_directory=str(database))
    seconds = time.perf_counter() - started
    words = sum(len(page.page_content.split()) for page in pages)
    print(json.dumps({"files": len(paths), "words": words, "chunks": len(chunks), "seconds": round(seconds, 1)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
