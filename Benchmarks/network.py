"""The networks of this package in PyTorch, built from the same list of layers, with the same tensor names."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class AttentionPooling(nn.Linear):
    """A clip's mean over time, weighted by a softmax over w · tanh(x) + b."""

    def __init__(self, channels):
        super().__init__(channels, 1)

    def forward(self, x, lengths):
        scores = super().forward(torch.tanh(x)).squeeze(2)
        if len(lengths) > 1:
            beyond = torch.arange(x.shape[1]) >= torch.as_tensor(lengths)[:, None]
            scores = scores.masked_fill(beyond, float("-inf"))
        return torch.einsum("bt,btc->bc", scores.softmax(1), x)


class Network(nn.Module):
    """Takes clips (B, C, F, T), padded with zeros, and their lengths; gives logits (B, classes)."""

    def __init__(self, layers, bands, channels):
        super().__init__()
        self.specs = layers
        self.parts = nn.ModuleDict()
        size = (channels, bands)
        for spec in layers:
            size = self.add(spec, *size)
        self.outputs = size[0]

    def add(self, spec, channels, bands):
        """Makes the layer for so many channels and bands; returns how many leave it."""
        kind, name = spec["type"], spec["name"]
        if kind == "conv2d":
            kernel, stride, padding = (tuple(spec[key]) for key in ("kernel", "stride", "padding"))
            self.parts[name] = nn.Conv2d(channels, spec["channels"], kernel, stride, padding, bias=spec["bias"])
            return spec["channels"], (bands + 2 * padding[0] - kernel[0]) // stride[0] + 1
        if kind == "batchNorm":
            self.parts[name] = nn.BatchNorm2d(channels, spec["epsilon"], spec["momentum"])
        elif kind == "relu":
            self.parts[name] = nn.ReLU(inplace=True)
        elif kind == "dropout":
            self.parts[name] = (nn.Dropout2d if spec["channelwise"] else nn.Dropout)(spec["rate"])
        elif kind == "sequence":
            return channels * bands, 1
        elif kind == "lstm":
            self.parts[name] = nn.LSTM(
                channels, spec["units"], spec["layers"], batch_first=True, bidirectional=spec["bidirectional"])
            return spec["units"] * (2 if spec["bidirectional"] else 1), 1
        elif kind == "attentionPooling" and not spec["deviation"]:
            self.parts[name] = AttentionPooling(channels)
        elif kind == "dense":
            self.parts[name] = nn.Linear(channels, spec["units"])
            return spec["units"], 1
        elif kind == "parallel":
            self.parts[name] = nn.ModuleList(Network(branch, bands, channels) for branch in spec["branches"])
            return sum(branch.outputs for branch in self.parts[name]), 1
        elif kind != "softmax":  # It belongs to the loss, and to the caller.
            raise ValueError(f"a layer of type {kind} is not known here")
        return channels, bands

    def forward(self, x, lengths):
        for spec in self.specs:
            kind = spec["type"]
            part = self.parts[spec["name"]] if spec["name"] in self.parts else None
            if kind == "sequence":
                x = x.permute(0, 3, 1, 2).flatten(2)
            elif kind == "lstm":
                x = self.recur(part, x, lengths)
            elif kind == "attentionPooling":
                x = part(x, lengths)
            elif kind == "parallel":
                x = torch.cat([branch(x, lengths) for branch in part], 1)
            elif part is not None:
                x = part(x)
            if kind == "conv2d":
                kernel, stride, padding = spec["kernel"][1], spec["stride"][1], spec["padding"][1]
                lengths = [(length + 2 * padding - kernel) // stride + 1 for length in lengths]
        return x

    @staticmethod
    def recur(lstm, x, lengths):
        if len(lengths) == 1:
            return lstm(x)[0]
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        return pad_packed_sequence(lstm(packed)[0], batch_first=True)[0]

    def load(self, tensors):
        """Takes the weights over from a weights file."""
        state = self.state_dict()
        own = {key: plain(key) for key in state if not key.endswith("num_batches_tracked")}
        if set(own.values()) != set(tensors):
            raise ValueError(f"these tensors have no counterpart: {sorted(set(own.values()) ^ set(tensors))}")
        state.update({key: torch.as_tensor(tensors[name]) for key, name in own.items()})
        self.load_state_dict(state)


def plain(key):
    """A tensor's name in a weights file: without the places in lists of modules."""
    return ".".join(key.split(".")[-2:])
