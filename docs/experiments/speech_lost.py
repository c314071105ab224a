#!/usr/bin/env python3
"""How many recordings of speech the voice activity detector takes for none, as they are and degraded.

    docs/experiments/speech_lost.py URL CORPUS...  [--clips 200]

CORPUS are folders of recordings, URL a server (needs NumPy, SciPy, soundfile and soxr). Degradations are of this script: a telephone line
(300 to 3400 Hz at 8 kHz, µ-law), six others talking 10 dB below, a room of half a second, white noise 10 dB below.
"""
import argparse
import concurrent.futures
import io
import json
import random
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import soundfile
import soxr
from scipy.signal import butter, fftconvolve, sosfilt

RATE = 16000
noise = np.random.default_rng(9)


def power(sound):
    return np.sqrt((sound**2).mean() + 1e-12)


def telephone(sound, _):
    low = sosfilt(butter(4, [300, 3400], "bandpass", fs=8000, output="sos"), soxr.resample(sound, RATE, 8000))
    low *= 0.5 / max(np.abs(low).max(), 1e-9)
    companded = np.round(np.sign(low) * np.log1p(255 * np.abs(low)) / np.log(256) * 127) / 127
    return soxr.resample((np.sign(companded) * (256 ** np.abs(companded) - 1) / 255).astype("f4"), 8000, RATE)


def babble(sound, others):
    behind = sum(np.resize(other, len(sound)) / power(other) for other in noise.choice(np.array(others, dtype=object), 6))
    return sound + behind.astype("f4") * power(sound) / power(behind) * 10**-0.5


def room(sound, _):
    response = noise.normal(size=RATE // 2) * np.exp(-6.9 * np.arange(RATE // 2) / (RATE / 2))
    response[0] = 3
    wet = fftconvolve(sound, response)[: len(sound) + RATE // 4]
    return wet / np.abs(wet).max() * 0.5


def white(sound, _):
    return sound + noise.normal(size=len(sound)) * power(sound) * 10**-0.5


DEGRADATIONS = {"as recorded": lambda sound, _: sound, "telephone": telephone, "babble": babble, "room": room, "white noise": white}


def samples(path):
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return soxr.resample(sound.mean(axis=1), rate, RATE)


def is_lost(url, sound):
    file = io.BytesIO()
    soundfile.write(file, np.clip(sound / max(1, np.abs(sound).max()), -1, 1), RATE, format="WAV", subtype="PCM_16")
    try:
        request = urllib.request.Request(f"{url}/predict", file.getvalue(), {"Content-Type": "audio/wav"})
        return "no-speech" in json.load(urllib.request.urlopen(request, timeout=60))["quality"]
    except urllib.error.HTTPError:
        return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--clips", type=int, default=200, help="of each corpus")
    arguments = parser.parse_args()
    lost, asked = dict.fromkeys(DEGRADATIONS, 0), 0
    for corpus in arguments.corpora:
        paths = sorted(path for path in corpus.rglob("*") if path.suffix in (".wav", ".flac", ".opus", ".ogg", ".mp3"))
        sounds = [samples(path) for path in random.Random(9).sample(paths, min(arguments.clips, len(paths)))]
        asked += len(sounds)
        for name, degrade in DEGRADATIONS.items():
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                found = sum(pool.map(lambda sound: is_lost(arguments.url, sound), [degrade(sound, sounds) for sound in sounds]))
            lost[name] += found
            print(f"{corpus.name}, {name}: {found} of {len(sounds)}", flush=True)
    for name, count in lost.items():
        print(f"all, {name}: {count} of {asked}")


if __name__ == "__main__":
    main()
