#!/usr/bin/env python3
"""How often the note `stereo-differs` is right: 200 stereo recordings of two speakers, a voice in each channel, and 200 of one voice in both.

    docs/experiments/stereo_differs.py URL CORPUS…

CORPUS is a folder of CREMA-D or RAVDESS, URL a server (needs NumPy, soundfile and soxr). Two speakers take turns, or speak at the same time;
of two in three recordings the channels have noise, each other's voice 25 dB lower and gains of their own. One voice comes with gains, delays up
to 20 ms, rooms, noise that differs, opposite phase, noise alone in the other channel, or two voices 6 dB apart to the left and right.
"""
import io
import json
import random
import sys
import urllib.request
from pathlib import Path

import numpy as np
import soundfile
import soxr

RATE = 16000
chooser = random.Random(6)
numbers = np.random.default_rng(6)
files = [path for corpus in sys.argv[2:] for path in sorted(Path(corpus).rglob("*")) if path.suffix in (".wav", ".flac", ".opus")]


def decibels(value):
    return np.float32(10 ** (value / 20))


def speaker(path):
    return path.stem.split("-")[-1] if "-" in path.stem else path.stem.split("_")[0]


def clip(path=None):
    sound, rate = soundfile.read(path or chooser.choice(files), dtype="float32", always_2d=True)
    sound = soxr.resample(sound.mean(axis=1), rate, RATE)
    return sound / np.sqrt(np.mean(sound**2)) * 0.05


def silence(seconds):
    return np.zeros(int(seconds * RATE), np.float32)


def pair():
    first, second = chooser.choice(files), chooser.choice(files)
    return pair() if speaker(first) == speaker(second) else (clip(first), clip(second))


def noise(count, level):
    return numbers.standard_normal(count).astype(np.float32) * 0.05 * decibels(level)


def later(sound, seconds):
    return np.concatenate([silence(seconds), sound])


def room(sound, milliseconds):
    count = RATE * milliseconds // 1000
    response = numbers.standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    response[0] = 6
    response /= np.sqrt(np.sum(response**2))
    size = len(sound) + count
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response, size), size)[: len(sound)].astype(np.float32)


def together(first, second):
    count = max(len(first), len(second))
    return np.pad(first, (0, count - len(first))), np.pad(second, (0, count - len(second)))


def turns(count):
    left, right = silence(0), silence(0)
    for _ in range(count):
        first, second = pair()
        gap = silence(chooser.uniform(0, 0.6))
        left = np.concatenate([left, first, gap, 0 * second])
        right = np.concatenate([right, 0 * first, gap, second])
    return left, right


def overlap(seconds):
    first, second = pair()
    return together(first, later(second, seconds))


def line(left, right):
    left, right = left + noise(len(left), -30), right + noise(len(right), -30)
    left, right = left + decibels(-25) * right, right + decibels(-25) * left
    return left, right * decibels(chooser.uniform(-12, 12))


DIFFERENT = {
    "one turn each": lambda: turns(1),
    "two turns each": lambda: turns(2),
    "at the same time": lambda: overlap(0),
    "half at the same time": lambda: overlap(chooser.uniform(0.3, 1.2)),
}


def voice():
    sound = np.concatenate([clip(), silence(chooser.uniform(0.2, 1.5))])
    return np.concatenate([sound, clip()]) if chooser.random() < 0.5 else sound


def delayed(sound):
    return later(sound, chooser.uniform(0.001, 0.02))[: len(sound)]


def panned():
    left, right = turns(1)
    return left + decibels(-6) * right, right + decibels(-6) * left


SAME = {
    "gains": lambda one: (one, one * decibels(chooser.uniform(-30, 30))),
    "delay": lambda one: (one, delayed(one)),
    "rooms": lambda one: (room(one, chooser.choice([200, 500, 900])), room(one, chooser.choice([200, 500, 900]))),
    "noise": lambda one: (one + noise(len(one), chooser.uniform(-25, -5)), one + noise(len(one), chooser.uniform(-25, -5))),
    "opposite phase": lambda one: (one, -one * decibels(chooser.uniform(-10, 10))),
    "noise alone in one": lambda one: (one, noise(len(one), chooser.uniform(-60, 0))),
    "all of it": lambda one: (room(one, 400) + noise(len(one), -20), room(delayed(one), 400) * decibels(chooser.uniform(-20, 0)) + noise(len(one), -20)),
    "two voices, 6 dB apart": lambda one: panned(),
}


def differs(left, right):
    file = io.BytesIO()
    soundfile.write(file, np.stack([left, right], axis=1), RATE, format="WAV", subtype="FLOAT")
    request = urllib.request.Request(f"{sys.argv[1]}/predict", file.getvalue())
    return "stereo-differs" in json.load(urllib.request.urlopen(request, timeout=60))["quality"]


for name, make in DIFFERENT.items():
    print(f"{name:22}", sum(differs(*(line(*make()) if i % 3 else make())) for i in range(50)), "of 50")
for name, make in SAME.items():
    print(f"{name:22}", sum(differs(*make(voice())) for _ in range(25)), "of 25")
