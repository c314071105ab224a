"""Writes training.json: learning rates and losses by PyTorch.

Run: python3 make_training_golden.py (torch 2.15.0).
"""

import json
import os

import torch
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR


def rates(make, steps):
    optimiser = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.003)
    scheduler = make(optimiser)
    found = []
    for _ in range(steps):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        scheduler.step() if len(found) < steps else None
    return found


def schedules():
    entries = []
    for warmup, steps in [(0.3, 50), (0.1, 37), (0.3, 4), (0.1, 5), (0.9, 200)]:
        entries.append({
            "warmup": warmup, "peak": 0.003,
            "rates": rates(
                lambda o: OneCycleLR(o, max_lr=0.003, total_steps=steps, pct_start=warmup), steps)})
    return entries


def losses():
    entries = []
    torch.manual_seed(5)
    for classes, smoothing, weighted in [
            (3, 0.0, False), (8, 0.1, False), (4, 0.0, True), (8, 0.2, True), (2, 0.5, True)]:
        logits = (3 * torch.randn(6, classes)).requires_grad_()
        labels = torch.randint(classes, (6,))
        weights = torch.rand(classes) * 2 + 0.1 if weighted else torch.ones(classes)
        # A clip counts by its own class's weight, smoothed part and all; CrossEntropyLoss(weight=)
        # would weigh the smoothed part by each class's, which pulls every answer to rare classes.
        each = nn.CrossEntropyLoss(label_smoothing=smoothing, reduction="none")(logits, labels)
        loss = (each * weights[labels]).sum() / weights[labels].sum()
        if smoothing == 0:
            assert torch.allclose(loss, nn.CrossEntropyLoss(weight=weights)(logits, labels))
        loss.backward()
        entries.append({
            "classes": classes, "smoothing": smoothing, "weights": weights.tolist(),
            "labels": labels.tolist(), "logits": logits.detach().flatten().tolist(),
            "loss": loss.item(), "gradient": logits.grad.flatten().tolist(),
            "correct": int((logits.argmax(1) == labels).sum())})
    return entries


if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    with open("training.json", "w") as file:
        json.dump({"schedules": schedules(), "losses": losses()}, file)
