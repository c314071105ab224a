#!/usr/bin/env python3
"""What answers to corpora never heard lose to a voice's own habits: UAR as answered, and corrected by what a service cannot know.

    docs/experiments/offsets.py KEPT        the folder of `emotion-lab benchmark --parts never-heard --results KEPT` (needs NumPy)

Corrected are, apart from each other: the mean probability of each label over a corpus, which is made equal; the mean logits of each
speaker, which are taken off. Figures are among the labels of the corpus that another corpus has, too.
"""
import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

CALM = 1  # RAVDESS alone has it, so it is no label in common.


def kept(folder):
    """(epochs, corpus, logits, labels, speakers) of each training that tested one whole corpus."""
    for path in sorted(Path(folder).glob("*.fold")):
        report, _ = json.JSONDecoder().raw_decode(path.read_text(encoding="latin-1"))
        clips = report["outcomes"]
        speakers = np.array([clip["speaker"] for clip in clips])
        corpora = {speaker.split("/")[0] for speaker in speakers}
        if len(corpora) == 1:
            logits = np.log(np.array([clip["probabilities"] for clip in clips]) + 1e-9)
            yield tuple(report["epochs"]), corpora.pop(), logits, np.array([clip["target"] for clip in clips]), speakers


def uar(logits, target):
    found = logits.argmax(axis=1)
    return np.mean([(found[target == label] == label).mean() for label in np.unique(target)])


def equal(logits):
    """Offsets of the labels, in small steps, until their mean probabilities are equal."""
    logits = logits.copy()
    for _ in range(200):
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        powers /= powers.sum(axis=1, keepdims=True)
        logits -= 0.3 * np.log(powers.mean(axis=0) * logits.shape[1])
    return logits


def centred(logits, speakers):
    logits = logits.copy()
    for speaker in set(speakers):
        logits[speakers == speaker] -= logits[speakers == speaker].mean(axis=0)
    return logits


def main():
    table = defaultdict(list)
    for epochs, corpus, logits, target, speakers in kept(sys.argv[1]):
        labels = sorted(set(target) - {CALM})
        counts = np.isin(target, labels)
        logits, speakers = logits[counts][:, labels], speakers[counts]
        target = np.searchsorted(labels, target[counts])
        figures = uar(logits, target), uar(equal(logits), target), uar(centred(logits, speakers), target)
        table[epochs].append(figures)
        print(f"epochs {epochs}, {corpus}: as answered {figures[0]:.3f}, labels equal {figures[1]:.3f}, speakers centred {figures[2]:.3f}")
    for epochs, rows in table.items():
        means = np.mean(rows, axis=0)
        print(f"epochs {epochs}, mean of {len(rows)}: {means[0]:.3f}, {means[1]:.3f}, {means[2]:.3f}")


if __name__ == "__main__":
    main()
