#!/usr/bin/env python3
"""Accuracy on recordings of several sentences, asked as a whole and in windows: clips of one speaker and one emotion, put one after another.

    docs/experiments/long_recordings.py URL CORPUS [--seconds 12] [--count 120] [--model NAME]

CORPUS is a folder of RAVDESS or CREMA-D, URL a server whose model is asked (needs NumPy, soundfile and soxr). Since the server answers long
recordings in windows of its own accord, only an older one (before the note `mixed`) shows what a whole pass gives.
"""
import argparse
import collections
import concurrent.futures
import io
import json
import random
import urllib.request
from pathlib import Path

import numpy as np
import soundfile
import soxr

RATE = 16000
RAVDESS = {1: "neutral", 3: "happy", 4: "sad", 5: "angry", 6: "fearful", 7: "disgust"}
CREMA_D = {"NEU": "neutral", "HAP": "happy", "SAD": "sad", "ANG": "angry", "FEA": "fearful", "DIS": "disgust"}
WINDOWS = [None, 2, 3, 4]


def speaker_and_label(path):
    """None for other labels than the six that both corpora have."""
    if "-" in path.stem:
        parts = path.stem.split("-")
        return parts[-1], RAVDESS.get(int(parts[2]))
    parts = path.stem.split("_")
    return parts[0], CREMA_D.get(parts[2])


def samples(path):
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return soxr.resample(sound.mean(axis=1), rate, RATE)


def recording(paths, seconds):
    parts, count = [], 0
    for path in paths:
        part = samples(path)
        parts += [part, np.zeros(RATE // 4, np.float32)]
        count += len(part)
        if count > seconds * RATE:
            break
    file = io.BytesIO()
    soundfile.write(file, np.concatenate(parts), RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--seconds", type=float, default=12, help="of sound, at least, if the speaker has so much")
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--model", default="")
    arguments = parser.parse_args()
    clips = collections.defaultdict(list)
    for path in sorted(arguments.corpus.rglob("*")):
        if path.suffix in (".wav", ".flac", ".opus") and speaker_and_label(path)[1]:
            clips[speaker_and_label(path)].append(path)
    chooser = random.Random(4)
    groups = chooser.sample(sorted(clips), min(arguments.count, len(clips)))
    labels = sorted(set(CREMA_D.values()))

    def right(group):
        paths = chooser.sample(clips[group], len(clips[group]))
        body = recording(paths, arguments.seconds)
        found = []
        for window in WINDOWS:
            query = f"?model={arguments.model}" if arguments.model else "?"
            query += f"&windows=true&window={window}&hop=1" if window else ""
            request = urllib.request.Request(f"{arguments.url}/predict{query}", body, {"Content-Type": "audio/wav"})
            probabilities = json.load(urllib.request.urlopen(request, timeout=60))["probabilities"] or {}
            found.append(max(labels, key=lambda label: probabilities.get(label, 0)) == group[1])
        return group[1], found

    results = collections.defaultdict(list)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for label, found in pool.map(right, groups):
            results[label].append(found)
    for place, window in enumerate(WINDOWS):
        accuracy = np.mean([np.mean([row[place] for row in rows]) for rows in results.values()])
        print(f"{'as a whole' if window is None else f'windows of {window} s':16} {accuracy:.3f}, mean of {len(results)} labels, {len(groups)} recordings")


if __name__ == "__main__":
    main()
