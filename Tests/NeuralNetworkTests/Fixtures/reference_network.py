"""A network of this project, described by its layer list, run by PyTorch (made with 2.15.0; functionals with 2.13.0).

A batch is a list of clips of any lengths. Clips pass through every layer one by one, with two
exceptions: batch normalisation in training sees the frames of all clips, and the LSTM gets a packed
sequence. Maps are (channels, bands, frames), sequences (frames, features), pooled (features).
"""

import json
import math
import zlib

import torch
from safetensors.torch import save_file
from scipy.fft import dct
from torch import nn
from torch.nn.utils.rnn import pack_sequence, unpack_sequence


MAP_LAYERS = (
    "conv2d", "batchNorm", "relu", "maxPool", "averagePool", "dropout", "sequence",
    "functionals", "residual")


def layer(type, name, **options):
    defaults = {
        "conv2d": dict(stride=[1, 1], padding=[0, 0], bias=True),
        "batchNorm": dict(epsilon=1e-5, momentum=0.1),
        "dropout": dict(channelwise=False),
        "layerNorm": dict(epsilon=1e-5),
        "lstm": dict(layers=1, bidirectional=False),
        "gru": dict(layers=1, bidirectional=False),
        "selfAttention": dict(heads=1),
        "attentionPooling": dict(deviation=False),
        "statisticsPooling": dict(deviation=True),
        "functionals": dict(lags=[1, 4, 12]),
        "standardize": dict(limit=4.0),
    }
    return {"type": type, "name": name, **defaults.get(type, {}), **options}


def network(bands, channels, *layers):
    return {"bands": bands, "channels": channels, "layers": list(layers)}


def conv(**options):
    return layer("conv2d", "conv", **options)


# What several references are built of.
flat = layer("sequence", "flat")
dense = layer("dense", "dense", units=3)
# A block of a transformer, normalising before it looks.
transformer = [
    flat, layer("dense", "embed", units=6),
    layer("residual", "look", layers=[
        layer("layerNorm", "norm1"), layer("selfAttention", "attention", heads=2)]),
    layer("residual", "think", layers=[
        layer("layerNorm", "norm2"), layer("dense", "wide", units=8), layer("relu", "relu"),
        layer("dense", "narrow", units=6)])]
# The same map, a convolution added to it.
residual_map = layer("residual", "around", layers=[
    layer("batchNorm", "norm"), layer("relu", "relu"),
    layer("conv2d", "conv", channels=2, kernel=[3, 3], padding=[1, 1])])


def cnn_bilstm_attention(dropout):
    return network(
        20, 1,
        layer("conv2d", "conv1", channels=6, kernel=[5, 5], stride=[2, 2], padding=[2, 2],
              bias=False),
        layer("batchNorm", "norm1"), layer("relu", "relu1"),
        layer("conv2d", "conv2", channels=8, kernel=[3, 3], stride=[2, 1], padding=[1, 1]),
        layer("batchNorm", "norm2"), layer("relu", "relu2"),
        layer("maxPool", "pool", window=[2, 1]), layer("dropout", "drop", rate=dropout),
        flat, layer("lstm", "rnn", units=6, bidirectional=True),
        layer("attentionPooling", "attention", deviation=True),
        layer("dense", "hidden", units=7), layer("relu", "relu3"),
        layer("dense", "out", units=8), layer("softmax", "softmax"))


mfcc_lstm = network(
    13, 3, flat, layer("lstm", "rnn", units=8, layers=2), layer("lastStep", "last"),
    layer("dense", "out", units=8), layer("softmax", "softmax"))


def deviation(variance):
    return torch.sqrt(torch.clamp(variance, min=1e-5))


class Attention(nn.Linear):
    def __init__(self, width, with_deviation):
        super().__init__(width, 1)
        self.with_deviation = with_deviation

    def forward(self, x):
        a = torch.softmax(super().forward(torch.tanh(x))[:, 0], dim=0)[:, None]
        mean = (a * x).sum(0)
        if not self.with_deviation:
            return mean
        return torch.cat([mean, deviation((a * (x - mean) ** 2).sum(0))])


class Statistics(nn.Module):
    def __init__(self, with_deviation):
        super().__init__()
        self.with_deviation = with_deviation

    def forward(self, x):
        if not self.with_deviation:
            return x.mean(0)
        return torch.cat([x.mean(0), deviation(x.var(0, correction=0))])


class Sequence(nn.Module):
    def forward(self, x):
        return x[None].permute(0, 3, 1, 2).flatten(2)[0]


class SelfAttention(nn.MultiheadAttention):
    def forward(self, x):
        return super().forward(x, x, x, need_weights=False)[0]


class Unroll(nn.Module):
    def forward(self, x):
        return x[:, None]


class Functionals(nn.Module):
    """Statistics of coefficients over time; see Features/Functionals.swift for their order."""

    def __init__(self, bands, coefficients, lags, untransformed):
        super().__init__()
        self.bands, self.coefficients, self.lags = bands, coefficients, lags
        self.untransformed = untransformed

    def transformed(self, plane, channel):
        if channel in self.untransformed:
            return plane
        return torch.as_tensor(dct(plane.numpy(), axis=0, norm="ortho"))

    def forward(self, x):
        x = torch.cat([
            self.transformed(plane, channel)[:count]
            for channel, (plane, count) in enumerate(zip(x, self.coefficients))])
        frames = x.shape[1]
        mean, deviation = x.mean(1), x.std(1, correction=0)
        level = x[0] if 0 in self.untransformed else x[0] / math.sqrt(self.bands)
        loud = torch.softmax(2 * level, 0)
        harmonic = x[len(x) - self.coefficients[-1] + 8:].abs()
        voiced = torch.softmax(4 * harmonic.mean(0) if len(harmonic) else torch.zeros(frames), 0)
        loud_mean = x @ loud.to(x)
        loud_deviation = torch.sqrt(((x - loud_mean[:, None]) ** 2) @ loud.to(x))
        changes = [
            (x[:, lag:] - x[:, :-lag]).square().mean(1).sqrt() if frames > lag else torch.zeros(len(x))
            for lag in self.lags]
        skewness = (((x - mean[:, None]) / deviation.clamp(min=1e-3)[:, None]) ** 3).mean(1)
        third = frames // 3
        thirds = [
            x[:, third * i:third * (i + 1)].mean(1) - mean if third else torch.zeros(len(x))
            for i in range(2)]
        return torch.cat([
            mean, deviation, loud_mean, loud_deviation, x @ voiced.to(x), *changes, skewness, *thirds
        ]).to(x)


class Standardize(nn.Module):
    def __init__(self, width, limit):
        super().__init__()
        self.limit = limit
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("deviation", torch.ones(width))

    def forward(self, x):
        return ((x - self.mean) / self.deviation).clamp(-self.limit, self.limit)


class LastStep(nn.Module):
    def forward(self, x):
        return x[-1]


class Network(nn.Module):
    def __init__(self, spec):
        super().__init__()
        self.spec = spec
        with torch.no_grad():
            self.add(spec["layers"], torch.zeros(spec["channels"], spec["bands"], 100))

    def add(self, entries, x):
        for entry in entries:
            if entry["type"] == "residual":
                x = x + self.add(entry["layers"], x)
                continue
            x = self.entering(entry, [x])[0]
            module = self.build(entry, x)
            self.add_module(entry["name"], module)
            x = self.step(module.eval(), [x])[0]
        return x

    @staticmethod
    def build(entry, x):
        type = entry["type"]
        if type == "conv2d":
            return nn.Conv2d(
                x.shape[0], entry["channels"], entry["kernel"], entry["stride"], entry["padding"],
                bias=entry["bias"])
        if type == "batchNorm":
            width = x.shape[0] if x.dim() == 3 else x.shape[-1]
            return nn.BatchNorm1d(width, entry["epsilon"], entry["momentum"])
        if type == "relu":
            return nn.ReLU()
        if type == "maxPool":
            return nn.MaxPool2d(entry["window"], entry.get("stride"))
        if type == "averagePool":
            return nn.AvgPool2d(entry["window"], entry.get("stride"))
        if type == "dropout":
            return nn.Dropout(entry["rate"])
        if type == "functionals":
            return Functionals(
                x.shape[1], entry["coefficients"], entry["lags"], entry.get("untransformed", []))
        if type == "standardize":
            return Standardize(x.shape[-1], entry["limit"])
        if type == "sequence":
            return Sequence()
        if type == "layerNorm":
            return nn.LayerNorm(x.shape[-1], entry["epsilon"])
        if type == "selfAttention":
            return SelfAttention(x.shape[-1], entry["heads"], batch_first=True)
        if type == "unroll":
            return Unroll()
        if type in ("lstm", "gru"):
            return {"lstm": nn.LSTM, "gru": nn.GRU}[type](
                x.shape[-1], entry["units"], entry["layers"], batch_first=True,
                bidirectional=entry["bidirectional"])
        if type == "attentionPooling":
            return Attention(x.shape[-1], entry["deviation"])
        if type == "statisticsPooling":
            return Statistics(entry["deviation"])
        if type == "lastStep":
            return LastStep()
        if type == "dense":
            return nn.Linear(x.shape[-1], entry["units"])
        if type == "softmax":
            return nn.Softmax(dim=-1)
        raise ValueError(type)

    @staticmethod
    def entering(entry, clips):
        """A map of one band is a sequence to a layer that wants one."""
        if entry["type"] in MAP_LAYERS or clips[0].dim() < 3:
            return clips
        assert clips[0].shape[1] == 1
        return [Sequence()(clip) for clip in clips]

    @staticmethod
    def step(module, clips):
        if isinstance(module, nn.RNNBase):
            packed, _ = module(pack_sequence(clips, enforce_sorted=False))
            return unpack_sequence(packed)
        if isinstance(module, nn.BatchNorm1d):
            maps = [c if c.dim() == 3 else c.reshape(-1, c.shape[-1]).T for c in clips]
            flat = module(torch.cat([m.flatten(1) for m in maps], 1)[None])[0]
            parts = flat.split([m[0].numel() for m in maps], 1)
            return [
                p.reshape(c.shape) if c.dim() == 3 else p.T.reshape(c.shape)
                for p, c in zip(parts, clips)]
        if isinstance(module, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)):
            return [module(c[None])[0] for c in clips]
        return [module(c) for c in clips]

    def forward(self, clips, closing_softmax=True):
        entries = self.spec["layers"]
        if entries[-1]["type"] == "softmax" and not closing_softmax:
            entries = entries[:-1]
        return self.run(entries, clips)

    def run(self, entries, clips):
        for entry in entries:
            if entry["type"] == "residual":
                clips = [x + y for x, y in zip(clips, self.run(entry["layers"], clips))]
                continue
            clips = self.step(getattr(self, entry["name"]), self.entering(entry, clips))
        return clips


def reference(name, spec, lengths):
    """The network, in double precision, with weights and statistics that hide no mistake, and clips."""
    torch.manual_seed(zlib.crc32(name.encode()))
    network = Network(spec)
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, (nn.BatchNorm1d, nn.LayerNorm)):
                module.weight.uniform_(0.5, 1.5)
                module.bias.normal_()
            if isinstance(module, nn.MultiheadAttention):
                module.in_proj_bias.normal_()
                module.out_proj.bias.normal_()
            if isinstance(module, nn.BatchNorm1d):
                module.running_mean.normal_()
                module.running_var.uniform_(0.3, 2)
            if isinstance(module, Standardize):
                module.mean.normal_()
                module.deviation.uniform_(0.3, 2)
    clips = [torch.randn(spec["channels"], spec["bands"], length) for length in lengths]
    return network.double(), [clip.double() for clip in clips]


def ours(x):
    """This project's order: frames outermost, channels innermost."""
    return (x.permute(2, 1, 0) if x.dim() == 3 else x).float().contiguous()


def weights(network):
    return {
        name: value.float().contiguous().clone()
        for name, value in network.state_dict().items() if "num_batches" not in name
    }


def clips_named(name, clips):
    return {f"{name}.{i}": ours(clip) for i, clip in enumerate(clips)}


def save(path, spec, lengths, tensors):
    # One key: the order of several would differ from run to run.
    description = json.dumps({"network": spec, "lengths": lengths})
    save_file(tensors, path, metadata={"description": description})
