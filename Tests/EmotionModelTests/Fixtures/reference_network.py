"""A network of this project, described by its layer list, run by PyTorch (made with 2.15.0).

A batch is a list of clips of any lengths. Clips pass through every layer one by one, with two
exceptions: batch normalisation in training sees the frames of all clips, and the LSTM gets a packed
sequence. Maps are (channels, bands, frames), sequences (frames, features), pooled (features).
"""

import json

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils.rnn import pack_sequence, unpack_sequence


MAP_LAYERS = ("conv2d", "batchNorm", "relu", "maxPool", "averagePool", "dropout", "sequence")


def layer(type, name, **options):
    defaults = {
        "conv2d": dict(stride=[1, 1], padding=[0, 0], bias=True),
        "batchNorm": dict(epsilon=1e-5, momentum=0.1),
        "dropout": dict(channelwise=False),
        "lstm": dict(layers=1, bidirectional=False),
        "attentionPooling": dict(deviation=False),
        "statisticsPooling": dict(deviation=True),
    }
    return {"type": type, "name": name, **defaults.get(type, {}), **options}


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


class LastStep(nn.Module):
    def forward(self, x):
        return x[-1]


class Network(nn.Module):
    def __init__(self, spec):
        super().__init__()
        self.spec = spec
        x = torch.zeros(spec["channels"], spec["bands"], 100)
        for entry in spec["layers"]:
            x = self.entering(entry, [x])[0]
            module = self.build(entry, x)
            self.add_module(entry["name"], module)
            with torch.no_grad():
                x = self.step(module.eval(), [x])[0]

    @staticmethod
    def build(entry, x):
        type = entry["type"]
        if type == "conv2d":
            return nn.Conv2d(
                x.shape[0], entry["channels"], entry["kernel"], entry["stride"], entry["padding"],
                bias=entry["bias"])
        if type == "batchNorm":
            return nn.BatchNorm2d(x.shape[0], entry["epsilon"], entry["momentum"])
        if type == "relu":
            return nn.ReLU()
        if type == "maxPool":
            return nn.MaxPool2d(entry["window"], entry.get("stride"))
        if type == "averagePool":
            return nn.AvgPool2d(entry["window"], entry.get("stride"))
        if type == "dropout":
            return nn.Dropout(entry["rate"])
        if type == "sequence":
            return Sequence()
        if type == "lstm":
            return nn.LSTM(
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
        if isinstance(module, nn.LSTM):
            packed, _ = module(pack_sequence(clips, enforce_sorted=False))
            return unpack_sequence(packed)
        if isinstance(module, nn.BatchNorm2d):
            flat = module(torch.cat([c.flatten(1) for c in clips], 1)[None, :, :, None])[0, :, :, 0]
            sizes = [c[0].numel() for c in clips]
            return [p.reshape(c.shape) for p, c in zip(flat.split(sizes, 1), clips)]
        if isinstance(module, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)):
            return [module(c[None])[0] for c in clips]
        return [module(c) for c in clips]

    def forward(self, clips, closing_softmax=True):
        for entry in self.spec["layers"]:
            if entry["type"] == "softmax" and not closing_softmax:
                break
            clips = self.step(getattr(self, entry["name"]), self.entering(entry, clips))
        return clips


def reference(spec, lengths, seed):
    """The network, in double precision, with weights and statistics that hide no mistake, and clips."""
    torch.manual_seed(seed)
    network = Network(spec)
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.weight.uniform_(0.5, 1.5)
                module.bias.normal_()
                module.running_mean.normal_()
                module.running_var.uniform_(0.3, 2)
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
    save_file(tensors, path, metadata={"network": json.dumps(spec), "lengths": json.dumps(lengths)})
