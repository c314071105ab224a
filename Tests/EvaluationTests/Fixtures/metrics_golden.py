#!/usr/bin/env python3
"""Golden figures of the evaluation tests, from scikit-learn 1.x, SciPy and NumPy: writes metrics.json beside itself.

Three cases: eight classes; four of which one is never there and one never predicted; a model that is always right.
"""

import json
import pathlib
import warnings

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp, softmax
from scipy.stats import binomtest
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    confusion_matrix,
    f1_score,
    log_loss,
    precision_recall_fscore_support,
)

warnings.filterwarnings("ignore")
random = np.random.default_rng(7)


def case(classes, clips, skill, absent=None, unpredicted=None):
    there = [c for c in range(classes) if c != absent]
    targets = random.choice(there, clips)
    logits = random.normal(size=(clips, classes)) * 2
    logits[np.arange(clips), targets] += skill
    if unpredicted is not None:
        logits[:, unpredicted] = -9
    logits = np.round(logits, 3).astype(np.float32)
    probabilities = softmax(logits.astype(np.float64), axis=1).astype(np.float32)
    predicted = probabilities.argmax(axis=1)
    names = list(range(classes))
    precision, recall, f1, support = precision_recall_fscore_support(targets, predicted, labels=names, zero_division=0)
    confidence = probabilities.max(axis=1).astype(np.float64)
    hit = predicted == targets
    edges = np.ceil(confidence * 15).clip(1, 15) - 1
    calibration = sum(
        abs(confidence[edges == b].sum() - hit[edges == b].sum()) / clips for b in range(15)
    )

    def likelihood(inverse):
        scaled = logits.astype(np.float64) * inverse
        return (logsumexp(scaled, axis=1) - scaled[np.arange(clips), targets]).mean()

    best = minimize_scalar(lambda t: likelihood(1 / t), bounds=(0.05, 20), method="bounded", options={"xatol": 1e-10})
    return {
        "targets": targets.tolist(),
        "logits": logits.tolist(),
        "probabilities": probabilities.tolist(),
        "confusion": confusion_matrix(targets, predicted, labels=names).tolist(),
        "accuracy": accuracy_score(targets, predicted),
        "uar": balanced_accuracy_score(targets, predicted),
        "macroF1": f1_score(targets, predicted, average="macro"),
        "weightedF1": f1_score(targets, predicted, average="weighted"),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        "calibration": calibration,
        "likelihood": log_loss(targets, probabilities.astype(np.float64), labels=names),
        "temperature": best.x,
    }


golden = {
    "cases": [case(8, 40, 1.5), case(4, 24, 1.0, absent=2, unpredicted=1), case(3, 10, 30)],
    "mcNemar": [
        {"first": a, "second": b, "p": binomtest(a, a + b, 0.5).pvalue if a + b else 1.0}
        for a, b in [(0, 0), (0, 1), (5, 5), (3, 12), (40, 21), (700, 612)]
    ],
}
text = json.dumps(golden, separators=(",", ":"))
pathlib.Path(__file__).with_name("metrics.json").write_text(text + "\n")
