"""How are the judge's weights fitted? By one pass over the examples, from a judge that shipped.

    python -m eval.judge.training --start JUDGE.onnx --output FOLDER [--steps N]

It resumes from FOLDER/checkpoint.pt. The rate stays the same until the last fifth of ``--steps``
and then falls to nothing; a run that is resumed may be given another number of steps.

The judge reads "question, title, window" at once and gives each token three numbers: what it adds
to its sentence's score (their mean is the score), and whether the answer starts or ends there.
Within a question the right sentences shall win over all others (softmax); each sentence shall also
be right or wrong by itself (logistic), so that the score of the best one tells whether there is an
answer at all. The embeddings and the lowest layers stay as they are. Only this folder imports
torch.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional
from transformers import BertModel

from eval.confidence import auroc
from eval.judge.encoded import Encoded, ExampleEncoder
from eval.judge.examples import Example, make_examples, make_validation
from eval.judge.sieving import keep_hard
from eval.judge.starting import read_judge
from index.model_files import DEFAULT_MODEL, find_model
from index.settings import Settings

SEED = 21
QUESTIONS_A_STEP = 32
LEARNING_RATE = 8e-5
WARMUP = 60
"""Steps until the rate is whole."""
DECAY = 0.2
"""The last part of the steps, in which the rate falls."""
FROZEN_LAYERS = 2
_EVERY = 50
"""Steps between two checkpoints."""
_SPAN_SHARE = 0.3
_ALONE_SHARE = 0.9
_RIGHT_WEIGHT = 3.0
"""A right sentence counts as much as so many wrong ones in the logistic part."""
_VALIDATION = 300
_VALIDATION_SEED = 20
_WINDOWS_AT_ONCE = 16


class Judge(torch.nn.Module):
    """The encoder with three numbers for each token."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(folder, add_pooling_layer=False)
        self.head = torch.nn.Linear(self.bert.config.hidden_size, 3)
        torch.nn.init.normal_(self.head.weight, std=0.02)
        torch.nn.init.zeros_(self.head.bias)
        layers = self.bert.encoder.layer[:FROZEN_LAYERS]
        for part in (self.bert.embeddings, *layers):
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
    parser.add_argument("--start", type=Path, help="an exported judge")
    parser.add_argument("--share", type=float, default=1.0, help="part of the questions")
    parser.add_argument("--steps", type=int, help="steps in all, instead of every example once")
    parser.add_argument("--validate", action="store_true", help="only validate the start")
    arguments = parser.parse_args()
    data = Settings().data
    if data is None:
        sys.exit("ASKDOCS_DATA must name the folder that holds train/.")
    arguments.output.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    judge = Judge(find_model(DEFAULT_MODEL).folder)
    if arguments.start:
        judge.load_state_dict(read_judge(arguments.start, judge.state_dict()))
    validation = list(make_validation(data / "train", _VALIDATION_SEED, _VALIDATION))
    if arguments.validate:
        _Training(judge, [], validation, arguments.output, 0).validate()
        return
    kept = _prepare(data / "train", arguments.start, arguments.share, arguments.output)
    steps = min(arguments.steps or len(kept), len(kept) // QUESTIONS_A_STEP)
    _Training(judge, kept, validation, arguments.output, steps).run()


def _prepare(data: Path, start: Path | None, share: float, output: Path) -> list[list[Encoded]]:
    """Make the examples, or take those that an earlier run has left in ``output``."""
    stored = output / "examples.pickle"
    if not stored.exists():
        encoder = ExampleEncoder()
        examples = [
            encoder.encode(number, example)
            for number, example in enumerate(make_examples(data, SEED, share))
        ]
        _say(f"{len(examples)} examples, {sum(map(len, examples))} windows")
        hard = keep_hard(start, examples, SEED) if start else examples
        stored.write_bytes(pickle.dumps(hard))
    kept: list[list[Encoded]] = pickle.loads(stored.read_bytes())  # noqa: S301 - see above
    _say(f"{len(kept)} kept, {sum(map(len, kept))} windows")
    return kept


class _Training:
    def __init__(
        self,
        judge: Judge,
        examples: Sequence[Sequence[Encoded]],
        validation: Sequence[tuple[Example, Example]],
        output: Path,
        steps: int,
    ) -> None:
        self.encoder = ExampleEncoder()
        self.judge = judge
        self.judge.eval()  # no dropout: one pass over the data does not overfit
        self.examples, self.validation, self.output = examples, validation, output
        self.steps = steps
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
                group["lr"] = LEARNING_RATE * _schedule(step, self.steps)
            rows = slice(step * QUESTIONS_A_STEP, (step + 1) * QUESTIONS_A_STEP)
            windows = [window for example in self.examples[rows] for window in example]
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
            if (step + 1) % 300 == 0:
                self.validate()
        state = {k: v.contiguous() for k, v in self.judge.state_dict().items()}
        save_file(state, self.output / "judge.safetensors")
        record = {"seed": SEED, "examples": len(self.examples), "steps": self.steps}
        (self.output / "judge.json").write_text(json.dumps(record), encoding="utf-8")
        self.validate()

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

    def _logits(self, windows: Sequence[Encoded]) -> list[torch.Tensor]:
        """Give (tokens, 3) of each window; windows of similar length are run together."""
        order = sorted(range(len(windows)), key=lambda row: len(windows[row].ids))
        found: list[torch.Tensor] = [torch.empty(0)] * len(windows)
        for at in range(0, len(order), _WINDOWS_AT_ONCE):
            rows = order[at : at + _WINDOWS_AT_ONCE]
            # Of few widths, because the processor's library prepares each one anew.
            width = -(-max(len(windows[row].ids) for row in rows) // 16) * 16
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
    def validate(self) -> None:
        """Report how often the right sentence wins, and how well answer and none are told apart."""
        right, found, missing = 0, [], []
        for example, bare in self.validation:
            values, labels = self._scores(example)
            right += labels[int(np.argmax(values))]
            found.append(max(values))
            missing.append(max(self._scores(bare)[0]))
        _say(f"validation: right {right / len(found):.3f} AUROC {auroc(found, missing):.3f}")

    def _scores(self, example: Example) -> tuple[list[float], list[int]]:
        windows = self.encoder.encode(0, example)
        values: list[float] = []
        labels: list[int] = []
        for window, numbers in zip(windows, self._logits(windows), strict=True):
            values += [float(numbers[a:b, 0].mean()) for a, b in window.sentences]
            labels += window.labels
        return values, labels


def _schedule(step: int, steps: int) -> float:
    """Warm up, stay, and fall to zero over the last part."""
    return min(1.0, (step + 1) / WARMUP, (steps - step) / (DECAY * steps))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
