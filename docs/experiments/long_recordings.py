#!/usr/bin/env python3
"""Accuracy on recordings of several sentences: clips of one speaker, put one after another, asked in windows of several lengths and in utterances.

    docs/experiments/long_recordings.py URL CORPUS… [--seconds 12] [--count 120] [--pause 0.25] [--trimmed] [--mixed] [--model NAME]

CORPUS is a folder of RAVDESS, CREMA-D, TESS, EmoDB or nEMO, URL a server whose model is asked (needs NumPy, soundfile and soxr). The clips of a
recording have one emotion, and the answer about the whole is counted. With --mixed they have several, and each second is counted that all ways
have speech in: what the windows over it say, in the mean. Speakers and corpora that the model has learned from prove nothing.
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
LABELS = ["angry", "disgust", "fearful", "happy", "neutral", "sad"]
RAVDESS = {"01": "neutral", "03": "happy", "04": "sad", "05": "angry", "06": "fearful", "07": "disgust"}
CREMA_D = {"NEU": "neutral", "HAP": "happy", "SAD": "sad", "ANG": "angry", "FEA": "fearful", "DIS": "disgust"}
EMO_DB = {"N": "neutral", "F": "happy", "T": "sad", "W": "angry", "A": "fearful", "E": "disgust"}
WORDS = {"anger": "angry", "fear": "fearful", "happiness": "happy", "sadness": "sad"} | {label: label for label in LABELS}
QUERIES = {f"windows of {window} s": f"windows=true&window={window}&hop=1" for window in (2, 3, 4)} | {"utterances": "segments=utterances"}


def speaker_and_label(path):
    """None for other labels than the six that all corpora have."""
    if path.stem.count("-") == 6:
        parts = path.stem.split("-")
        return parts[6], RAVDESS.get(parts[2])
    parts = path.stem.split("_")
    if len(parts) == 1:
        return path.stem[:2], EMO_DB.get(path.stem[5:6])
    if len(parts) == 4:
        return parts[0], CREMA_D.get(parts[2])
    return parts[0], WORDS.get(parts[1] if parts[2].isdigit() else parts[2])


def samples(path):
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return soxr.resample(sound.mean(axis=1), rate, RATE)


def trimmed(sound):
    """Without what is 30 dB softer than the loudest 20 ms at its ends."""
    levels = np.sqrt(np.mean(sound[: len(sound) // 320 * 320].reshape(-1, 320) ** 2, axis=1))
    loud = np.flatnonzero(levels > levels.max() / 10**1.5)
    return sound[loud[0] * 320 : (loud[-1] + 1) * 320]


def recording(paths, seconds, pause, is_trimmed):
    """A WAV of clips, and for each its beginning, end (s) and label."""
    parts, places, count, at = [], [], 0, 0
    for path in paths:
        part = trimmed(samples(path)) if is_trimmed else samples(path)
        parts += [part, np.zeros(int(RATE * pause), np.float32)]
        places.append((at / RATE, (at + len(part)) / RATE, speaker_and_label(path)[1]))
        at += len(part) + len(parts[-1])
        count += len(part)
        if count > seconds * RATE:
            break
    file = io.BytesIO()
    soundfile.write(file, np.concatenate(parts), RATE, format="WAV", subtype="PCM_16")
    return file.getvalue(), places


def ask(url, body, query, model):
    query += f"&model={model}" if model else ""
    request = urllib.request.Request(f"{url}/predict?{query}", body, {"Content-Type": "audio/wav"})
    return json.load(urllib.request.urlopen(request, timeout=60))


def best(probabilities):
    return max(LABELS, key=lambda label: probabilities.get(label, 0))


def over(answer, second):
    """The probabilities of each window with speech that lies over a second."""
    return [window["probabilities"] for window in answer["windows"] if window["speech"] and window["start"] <= second < window["end"]]


def right_seconds(answers, places):
    """The fraction of the seconds that each answer tells right, of those that all of them say something about."""
    seconds = [(middle, label) for start, end, label in places for middle in np.arange(start + 0.5, end, 1)]
    seconds = [(middle, label) for middle, label in seconds if all(over(answer, middle) for answer in answers)]
    means = lambda answer, middle: {name: sum(one.get(name, 0) for one in over(answer, middle)) for name in LABELS}
    return [np.mean([best(means(answer, middle)) == label for middle, label in seconds] or [0]) for answer in answers]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=12, help="of sound, at least, if the speaker has so much")
    parser.add_argument("--count", type=int, default=120, help="of recordings from each corpus")
    parser.add_argument("--pause", type=float, default=0.25, help="seconds between clips")
    parser.add_argument("--trimmed", action="store_true", help="clips without the silence that they begin and end with")
    parser.add_argument("--mixed", action="store_true", help="of several emotions")
    parser.add_argument("--model", default="")
    arguments = parser.parse_args()
    for corpus in arguments.corpora:
        measure(corpus, arguments)


def measure(corpus, arguments):
    clips = collections.defaultdict(list)
    for path in sorted(corpus.rglob("*")):
        if path.suffix in (".wav", ".flac", ".opus") and speaker_and_label(path)[1]:
            speaker, label = speaker_and_label(path)
            clips[speaker if arguments.mixed else (speaker, label)].append(path)
    chooser = random.Random(4)
    groups = [key for key in sorted(clips) for _ in range(-(-arguments.count // len(clips)))]
    groups = chooser.sample(groups, min(arguments.count, len(groups)))
    drawn = [chooser.sample(clips[key], len(clips[key])) for key in groups]

    def score(paths):
        body, places = recording(paths, arguments.seconds, arguments.pause, arguments.trimmed)
        answers = [ask(arguments.url, body, query, arguments.model) for query in QUERIES.values()]
        if arguments.mixed:
            return right_seconds(answers, places)
        return [best(answer["probabilities"] or {}) == places[0][2] for answer in answers]

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        scores = np.array(list(pool.map(score, drawn)), float)
    figures = [f"{name} {mean:.3f}" for name, mean in zip(QUERIES, scores.mean(axis=0))]
    spread = scores.std(axis=0).mean() / np.sqrt(len(scores))
    print(f"{corpus.name:10} {', '.join(figures)} (standard error {spread:.3f}, {len(scores)} recordings)", flush=True)


if __name__ == "__main__":
    main()
