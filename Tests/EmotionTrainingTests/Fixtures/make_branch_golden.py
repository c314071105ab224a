"""Writes golden/*.safetensors for networks whose layers do not simply follow one another on maps:
branches side by side, and normalisation of sequences and of pooled vectors.

Run: python3 make_branch_golden.py (torch 2.15.0, safetensors). What the files hold: see
make_gradient_golden.py.
"""

import os
import sys

import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../EmotionModelTests/Fixtures"))
from reference_network import (  # noqa: E402
    LastStep, Network, Sequence, Statistics, clips_named, layer, save, weights)

sequence = Sequence()


def per_frame(module, clips):
    """One call for the frames of all clips."""
    return list(module(torch.cat(clips)).split([len(c) for c in clips]))


def pooled(module, clips):
    return list(module(torch.stack(clips)))


def norm_after_sequence():
    spec = {"bands": 3, "channels": 2, "layers": [
        layer("sequence", "flat"), layer("batchNorm", "norm"), layer("lastStep", "last"),
        layer("dense", "out", units=3)]}
    modules = nn.ModuleDict({"norm": nn.BatchNorm1d(6), "out": nn.Linear(6, 3)})

    def run(clips):
        clips = per_frame(modules["norm"], [sequence(c) for c in clips])
        return pooled(modules["out"], [LastStep()(c) for c in clips])

    return spec, [5, 1, 8, 5], modules, run


def norm_after_pooling():
    spec = {"bands": 3, "channels": 2, "layers": [
        layer("sequence", "flat"), layer("statisticsPooling", "pool"), layer("batchNorm", "norm"),
        layer("dense", "out", units=3)]}
    modules = nn.ModuleDict({"norm": nn.BatchNorm1d(12), "out": nn.Linear(12, 3)})

    def run(clips):
        clips = [Statistics(True)(sequence(c)) for c in clips]
        return pooled(modules["out"], pooled(modules["norm"], clips))

    return spec, [5, 3, 8, 6, 9], modules, run


def parallel():
    first = [
        layer("conv2d", "conv", channels=4, kernel=[3, 3], padding=[1, 1], bias=False),
        layer("batchNorm", "norm"), layer("relu", "rectify"), layer("sequence", "flat"),
        layer("lstm", "rnn", units=3, bidirectional=True),
        layer("attentionPooling", "attention"), layer("dense", "hidden", units=5)]
    second = [
        layer("sequence", "flat2"), layer("statisticsPooling", "pool"),
        layer("dense", "hidden2", units=2)]
    modules = nn.ModuleDict({
        "first": Network({"bands": 6, "channels": 2, "layers": first}),
        "second": Network({"bands": 6, "channels": 1, "layers": second}),
        "before": nn.BatchNorm2d(3), "out": nn.Linear(7, 3)})
    # In front, so that what the branches hand on is seen by weights too.
    spec = {"bands": 6, "channels": 3, "layers": [
        layer("batchNorm", "before"),
        layer("parallel", "branches", branches=[
            [layer("selectChannels", "planes", channels=[2, 0])] + first,
            [layer("selectChannels", "planes2", channels=[1])] + second]),
        layer("dense", "out", units=3)]}

    def run(clips):
        clips = Network.step(modules["before"], clips)
        a = modules["first"]([c[[2, 0]] for c in clips])
        b = modules["second"]([c[[1]] for c in clips])
        return pooled(modules["out"], [torch.cat(pair) for pair in zip(a, b)])

    return spec, [7, 4, 9], modules, run


def flat_names(tensors):
    """Names of layers inside branches carry no branch's name."""
    return {
        key.removeprefix("first.").removeprefix("second."): value
        for key, value in tensors.items()}


def write(name, spec, lengths, modules, run):
    for module in modules.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias)
            module.running_mean.normal_()
            module.running_var.uniform_(0.3, 2)
    modules.double().train()
    clips = [torch.randn(spec["channels"], spec["bands"], n).double() for n in lengths]
    for clip in clips:
        clip.requires_grad_()
    tensors = flat_names(weights(modules))
    logits = run(clips)
    projection = [torch.randn_like(y).float().double() for y in logits]
    sum((y * p).sum() for y, p in zip(logits, projection)).backward()
    tensors |= clips_named("input", [c.detach() for c in clips])
    tensors |= clips_named("output", [y.detach() for y in logits])
    tensors |= clips_named("projection", projection)
    tensors |= clips_named("input-gradient", [c.grad for c in clips])
    gradients = {key: p.grad.float().contiguous() for key, p in modules.named_parameters()}
    tensors |= {"gradient." + key: value for key, value in flat_names(gradients).items()}
    tensors |= {
        "after." + key: value for key, value in flat_names(weights(modules)).items()
        if "running" in key}
    save(f"golden/{name}.safetensors", spec, lengths, tensors)


if __name__ == "__main__":
    os.chdir(HERE)
    for seed, make in enumerate([norm_after_sequence, norm_after_pooling, parallel]):
        torch.manual_seed(300 + seed)
        write(make.__name__.replace("_", "-"), *make())
