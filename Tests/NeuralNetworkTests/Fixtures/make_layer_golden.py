"""Writes golden/*.safetensors: layers and networks run by PyTorch, in evaluation mode.

Run: python3 make_layer_golden.py (torch 2.15.0, safetensors). Each file holds a network's
description, its weights under PyTorch's names, and input and output of every clip.
"""

import os

import torch
from reference_network import (
    clips_named, cnn_bilstm_attention, conv, dense, flat, layer, mfcc_lstm, network,
    reference, residual_map, save, transformer, weights)


SHORT = [7, 1, 12, 7]
LONG = [9, 7, 13]


CASES = {
    "conv-3x3-padded": (network(6, 2, conv(channels=3, kernel=[3, 3], padding=[1, 1])), SHORT),
    "conv-5x3-stride-2": (
        network(9, 1, conv(channels=4, kernel=[5, 3], stride=[2, 2], padding=[2, 1])), SHORT),
    "conv-1x1": (network(5, 3, conv(channels=2, kernel=[1, 1])), SHORT),
    "conv-3x2-uneven": (
        network(8, 2, conv(channels=3, kernel=[3, 2], stride=[2, 1], padding=[1, 0], bias=False)),
        LONG),
    "conv-4x7-stride-3x2": (network(10, 2, conv(channels=3, kernel=[4, 7], stride=[3, 2])), LONG),
    "conv-2x3-stride-beyond-kernel": (
        network(10, 1, conv(channels=2, kernel=[2, 3], stride=[4, 5], padding=[1, 2])), SHORT),
    "conv-9x9-several-blocks": (
        network(64, 3, conv(channels=2, kernel=[9, 9], padding=[4, 4])), [5, 11]),
    "batch-norm": (network(4, 3, layer("batchNorm", "norm", epsilon=1e-3)), SHORT),
    "relu": (network(4, 3, layer("relu", "relu")), SHORT),
    "max-pool-2x2": (network(5, 3, layer("maxPool", "pool", window=[2, 2])), LONG),
    "max-pool-3x2-stride-2x1": (
        network(8, 3, layer("maxPool", "pool", window=[3, 2], stride=[2, 1])), LONG),
    "average-pool-2x3-stride-1x2": (
        network(5, 3, layer("averagePool", "pool", window=[2, 3], stride=[1, 2])), LONG),
    "average-pool-2x2-stride-3x3": (
        network(8, 2, layer("averagePool", "pool", window=[2, 2], stride=[3, 3])), LONG),
    "dense-on-sequence": (network(3, 4, flat, dense), SHORT),
    "dense-on-features": (network(1, 5, dense), SHORT),
    "lstm": (network(1, 5, layer("lstm", "rnn", units=3)), SHORT),
    "lstm-on-sequence": (network(3, 2, flat, layer("lstm", "rnn", units=4)), SHORT),
    "lstm-bidirectional": (
        network(1, 5, layer("lstm", "rnn", units=3, bidirectional=True)), SHORT),
    "lstm-stacked": (network(4, 1, flat, layer("lstm", "rnn", units=3, layers=3)), SHORT),
    "lstm-stacked-bidirectional": (
        network(4, 2, flat, layer("lstm", "rnn", units=3, layers=2, bidirectional=True)), SHORT),
    "last-step": (network(1, 5, layer("lastStep", "last")), SHORT),
    "last-step-of-sequence": (network(3, 2, flat, layer("lastStep", "last"), dense), SHORT),
    "attention": (network(1, 5, layer("attentionPooling", "pool")), SHORT),
    "attention-deviation": (
        network(1, 5, layer("attentionPooling", "pool", deviation=True)), SHORT),
    "attention-deviation-of-sequence": (
        network(3, 4, flat, layer("attentionPooling", "pool", deviation=True), dense), SHORT),
    "statistics": (network(1, 5, layer("statisticsPooling", "pool")), SHORT),
    "mean": (network(1, 5, layer("statisticsPooling", "pool", deviation=False)), SHORT),
    "statistics-of-sequence": (
        network(3, 4, flat, layer("statisticsPooling", "pool"), dense), SHORT),
    "norm-of-sequence": (network(3, 4, flat, layer("batchNorm", "norm"), dense), SHORT),
    "norm-of-statistics": (
        network(3, 4, flat, layer("statisticsPooling", "pool"), layer("batchNorm", "norm"), dense),
        SHORT),
    "functionals": (
        network(12, 2, layer("functionals", "functionals", coefficients=[5, 11]), dense),
        [29, 9, 2, 1]),
    "functionals-of-one-plane": (
        network(6, 1, layer("functionals", "functionals", coefficients=[4], lags=[2])), [5, 14]),
    "functionals-of-a-plain-plane": (
        network(
            12, 3,
            layer("functionals", "functionals", coefficients=[1, 9, 10], untransformed=[1])),
        [17, 3]),
    "functionals-of-plain-planes-alone": (
        network(6, 1, layer("functionals", "functionals", coefficients=[4], untransformed=[0])),
        [14, 5]),
    "standardize": (
        network(1, 5, layer("standardize", "scale", limit=1.5), layer("lastStep", "last")), SHORT),
    "softmax": (network(1, 5, layer("softmax", "softmax")), SHORT),
    "dropout": (network(4, 2, layer("dropout", "drop", rate=0.5)), SHORT),
    "gru": (network(1, 5, layer("gru", "rnn", units=3)), SHORT),
    "gru-bidirectional": (
        network(3, 2, flat, layer("gru", "rnn", units=3, bidirectional=True)), SHORT),
    "gru-stacked": (network(1, 4, layer("gru", "rnn", units=3, layers=3)), SHORT),
    "layer-norm": (network(1, 5, layer("layerNorm", "norm", epsilon=1e-3)), SHORT),
    "layer-norm-of-sequence": (
        network(3, 4, flat, layer("layerNorm", "norm"), dense), SHORT),
    "self-attention": (network(1, 6, layer("selfAttention", "look", heads=3)), SHORT),
    "self-attention-of-sequence": (
        network(3, 4, flat, layer("selfAttention", "look", heads=2), dense), SHORT),
    "self-attention-several-blocks": (
        network(1, 4, layer("selfAttention", "look", heads=2)), [300, 3]),
    "residual": (network(5, 2, residual_map), SHORT),
    "residual-lstm": (
        network(
            1, 4, flat, layer("residual", "around", layers=[layer("lstm", "rnn", units=4)])), SHORT),
    "transformer": (network(3, 4, *transformer), SHORT),
    "unroll": (
        network(3, 4, flat, dense, layer("statisticsPooling", "mean", deviation=False),
                layer("dense", "mix", units=5), layer("unroll", "steps"),
                layer("gru", "rnn", units=3), layer("lastStep", "last")), SHORT),
    "cnn-bilstm-attention": (cnn_bilstm_attention(dropout=0.3), [23, 9, 40, 1]),
    "mfcc-lstm": (mfcc_lstm, [11, 4, 17]),
}


def run(name, spec, lengths):
    model, clips = reference(name, spec, lengths)
    model.eval()
    with torch.no_grad():
        outputs = model(clips)
        for clip, output in zip(clips, outputs):
            assert torch.allclose(model([clip])[0], output, rtol=1e-9, atol=1e-12), name
    tensors = weights(model) | clips_named("input", clips) | clips_named("output", outputs)
    # No layer: the feature module computes them.
    folder = "../../FeaturesTests/Fixtures/functionals" if name.startswith("functionals") else "golden"
    save(f"{folder}/{name}.safetensors", spec, lengths, tensors)


if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    os.makedirs("golden", exist_ok=True)
    for name, (spec, lengths) in CASES.items():
        run(name, spec, lengths)
