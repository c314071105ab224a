"""Writes what SignalProcessing's resampler is held to: a chirp with a little noise, and what soxr's quality HQ makes of it.

    pip install numpy soxr && python make_resampler_golden.py

Each file has two counts (32-bit little-endian integers), then the input and the output (32-bit little-endian floats).
"""
import os
import struct

import numpy as np
import soxr

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    random = np.random.default_rng(7)
    for source, target in [(48000, 16000), (44100, 16000), (8000, 16000), (16000, 22050)]:
        time = np.arange(source // 25) / source
        sound = 0.5 * np.sin(2 * np.pi * (200 * time + 40 * source * time * time / 8))
        sound = (sound + 0.05 * random.standard_normal(len(time))).astype(np.float32)
        result = soxr.resample(sound, source, target, quality="HQ").astype(np.float32)
        with open(os.path.join(HERE, f"soxr_{source}_{target}.golden"), "wb") as file:
            file.write(struct.pack("<II", len(sound), len(result)))
            file.write(sound.tobytes() + result.tobytes())


if __name__ == "__main__":
    main()
