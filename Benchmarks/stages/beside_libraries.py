#!/usr/bin/env python3
"""Compares each stage of an answer with the libraries that do the same, one thread each, in turns, on this machine.

Decoding and resampling stand beside soundfile and soxr; features beside librosa, torchaudio and kaldi-native-fbank; networks beside
ONNX Runtime, which runs what `emotion-lab export` writes. Ratios are taken within a turn; a figure is the median of a turn's answers.

    beside_libraries.py [--model FILE] [--turns 5] [--json FILE]
"""

import os

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
# A kernel forced on OpenBLAS would be measured instead of its choice for this processor.
os.environ.pop("OPENBLAS_CORETYPE", None)

import argparse
import contextlib
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile
import soxr
import torch
from safetensors import safe_open
from safetensors.numpy import load_file

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.append(str(ROOT / "Benchmarks/serving"))

import features  # noqa: E402
from compare import processor, recording, show, spread  # noqa: E402
from leanest_stack import session  # noqa: E402

# Beside the model that ships. Their weights are of one epoch on made-up clips: what they are worth does not change what they cost.
PRESETS = ["cnn-lstm-rgb", "lstm-mfcc40", "reslstm-sa"]
SECONDS = 4
RATE = 16000


class Lab:
    """emotion-lab, and how long it takes."""

    def __init__(self, program, turns):
        self.program, self.turns = program, turns

    def run(self, *arguments):
        return subprocess.run([self.program, *arguments], check=True, capture_output=True, text=True).stdout

    def stages(self, model, clip):
        """Median milliseconds by stage."""
        found = json.loads(self.run("stages", "--json", "--turns", str(self.turns), "--model", model, clip))
        return {name: times["median"] for name, times in found["milliseconds"].items()}


def median_milliseconds(work, turns):
    for _ in range(max(1, turns // 10)):
        work()
    times = []
    for _ in range(turns):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)


def in_turns(count, contenders):
    """Milliseconds of each, a turn after the other; and how many times as long as the first each other takes."""
    times = {name: [] for name in contenders}
    for _ in range(count):
        for name, measure in contenders.items():
            times[name].append(measure())
    ours = next(iter(times.values()))
    return {
        name: {"value": spread(theirs), "ratio": spread([b / a for a, b in zip(ours, theirs)])} for name, theirs in times.items()}


def decoding(body):
    def work():
        samples, rate = soundfile.read(io.BytesIO(body), dtype="float32")
        return soxr.resample(samples, rate, RATE, quality="HQ")
    return work


def made_up_corpus(folder):
    """Two clips of each of RAVDESS's emotions by two actors, with RAVDESS's names."""
    corpus = folder / "ravdess"
    corpus.mkdir()
    samples, rate = soundfile.read(io.BytesIO(recording(3, 48000)), dtype="float32")
    random = np.random.default_rng(1)
    for actor in (1, 2):
        for emotion in range(1, 9):
            for repetition in (1, 2):
                noisy = samples * random.uniform(0.3, 1) + random.normal(0, 0.01, len(samples)).astype(np.float32)
                name = f"03-01-{emotion:02}-01-01-{repetition:02}-{actor:02}.wav"
                soundfile.write(corpus / name, noisy, rate)
    return corpus


def networks(lab, folder, clip, model):
    """Name, weights file, and what ONNX Runtime takes: its session and its input. Both must say the same."""
    corpus = made_up_corpus(folder)
    files = {"the model that ships": Path(model)}
    for preset in PRESETS:
        files[preset] = folder / f"{preset}.safetensors"
        lab.run("train", corpus, "--preset", preset, "--epochs", "1", "--cache", folder / "cache", "--output", files[preset])
    for name, file in files.items():
        lab.run("export", file, "--onnx", folder / "network.onnx")
        lab.run("features", clip, "--model", file, "--output", folder / "features.safetensors")
        peer, inputs = session(folder / "network.onnx"), load_file(folder / "features.safetensors")
        labels = peer.get_modelmeta().custom_metadata_map["labels"].split(",")
        expected = json.loads(lab.run("predict", "--json", "--model", file, clip))["probabilities"]
        distance = max(abs(expected[label] - p) for label, p in zip(labels, peer.run(None, inputs)[0][0]))
        if not distance < 1e-4:
            raise SystemExit(f"{name}: ONNX Runtime says something else, by {distance:.1e}")
        yield name, file, peer, inputs


def configuration(model):
    with safe_open(model, "numpy") as file:
        member, *others = json.loads(file.metadata()["members"])
    if others:
        raise SystemExit("only models of one network are compared here")
    return member["features"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lab", default=ROOT / ".build/release/emotion-lab")
    parser.add_argument("--model", default=ROOT / "models/emotion.safetensors")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--answers", type=int, default=200, help="of a turn")
    parser.add_argument("--json", help="file for the figures")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    lab = Lab(arguments.lab, arguments.answers)

    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        folder = Path(name)
        body = recording(SECONDS, 48000)
        clip = folder / "clip.wav"
        clip.write_bytes(body)
        result = {"processor": processor(), "turns": arguments.turns, "answers": arguments.answers}
        result["peak"] = peak(folder)
        result["stages"] = lab.stages(arguments.model, clip)
        print("milliseconds by stage:", {name: round(value, 3) for name, value in result["stages"].items()})

        def ours(stage, file=arguments.model):
            return lambda: lab.stages(file, clip)[stage]

        def theirs(work):
            return lambda: median_milliseconds(work, arguments.answers)

        result["decode"] = in_turns(arguments.turns, {"emotion-lab": ours("decode"), "soundfile + soxr HQ": theirs(decoding(body))})
        show("decoding 48 kHz WAV and resampling to 16 kHz, milliseconds", result["decode"])

        samples = decoding(body)()
        peers = features.peers(configuration(arguments.model))
        lab.run("features", clip, "--model", arguments.model, "--output", folder / "ours.safetensors")
        expected = next(iter(load_file(folder / "ours.safetensors").values()))[0]
        for name, peer in peers.items():
            print(f"features of {name} differ from ours by {features.distance(peer(samples), expected)}")
        result["features"] = in_turns(
            arguments.turns, {"emotion-lab": ours("features")} | {name: theirs(lambda peer=peer: peer(samples)) for name, peer in peers.items()})
        show("features, milliseconds", result["features"])

        result["network"] = {}
        for name, file, peer, inputs in networks(lab, folder, clip, arguments.model):
            both = {"emotion-lab": ours("network", file), "ONNX Runtime": theirs(lambda: peer.run(None, inputs))}
            found = result["network"][name] = in_turns(arguments.turns, both)
            show(f"network of {name}, milliseconds", found)
        # The shipped network's cost is given for 4 s that are all speech.
        operations = float(next(line for line in lab.run("model", arguments.model).splitlines() if "4 seconds cost" in line).split()[-2])
        frames = expected.shape[-1]
        whole = SECONDS * RATE // configuration(arguments.model)["hopLength"] + 1
        rate = operations * frames / whole / result["network"]["the model that ships"]["emotion-lab"]["value"]["median"]
        result["networkGflops"] = rate
        print(f"\nthe shipped network: {rate:.0f} GFLOP/s, {100 * rate / result['peak']['gflops']:.0f} % of what one core does at most")
        if arguments.json:
            Path(arguments.json).write_text(json.dumps(result, indent=2) + "\n")


def peak(folder):
    program = folder / "peak"
    subprocess.run(["cc", "-O3", "-march=native", "-o", program, HERE / "peak.c"], check=True)
    found = json.loads(subprocess.run([program], check=True, capture_output=True, text=True).stdout)
    print(f"one core at most: {found['gflops']:.0f} GFLOP/s, {found['gigabytesCopied']:.1f} GB/s copied")
    return found


if __name__ == "__main__":
    main()
