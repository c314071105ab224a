#!/usr/bin/env python3
"""Whether one temperature makes probabilities honest on corpora never heard and on unseen speakers of corpora that are.

    docs/experiments/temperatures.py KEPT      the folder of `emotion-lab benchmark --parts never-heard,folds --results KEPT` (needs NumPy)

For each corpus a temperature is fitted to the answers about the other corpora, and the calibration error (ten bins) is measured on its own.
Figures are among the labels of the corpus.
"""
import json
import sys
from pathlib import Path

import numpy as np

TEMPERATURES = np.exp(np.linspace(-0.7, 1.6, 120))


def kept(folder):
    """Logits and targets by corpus: of networks that never heard it, and of those that heard other speakers of it."""
    never, folds, seen = {}, {}, set()
    for path in sorted(Path(folder).glob("*.fold")):
        report, _ = json.JSONDecoder().raw_decode(path.read_text(encoding="latin-1"))
        clips = report["outcomes"]
        speakers = frozenset(clip["speaker"] for clip in clips)
        # The networks of a fold are measured again under degradations.
        if report["degraded"] or (tuple(report["epochs"]), speakers) in seen:
            continue
        seen.add((tuple(report["epochs"]), speakers))
        corpora = {speaker.split("/")[0] for speaker in speakers}
        table = never if len(corpora) == 1 else folds
        for corpus in corpora:
            own = [clip for clip in clips if clip["speaker"].split("/")[0] == corpus]
            logits = np.log(np.array([clip["probabilities"] for clip in own]) + 1e-9)
            table.setdefault(corpus, []).append((logits, np.array([clip["target"] for clip in own])))
    return [{corpus: join(parts) for corpus, parts in table.items()} for table in (never, folds)]


def join(parts):
    logits, target = (np.concatenate(values) for values in zip(*parts))
    labels = np.unique(target)
    return logits[:, labels], np.searchsorted(labels, target)


def probabilities(logits, temperature):
    powers = np.exp((logits - logits.max(axis=1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=1, keepdims=True)


def fitted(parts):
    """The temperature with the least mean cross-entropy, each corpus counting the same."""
    def loss(temperature):
        return np.mean([-np.log(probabilities(logits, temperature)[np.arange(len(target)), target] + 1e-12).mean() for logits, target in parts])
    return min(TEMPERATURES, key=loss)


def error(part, temperature):
    logits, target = part
    found = probabilities(logits, temperature)
    sure, right = found.max(axis=1), found.argmax(axis=1) == target
    bins = np.minimum((sure * 10).astype(int), 9)
    return sum(np.mean(bins == b) * abs(sure[bins == b].mean() - right[bins == b].mean()) for b in set(bins))


def main():
    never, folds = kept(sys.argv[1])
    ways = {"the folds": [folds], "the corpora never heard": [never], "both": [never, folds]}
    for name, tables in ways.items():
        rows = []
        for corpus in sorted(never):
            temperature = fitted([part for table in tables for other, part in table.items() if other != corpus])
            rows.append((temperature, error(never[corpus], temperature), error(folds[corpus], temperature)))
        low, high = min(row[0] for row in rows), max(row[0] for row in rows)
        print(f"fitted on {name}: temperatures {low:.2f} to {high:.2f}; calibration error, mean of {len(rows)} corpora: "
              f"never heard {np.mean([row[1] for row in rows]):.3f}, unseen speakers {np.mean([row[2] for row in rows]):.3f}")


if __name__ == "__main__":
    main()
