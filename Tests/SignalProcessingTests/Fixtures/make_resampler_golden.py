"""Writes what SignalProcessing's resampler is held to: a chirp with a little noise at another rate.

    pip install numpy soxr && python make_resampler_golden.py

sinc_*.golden: the sum over all input samples of a sinc with a Kaiser window, in double precision and in one step.
soxr_*.golden: what soxr's quality HQ makes of it.

Each file has two counts (32-bit little-endian integers), then the input and the output (32-bit little-endian floats).
"""
import os
import struct

import numpy as np
import soxr

HERE = os.path.dirname(os.path.abspath(__file__))
SINC = [
    (48000, 16000), (44100, 16000), (8000, 16000), (16000, 22050), (16000, 4000), (96000, 16000), (32000, 16000),
    (24000, 16000), (11025, 16000), (192000, 16000),
]
SOXR = [(48000, 16000), (24414, 16000)]


def sinc(sound, source, target):
    """The numbers of the window are those of soxr's response from 48 to 16 kHz."""
    lower = min(source, target) / source
    cutoff, reach, beta = 0.956872 * lower, 96.833 / lower, 13.04
    places = np.arange(int(len(sound) * target / source + 0.5)) * source / target
    distance = places[:, None] - np.arange(len(sound))[None, :]
    window = np.i0(beta * np.sqrt(np.clip(1 - (distance / reach) ** 2, 0, None))) / np.i0(beta)
    window[np.abs(distance) > reach] = 0
    return (cutoff * np.sinc(cutoff * distance) * window) @ sound.astype(np.float64)


def main():
    random = np.random.default_rng(7)

    def write(kind, source, target, resample):
        time = np.arange(source // 25) / source
        sound = 0.5 * np.sin(2 * np.pi * (200 * time + 40 * source * time * time / 8))
        sound = (sound + 0.05 * random.standard_normal(len(time))).astype(np.float32)
        result = resample(sound).astype(np.float32)
        with open(os.path.join(HERE, f"{kind}_{source}_{target}.golden"), "wb") as file:
            file.write(struct.pack("<II", len(sound), len(result)))
            file.write(sound.tobytes() + result.tobytes())

    for source, target in SINC:
        write("sinc", source, target, lambda sound: sinc(sound, source, target))
    for source, target in SOXR:
        write("soxr", source, target, lambda sound: soxr.resample(sound, source, target, quality="HQ"))


if __name__ == "__main__":
    main()
