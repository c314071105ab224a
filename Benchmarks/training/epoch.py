#!/usr/bin/env python3
"""Times an epoch of the same network in emotion-lab and in PyTorch, in turns, on the same processors.

Both train on the same features of the same clips, in batches of the same size made of clips of like length, with the same
optimiser, schedule, clipping and weight averaging, without augmentation.

    epoch.py CORPUS... [--preset default] [--rounds 3] [--epochs 3] [--json FILE]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch
from safetensors.torch import load
from torch import nn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Benchmarks"))
from network import Network

# A kernel forced on OpenBLAS would be measured instead of its choice for this processor.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "OPENBLAS_CORETYPE"}


def plain_preset(program, name):
    """The preset's first network alone, and nothing varied."""
    preset = json.loads(subprocess.run(
        [program, "presets", "show", name], check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout)
    member = preset["members"][0]
    preset.update(
        members=[member], teachers=[], samplingRates={}, refit=False,
        copies={"speeds": [], "pitches": [], "degradations": []})
    member["training"].update(patience=0, passesPerEpoch=1)
    member["training"]["augmentation"].update(
        timeStretch=0, bandWarp=0, equalizer=0, bandMasks=0, timeMasks=0, mixupChance=0)
    features = preset["features"]
    if "channels" in member:
        features["channels"] = [features["channels"][place] for place in member.pop("channels")]
    own_rules = any("normalization" in channel for channel in features["channels"])
    if ("functionals" in member or own_rules or features["normalization"]["rule"] not in ("utterance", "fixed")
            or features["length"]["rule"] == "resized"):
        raise SystemExit(
            "only presets are compared that normalise all channels by utterance or by the training part, do not resize, "
            "and compute no functionals")
    return preset


def lab_epochs(arguments, preset, folder):
    """Seconds of each epoch of `emotion-lab train`, validation left out."""
    run = subprocess.run(
        [arguments.program, "train", *arguments.corpus, "--preset", preset, "--epochs", str(arguments.epochs),
         "--validation", "0", "--cache", f"{folder}/cache", "--output", f"{folder}/model.safetensors"],
        capture_output=True, text=True, env=ENVIRONMENT)
    if run.returncode:
        raise SystemExit(run.stderr)
    # What it prints is rounded to tenths of a second.
    [history] = json.loads(Path(f"{folder}/model.safetensors.history.json").read_text())
    return [epoch["seconds"] for epoch in history]


# Behind a cache file's tensors stand a hash, a length and a mark.
SEAL = 64 + 16 + 8


def clips(folder, features):
    """The features (C, F, T) that emotion-lab has just computed, normalised and padded as it does."""
    files = [path.read_bytes() for path in sorted(Path(folder, "cache").glob("*.features"))]
    kept = [load(file[:-SEAL]) for file in files]
    # Each row is kept in steps between its smallest and its largest value.
    maps = [(file["0.lowest"] + file["0.step"] * file["0.counts"].float()).permute(2, 1, 0) for file in kept]
    # One mean and deviation a channel of each clip, or one a band of all clips.
    by_band = features["normalization"]["rule"] == "fixed"
    everything = torch.cat(maps, 2)
    result = []
    for channels in maps:
        known, axes = (everything, 2) if by_band else (channels, (1, 2))
        mean, deviation = known.mean(axes, keepdim=True), known.std(axes, correction=0, keepdim=True)
        result.append(fitted((channels - mean) / deviation.clamp(min=1e-5), features["length"]))
    return result


def fitted(channels, rule):
    """Of the length asked for: the middle, or zeros at one end."""
    if rule["rule"] == "any":
        return channels
    missing = rule["frames"] - channels.shape[2]
    start = max(-missing, 0) // 2
    ends = (max(missing, 0), 0) if rule["padding"] == "before" else (0, max(missing, 0))
    return nn.functional.pad(channels[:, :, start:start + rule["frames"]], ends)


def batches(lengths, size):
    """Clips of like length together, the batches in random order."""
    order = sorted(torch.randperm(len(lengths)).tolist(), key=lambda clip: lengths[clip] // 40)
    starts = torch.randperm(-(-len(order) // size)) * size
    return [order[start:start + size] for start in starts.tolist()]


def padded(maps, indices):
    lengths = [maps[index].shape[2] for index in indices]
    batch = torch.zeros(len(indices), *maps[0].shape[:2], max(lengths))
    for row, index in enumerate(indices):
        batch[row, :, :, :lengths[row]] = maps[index]
    return batch, lengths


class TorchTraining:
    def __init__(self, preset, maps, threads):
        self.threads = threads
        [member] = preset["members"]
        self.options = member["training"]
        self.maps = maps
        self.lengths = [clip.shape[2] for clip in maps]
        self.network = Network(
            {"layers": member["layers"], "channels": maps[0].shape[0], "bands": maps[0].shape[1]})
        self.averaged = [parameter.detach().clone() for parameter in self.network.parameters()]
        # Labels change no time.
        self.labels = torch.randint(self.network.outputs, (len(maps),))
        self.loss = nn.CrossEntropyLoss(label_smoothing=self.options["labelSmoothing"])
        (schedule,) = self.options["schedule"].values()
        self.rate = schedule.get("peak", schedule.get("rate"))
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=self.rate, weight_decay=self.options["weightDecay"])
        self.schedule = None

    def epochs(self, count):
        torch.set_num_threads(self.threads)
        steps = -(-len(self.maps) // self.options["batchSize"]) * count
        if "oneCycle" in self.options["schedule"]:
            self.schedule = torch.optim.lr_scheduler.OneCycleLR(self.optimizer, self.rate, total_steps=steps)
        return [self.epoch() for _ in range(count)]

    def epoch(self):
        began = time.perf_counter()
        self.network.train()
        for indices in batches(self.lengths, self.options["batchSize"]):
            batch, lengths = padded(self.maps, indices)
            loss = self.loss(self.network(batch, lengths), self.labels[indices])
            self.optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.network.parameters(), self.options["clipNorm"])
            self.optimizer.step()
            if self.schedule:
                self.schedule.step()
            if self.options["averagingDecay"]:
                with torch.no_grad():
                    torch._foreach_lerp_(
                        self.averaged, list(self.network.parameters()), 1 - self.options["averagingDecay"])
            loss.item()
        return time.perf_counter() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="+", help="folders or manifests, as for emotion-lab train")
    parser.add_argument("--program", default=str(ROOT / ".build/release/emotion-lab"))
    parser.add_argument("--preset", default="default", help="a name, or a JSON file")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each")
    parser.add_argument("--epochs", type=int, default=3, help="in a turn; the first warms up and is left out")
    processors = len(os.sched_getaffinity(0))
    parser.add_argument(
        "--threads", type=int, nargs="+", default=sorted({1, processors}),
        help="PyTorch's; where other programs run too, several only wait for each other")
    parser.add_argument("--json", help="file for the figures")
    arguments = parser.parse_args()
    preset = plain_preset(arguments.program, arguments.preset)

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "preset.json")
        file.write_text(json.dumps(preset))
        times = {"emotion-lab": []}
        trainings = {}
        for turn in range(1, arguments.rounds + 1):
            times["emotion-lab"] += lab_epochs(arguments, file, folder)[1:]
            if not trainings:
                maps = clips(folder, preset["features"])
                trainings = {f"PyTorch, {n} threads": TorchTraining(preset, maps, n) for n in arguments.threads}
            for name, training in trainings.items():
                times.setdefault(name, []).extend(training.epochs(arguments.epochs)[1:])
            latest = (f"{name} {statistics.median(seconds[1 - arguments.epochs:]):.2f} s" for name, seconds in times.items())
            print(f"turn {turn}:", "; ".join(latest), flush=True)

    parameters = sum(parameter.numel() for parameter in training.network.parameters())
    print(f"{preset['name']}: {parameters} parameters, {len(maps)} clips, {sum(training.lengths)} frames, "
          f"{processors} processors, load {os.getloadavg()[0]:.1f}, PyTorch {torch.__version__}")
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    for name, seconds in times.items():
        print(f"{name:<20} {medians[name]:6.2f} s an epoch (median of {len(seconds)}, fastest {min(seconds):.2f}), "
              f"ratio {medians[name] / medians['emotion-lab']:.2f}")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(times, indent=2) + "\n")


if __name__ == "__main__":
    main()
