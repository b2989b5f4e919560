"""How are the judge's weights fitted? By one pass over the examples, from the default model's own.

    python -m eval.judge.training --output FOLDER     resumes from FOLDER/checkpoint.pt

The judge reads "question, title, window" at once and gives each token three numbers: what it adds
to its sentence's score (their mean is the score), and whether the answer starts or ends there.
Within a question the right sentences shall win over all others (softmax); each sentence shall also
be right or wrong by itself (logistic), so that the score of the best one tells whether there is an
answer at all. The embeddings stay as they are. Torch is imported here and nowhere else.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import BertModel

from assistant.judge_input import Piece, assemble
from eval.confidence import auroc
from eval.judge.examples import Example, Window, make_examples, make_validation
from index.model_files import DEFAULT_MODEL, find_model
from index.settings import Settings

SEED = 20
QUESTIONS_A_STEP = 32
LEARNING_RATE = 1.2e-4
WARMUP = 0.06
_EVERY = 150
"""Steps between two checkpoints."""
_SPAN_SHARE = 0.3
_ALONE_SHARE = 0.5
_RIGHT_WEIGHT = 3.0
"""A right sentence counts as much as so many wrong ones in the logistic part."""
_VALIDATION = 250


@dataclass(frozen=True, slots=True)
class Encoded:
    """One window in tokens."""

    question: int
    ids: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]
    labels: tuple[int, ...]
    answer: tuple[int, int] | None


class Judge(torch.nn.Module):
    """The encoder with three numbers for each token."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(folder, add_pooling_layer=False)
        self.head = torch.nn.Linear(self.bert.config.hidden_size, 3)
        torch.nn.init.normal_(self.head.weight, std=0.02)
        torch.nn.init.zeros_(self.head.bias)
        for part in (
            self.bert.embeddings.word_embeddings,
            self.bert.embeddings.position_embeddings,
        ):
            part.requires_grad_(False)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Give (windows, tokens, 3) of (windows, tokens)."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        numbers: torch.Tensor = self.head(hidden.float())
        return numbers


def main() -> None:
    """Make the examples, train, and save the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--share", type=float, default=1.0, help="part of the questions")
    arguments = parser.parse_args()
    data = Settings().data
    if data is None:
        sys.exit("ASKDOCS_DATA must name the folder that holds train/.")
    arguments.output.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    examples = make_examples(data / "train", SEED, arguments.share)
    validation = list(make_validation(data / "train", SEED, _VALIDATION))
    _say(f"{len(examples)} examples")
    _Training(examples, validation, arguments.output).run()


class _Training:
    def __init__(
        self,
        examples: Sequence[Example],
        validation: Sequence[tuple[Example, Example]],
        output: Path,
    ) -> None:
        files = find_model(DEFAULT_MODEL)
        self.tokenizer = Tokenizer.from_file(str(files.folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.judge = Judge(files.folder)
        self.judge.eval()  # no dropout: one pass over the data does not overfit
        self.examples, self.validation, self.output = examples, validation, output
        self.steps = len(examples) // QUESTIONS_A_STEP
        fitted = [p for p in self.judge.parameters() if p.requires_grad]
        matrices = [p for p in fitted if p.ndim > 1]
        vectors = [p for p in fitted if p.ndim <= 1]
        self.optimizer = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}],
            lr=LEARNING_RATE,
            fused=True,
        )

    def run(self) -> None:
        """Train from the last checkpoint on, then write ``judge.safetensors``."""
        first = self._resume()
        started, seen, losses = time.monotonic(), 0, []
        for step in range(first, self.steps):
            for group in self.optimizer.param_groups:
                group["lr"] = LEARNING_RATE * _schedule(step / self.steps)
            rows = slice(step * QUESTIONS_A_STEP, (step + 1) * QUESTIONS_A_STEP)
            windows = self._encode(self.examples[rows])
            loss = self._loss(windows)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.judge.parameters(), 1.0)
            self.optimizer.step()
            self.optimizer.zero_grad()
            losses.append(float(loss.detach()))
            seen += QUESTIONS_A_STEP
            if (step + 1) % 25 == 0:
                rate = seen / (time.monotonic() - started)
                left = (self.steps - step - 1) * QUESTIONS_A_STEP / rate / 60
                mean = sum(losses[-25:]) / 25
                _say(
                    f"step {step + 1}/{self.steps} loss {mean:.3f}, "
                    f"{rate:.1f} questions a second, {left:.0f} min left"
                )
            if (step + 1) % _EVERY == 0:
                self._save(step + 1)
            if (step + 1) % (2 * _EVERY) == 0:
                self._validate()
        self._validate()
        state = {k: v.contiguous() for k, v in self.judge.state_dict().items()}
        save_file(state, self.output / "judge.safetensors")
        record = {"seed": SEED, "examples": len(self.examples), "steps": self.steps}
        (self.output / "judge.json").write_text(json.dumps(record), encoding="utf-8")

    def _resume(self) -> int:
        checkpoint = self.output / "checkpoint.pt"
        if not checkpoint.exists():
            return 0
        stored = torch.load(checkpoint, weights_only=True)
        self.judge.load_state_dict(stored["judge"])
        self.optimizer.load_state_dict(stored["optimizer"])
        _say(f"resumed at step {stored['step']}")
        return int(stored["step"])

    def _save(self, step: int) -> None:
        stored = {
            "judge": self.judge.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": step,
        }
        torch.save(stored, self.output / "checkpoint.tmp")
        (self.output / "checkpoint.tmp").replace(self.output / "checkpoint.pt")

    def _encode(self, examples: Sequence[Example]) -> list[Encoded]:
        return [
            self._encode_window(number, example.question, window)
            for number, example in enumerate(examples)
            for window in example.windows
        ]

    def _encode_window(self, number: int, question: str, window: Window) -> Encoded:
        texts = [question, window.title, *window.sentences]
        pieces = [
            Piece(tuple(e.ids), tuple(e.offsets))
            for e in self.tokenizer.encode_batch(texts, add_special_tokens=False)
        ]
        sequence = assemble(pieces[0], pieces[1], pieces[2:])
        answer = None
        if window.answer is not None:
            row, start, end = window.answer
            first, last = sequence.sentences[row]
            offsets = pieces[2 + row].offsets[: last - first]
            inside = [i for i, (a, b) in enumerate(offsets) if a < end and b > start]
            if inside:
                answer = (first + inside[0], first + inside[-1])
        return Encoded(number, sequence.ids, sequence.sentences, window.labels, answer)

    def _logits(self, windows: Sequence[Encoded]) -> list[torch.Tensor]:
        """Give (tokens, 3) of each window; windows of similar length are run together."""
        order = sorted(range(len(windows)), key=lambda row: len(windows[row].ids))
        found: list[torch.Tensor] = [torch.empty(0)] * len(windows)
        for at in range(0, len(order), 12):
            rows = order[at : at + 12]
            width = max(len(windows[row].ids) for row in rows)
            ids = torch.zeros((len(rows), width), dtype=torch.long)
            mask = torch.zeros((len(rows), width), dtype=torch.long)
            for place, row in enumerate(rows):
                length = len(windows[row].ids)
                ids[place, :length] = torch.tensor(windows[row].ids)
                mask[place, :length] = 1
            logits = self.judge(ids, mask)
            for place, row in enumerate(rows):
                found[row] = logits[place, : len(windows[row].ids)]
        return found

    def _loss(self, windows: Sequence[Encoded]) -> torch.Tensor:
        logits = self._logits(windows)
        scores: dict[int, list[torch.Tensor]] = {}
        labels: dict[int, list[int]] = {}
        spans = []
        for window, numbers in zip(windows, logits, strict=True):
            for (start, end), label in zip(window.sentences, window.labels, strict=True):
                scores.setdefault(window.question, []).append(numbers[start:end, 0].mean())
                labels.setdefault(window.question, []).append(label)
            if window.answer is not None:
                inside = slice(window.sentences[0][0], window.sentences[-1][1])
                first = window.sentences[0][0]
                for column, place in ((1, window.answer[0]), (2, window.answer[1])):
                    spans.append(
                        functional.cross_entropy(
                            numbers[inside, column][None], torch.tensor([place - first])
                        )
                    )
        parts = []
        for number, values in scores.items():
            joined, right = torch.stack(values), torch.tensor(labels[number], dtype=torch.float)
            weight = 1.0 + (_RIGHT_WEIGHT - 1.0) * right
            alone = functional.binary_cross_entropy_with_logits(
                joined, right, weight, reduction="sum"
            )
            part = _ALONE_SHARE * alone / 3.0
            if right.any() and not right.all():
                part = part + torch.logsumexp(joined, 0) - torch.logsumexp(joined[right > 0], 0)
            parts.append(part)
        loss = torch.stack(parts).sum() / len(parts)
        return loss + _SPAN_SHARE * torch.stack(spans).mean() if spans else loss

    @torch.no_grad()
    def _validate(self) -> None:
        """Report how often the right sentence wins, and how well answer and none are told apart."""
        right, found, missing = 0, [], []
        for example, bare in self.validation:
            values, labels = self._scores(example)
            right += labels[int(np.argmax(values))]
            found.append(max(values))
            missing.append(max(self._scores(bare)[0]))
        _say(f"validation: right {right / len(found):.3f} AUROC {auroc(found, missing):.3f}")

    def _scores(self, example: Example) -> tuple[list[float], list[int]]:
        windows = self._encode([example])
        values: list[float] = []
        labels: list[int] = []
        for window, numbers in zip(windows, self._logits(windows), strict=True):
            values += [float(numbers[a:b, 0].mean()) for a, b in window.sentences]
            labels += window.labels
        return values, labels


def _schedule(done: float) -> float:
    """Linear warm-up, then linear decay to zero."""
    return done / WARMUP if done < WARMUP else (1.0 - done) / (1.0 - WARMUP)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
