"""Writes gradients/*.safetensors: gradients of layers and networks by PyTorch's autograd.

Run: python3 make_gradient_golden.py [NAME...] (torch 2.13.0 or later, safetensors). In training mode,
for a batch of clips of different lengths; the loss is the inner product of the logits and
`projection`. Each file holds the network, its weights, the clips, the logits, the gradient of every
weight and of the clips, and the running statistics after the step. And adamw.safetensors: a few
optimiser steps.
"""

import os
import sys

import torch
from torch import nn
from reference_network import (
    clips_named, cnn_bilstm_attention, conv, dense, flat, layer, mfcc_lstm, network,
    reference, residual_map, save, transformer, weights)


# In front of a layer, so that the gradient it hands on is seen by weights too.
norm = layer("batchNorm", "first")
dense2 = layer("dense", "out", units=2)
SHORT = [5, 1, 8, 5]
LONG = [9, 7, 13]

CASES = {
    "conv-first": (network(6, 2, conv(channels=3, kernel=[3, 3], padding=[1, 1])), SHORT),
    "conv-stride-2": (
        network(9, 2, norm, conv(channels=4, kernel=[5, 3], stride=[2, 2], padding=[2, 1])), SHORT),
    "conv-uneven": (
        network(8, 2, norm,
                conv(channels=3, kernel=[3, 2], stride=[2, 1], padding=[1, 0], bias=False)), LONG),
    "conv-stride-beyond-kernel": (
        network(10, 2, norm, conv(channels=2, kernel=[2, 3], stride=[4, 5], padding=[1, 2])),
        SHORT),
    "conv-several-blocks": (
        network(64, 3, norm, conv(channels=2, kernel=[9, 9], padding=[4, 4])), [5, 11]),
    "batch-norm": (
        network(4, 3, layer("batchNorm", "norm", epsilon=1e-3, momentum=0.3)), SHORT),
    "norm-of-sequence": (network(3, 4, flat, layer("batchNorm", "norm"), dense), SHORT),
    "norm-of-statistics": (
        network(3, 4, flat, layer("statisticsPooling", "pool"), layer("batchNorm", "norm"), dense),
        SHORT),
    # What it drops is random; at rate 0 it is nothing.
    "dropout": (network(4, 3, norm, layer("dropout", "drop", rate=0.0)), SHORT),
    "softmax": (network(1, 5, layer("softmax", "softmax")), SHORT),
    "standardize": (
        network(3, 4, norm, flat, dense, layer("standardize", "scale", limit=0.8), dense2), SHORT),
    "relu": (network(4, 3, norm, layer("relu", "relu")), SHORT),
    "max-pool": (network(8, 3, norm, layer("maxPool", "pool", window=[3, 2], stride=[2, 1])), LONG),
    "average-pool": (
        network(5, 3, norm, layer("averagePool", "pool", window=[2, 3], stride=[1, 2])), LONG),
    "dense": (network(3, 4, norm, flat, dense), SHORT),
    "lstm": (network(1, 5, layer("lstm", "rnn", units=3)), SHORT),
    "lstm-bidirectional": (
        network(3, 2, norm, flat, layer("lstm", "rnn", units=3, bidirectional=True)), SHORT),
    "lstm-stacked-bidirectional": (
        network(1, 4, layer("lstm", "rnn", units=3, layers=2, bidirectional=True)), SHORT),
    "last-step": (network(3, 2, norm, flat, layer("lastStep", "last"), dense), SHORT),
    "attention": (network(1, 5, layer("attentionPooling", "pool")), SHORT),
    "attention-deviation": (
        network(3, 4, flat, layer("attentionPooling", "pool", deviation=True), dense), SHORT),
    "mean": (network(1, 5, layer("statisticsPooling", "pool", deviation=False)), SHORT),
    "statistics": (network(3, 4, flat, layer("statisticsPooling", "pool"), dense), SHORT),
    "gru": (network(1, 5, layer("gru", "rnn", units=3)), SHORT),
    "gru-bidirectional": (
        network(3, 2, norm, flat, layer("gru", "rnn", units=3, bidirectional=True)), SHORT),
    "gru-stacked": (network(1, 4, layer("gru", "rnn", units=3, layers=3)), SHORT),
    "layer-norm": (network(1, 5, layer("layerNorm", "norm", epsilon=1e-3)), SHORT),
    "layer-norm-of-sequence": (
        network(3, 4, norm, flat, layer("layerNorm", "norm"), dense), SHORT),
    "self-attention": (network(1, 6, layer("selfAttention", "look", heads=3)), SHORT),
    "self-attention-of-sequence": (
        network(3, 4, norm, flat, layer("selfAttention", "look", heads=2), dense), SHORT),
    "self-attention-several-blocks": (
        network(1, 4, layer("selfAttention", "look", heads=2)), [300, 3]),
    "residual": (network(5, 2, norm, residual_map), SHORT),
    "residual-lstm": (
        network(
            1, 4, flat, layer("residual", "around", layers=[layer("lstm", "rnn", units=4)])), SHORT),
    "transformer": (network(3, 4, norm, *transformer), SHORT),
    "unroll": (
        network(3, 4, flat, dense, layer("statisticsPooling", "mean", deviation=False),
                layer("dense", "mix", units=5), layer("unroll", "steps"),
                layer("gru", "rnn", units=3), layer("lastStep", "last")), SHORT),
    "cnn-bilstm-attention": (cnn_bilstm_attention(dropout=0.0), [23, 9, 40, 1]),
    "mfcc-lstm": (mfcc_lstm, [11, 4, 17]),
}


def gradients(name, spec, lengths):
    model, clips = reference(name, spec, lengths)
    before = weights(model)
    model.train()
    for clip in clips:
        clip.requires_grad_()
    # Training leaves a closing softmax to the loss, unless there is nothing else.
    logits = model(clips, closing_softmax=len(spec["layers"]) == 1)
    projection = [torch.randn_like(y) for y in logits]
    # The test reads the projection as float: the loss must be of those numbers.
    projection = [p.float().double() for p in projection]
    sum((y * p).sum() for y, p in zip(logits, projection)).backward()
    tensors = before | clips_named("input", [c.detach() for c in clips])
    tensors |= clips_named("output", [y.detach() for y in logits])
    tensors |= clips_named("projection", projection)
    learns = [e["type"] for e in spec["layers"] if e["type"] not in ("sequence", "relu")]
    if learns[0] != "conv2d":  # its input's gradient is not computed when it comes first
        tensors |= clips_named("input-gradient", [c.grad for c in clips])
    for key, parameter in model.named_parameters():
        tensors["gradient." + key] = parameter.grad.float().contiguous()
    for key, value in weights(model).items():
        if "running" in key:
            tensors["after." + key] = value
    save(f"gradients/{name}.safetensors", spec, lengths, tensors)


def adamw():
    """Two groups, with and without decay; the learning rate changes on the way."""
    torch.manual_seed(7)
    parts = [nn.Parameter(torch.randn(19)), nn.Parameter(torch.randn(14))]
    optimiser = torch.optim.AdamW(
        [{"params": [parts[0]], "weight_decay": 0.1}, {"params": [parts[1]], "weight_decay": 0}])
    tensors = {"weights.0": torch.cat([p.detach() for p in parts])}
    for step in range(1, 7):
        for group in optimiser.param_groups:
            group["lr"] = 0.05 / step
        gradient = torch.randn(33) * 10.0 ** (step - 4)
        parts[0].grad, parts[1].grad = gradient[:19].clone(), gradient[19:].clone()
        optimiser.step()
        tensors[f"gradient.{step}"] = gradient
        tensors[f"weights.{step}"] = torch.cat([p.detach() for p in parts])
    save("adamw.safetensors", {}, [], tensors)


if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    os.makedirs("gradients", exist_ok=True)
    for name, (spec, lengths) in CASES.items():
        if name in sys.argv[1:] or len(sys.argv) == 1:
            gradients(name, spec, lengths)
    if len(sys.argv) == 1:
        adamw()
