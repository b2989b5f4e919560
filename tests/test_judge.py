"""Does the learned judge read as it was taught, and can it be left out?"""

import hashlib
from importlib.resources import files

import pytest

from assistant import Assistant
from assistant import judge as module
from assistant.judge import SHA256, load_judge
from assistant.judge_input import Piece, assemble
from index import Settings
from index.errors import ModelError

pytestmark = pytest.mark.model

FILE = files("assistant") / "judge.onnx"
MOST_MEGABYTES = 25
PASSAGES = [
    [
        "The mill stood by the river for two hundred years.",
        "It burned down in 1871, when a lamp fell in the grain store.",
        "The miller rebuilt it with stone.",
    ],
    [
        "The council met on Tuesday.",
        "Anna Berg, the harbour master, told the council that the ferry needs a new engine.",
        "Nobody spoke against it.",
    ],
    [
        "The lake is fed by three springs.",
        "Its water is used by four villages and a paper factory.",
    ],
]
QUESTIONS = [
    ("When did the mill burn down?", "It burned down in 1871", "1871"),
    ("Who is the harbour master?", "Anna Berg, the harbour master", "Anna Berg"),
    ("What does the ferry need?", "Anna Berg, the harbour master", "engine"),
    ("How many springs feed the lake?", "The lake is fed", "three"),
    ("Which villages use the water?", "Its water is used", "four"),
]


@pytest.fixture(scope="session")
def evidence(make_evidence):
    """The sentences of three passages."""
    return [
        item
        for number, sentences in enumerate(PASSAGES, start=1)
        for item in make_evidence(sentences, passage=number)
    ]


def test_the_file_is_the_expected_one():
    """The weights that ship are those whose figures were measured, and they are small."""
    model = FILE.read_bytes()
    assert hashlib.sha256(model).hexdigest() == SHA256
    assert len(model) < MOST_MEGABYTES * 1_000_000


@pytest.mark.parametrize(("question", "opening", "answer"), QUESTIONS)
def test_the_answering_sentence_wins(evidence, question, opening, answer):
    """The sentence that answers scores highest, and the answer is seen where it stands."""
    verdicts = load_judge().weigh(question, evidence)
    best = max(range(len(evidence)), key=lambda row: verdicts[row].score)
    assert evidence[best].sentence_text.startswith(opening)
    start, end = verdicts[best].answer
    assert answer in evidence[best].text[start:end]


def test_an_answer_lies_inside_its_sentence(evidence):
    """Where the judge sees an answer is a part of the sentence, for every sentence."""
    for question, *_ in QUESTIONS:
        for item, verdict in zip(evidence, load_judge().weigh(question, evidence), strict=True):
            assert item.sentence.start <= verdict.answer[0] < verdict.answer[1]
            assert verdict.answer[1] <= item.sentence.end


def test_a_verdict_depends_on_its_passage_alone(evidence):
    """Neither the order of the sentences nor those of other passages change a score."""
    question = QUESTIONS[0][0]
    judge = load_judge()
    together = judge.weigh(question, evidence)
    assert judge.weigh(question, evidence[::-1]) == together[::-1]
    assert judge.weigh(question, evidence[:3]) == together[:3]


def test_odd_sentences_are_read(make_evidence):
    """Sentences without a token, of a thousand words or of other scripts have a verdict too."""
    odd = ["\u200b", "word " * 1000 + "end.", "谁关闭了港口", "😀😀", "a"]
    verdicts = load_judge().weigh("What is it?" * 100, make_evidence(odd))
    assert len(verdicts) == len(odd)


def test_a_changed_file_is_refused(monkeypatch):
    """Other weights would give other answers: they are refused, with what to do."""
    monkeypatch.setattr(module, "SHA256", "0" * 64)
    module._load.cache_clear()
    try:
        with pytest.raises(ModelError, match="ASKDOCS_JUDGE=off"):
            load_judge()
    finally:
        module._load.cache_clear()


def test_the_judge_can_be_left_out(library, tiny_encoder, monkeypatch):
    """With the setting off nothing of it is loaded, and the plain rules answer."""
    made = library({"mill.txt": " ".join(PASSAGES[0])})

    def fail():
        raise AssertionError

    question = QUESTIONS[0][0]
    settings = Settings(threshold=0)
    judged = Assistant.open(made.folder, settings=settings, encoder=tiny_encoder)
    assert any(item.verdict for item in judged.consider(question).evidence)
    monkeypatch.setattr("assistant.assistant.load_judge", fail)
    bare = settings.model_copy(update={"judge": False})
    plain = Assistant.open(made.folder, settings=bare, encoder=tiny_encoder)
    assert not any(item.verdict for item in plain.consider(question).evidence)
    assert plain.ask(question).quotes


def test_what_the_model_reads():
    """Question, title and sentences stand between special tokens, each sentence's place known."""
    question, title, one, none = (
        Piece((1, 2), ((0, 1), (1, 2))),
        Piece((3,), ((0, 1),)),
        Piece((4, 5), ((0, 1), (1, 2))),
        Piece((), ()),
    )
    read = assemble(question, title, [one, none])
    assert read.ids == (101, 1, 2, 102, 3, 102, 4, 5, 102, 102)
    assert read.sentences == ((6, 8), (8, 9))


def test_an_exported_judge_can_be_fitted_on(tmp_path):
    """What training starts from is what was exported, within half a step of its seven bits."""
    torch = pytest.importorskip("torch")
    from eval.judge.export import JudgeGraph
    from eval.judge.starting import read_judge

    width, tokens = 8, torch.Generator().manual_seed(1)
    shapes = {
        "embeddings.word_embeddings.weight": (30, width),
        "embeddings.position_embeddings.weight": (16, width),
        "embeddings.token_type_embeddings.weight": (2, width),
        "embeddings.LayerNorm.weight": (width,),
        "embeddings.LayerNorm.bias": (width,),
    }
    for layer in ("encoder.layer.0.", "encoder.layer.1."):
        for name, (rows, columns) in {
            "attention.self.query": (width, width),
            "attention.self.key": (width, width),
            "attention.self.value": (width, width),
            "attention.output.dense": (width, width),
            "intermediate.dense": (16, width),
            "output.dense": (width, 16),
        }.items():
            shapes[f"{layer}{name}.weight"] = (rows, columns)
            shapes[f"{layer}{name}.bias"] = (rows,)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes[f"{layer}{name}.weight"] = shapes[f"{layer}{name}.bias"] = (width,)
    bert = {name: torch.randn(shape, generator=tokens) for name, shape in shapes.items()}
    head = {
        "head.weight": torch.randn((3, width), generator=tokens),
        "head.bias": torch.randn((3,), generator=tokens),
    }
    config = {"num_hidden_layers": 2, "num_attention_heads": 2, "layer_norm_eps": 1e-12}
    weights = {name: value.numpy() for name, value in (bert | head).items()}
    exported = tmp_path / "judge.onnx"
    exported.write_bytes(JudgeGraph(weights, config).build())
    own = {f"bert.{name}": value for name, value in bert.items()}
    found = read_judge(exported, own)
    assert set(found) == {*own, *head}
    for name, value in (own | head).items():
        step = float(value.abs().max()) / 64
        assert float((found[name] - value).abs().max()) <= 0.51 * step, name
