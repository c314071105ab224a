"""The networks of this package in PyTorch, built from the same list of layers, with the same tensor names."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class AttentionPooling(nn.Linear):
    """A clip's mean over time, weighted by a softmax over w · tanh(x) + b; its deviation beside it, if asked for."""

    def __init__(self, channels, deviation):
        super().__init__(channels, 1)
        self.deviation = deviation

    def forward(self, x, lengths):
        scores = super().forward(torch.tanh(x)).squeeze(2)
        if len(lengths) > 1:
            beyond = torch.arange(x.shape[1]) >= torch.as_tensor(lengths)[:, None]
            scores = scores.masked_fill(beyond, float("-inf"))
        weights = scores.softmax(1)
        mean = torch.einsum("bt,btc->bc", weights, x)
        if not self.deviation:
            return mean
        variance = torch.einsum("bt,btc->bc", weights, (x - mean[:, None]).square())
        return torch.cat([mean, variance.clamp(min=1e-5).sqrt()], 1)


class Standardize(nn.Module):
    def __init__(self, width, limit):
        super().__init__()
        self.limit = limit
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("deviation", torch.ones(width))

    def forward(self, x):
        scaled = torch.where(self.deviation >= 1e-5, (x - self.mean) / self.deviation, 0)
        return scaled.clamp(-self.limit, self.limit)


class Network(nn.Module):
    """Takes clips (B, C, F, T), padded with zeros, and their lengths; gives logits (B, classes).

    One that takes vectors takes (B, C, 1, 1).
    """

    def __init__(self, spec):
        super().__init__()
        self.specs = spec["layers"]
        self.takes_vectors = spec.get("takesVectors", False)
        self.parts = nn.ModuleDict()
        # Where there are no bands, there is no time either.
        size = (spec["channels"], None if self.takes_vectors else spec["bands"])
        for spec in self.specs:
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
            norm = nn.BatchNorm2d if bands else nn.BatchNorm1d
            self.parts[name] = norm(channels, spec["epsilon"], spec["momentum"])
        elif kind == "standardize":
            self.parts[name] = Standardize(channels, spec["limit"])
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
        elif kind == "attentionPooling":
            self.parts[name] = AttentionPooling(channels, spec["deviation"])
            return channels * (2 if spec["deviation"] else 1), 1
        elif kind == "lastStep":
            pass
        elif kind == "dense":
            self.parts[name] = nn.Linear(channels, spec["units"])
            return spec["units"], bands and 1
        elif kind != "softmax":  # It belongs to the loss, and to the caller.
            raise ValueError(f"a layer of type {kind} is not known here")
        return channels, bands

    def forward(self, x, lengths):
        if self.takes_vectors:
            x = x.flatten(1)
        for spec in self.specs:
            kind = spec["type"]
            part = self.parts[spec["name"]] if spec["name"] in self.parts else None
            if kind == "sequence":
                x = x.permute(0, 3, 1, 2).flatten(2)
            elif kind == "lstm":
                x = self.recur(part, x, lengths)
            elif kind == "lastStep":
                x = x[torch.arange(len(x)), torch.as_tensor(lengths) - 1]
            elif kind == "attentionPooling":
                x = part(x, lengths)
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
        own = {key: key.removeprefix("parts.") for key in state if not key.endswith("num_batches_tracked")}
        if set(own.values()) != set(tensors):
            raise ValueError(f"these tensors have no counterpart: {sorted(set(own.values()) ^ set(tensors))}")
        state.update({key: torch.as_tensor(tensors[name]) for key, name in own.items()})
        self.load_state_dict(state)
