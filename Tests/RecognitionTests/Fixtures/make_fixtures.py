#!/usr/bin/env python3
"""Writes tone.wav and tone.flac: the same samples, 0.3 s of a rising tone at 8 kHz.

Needs the Python packages numpy and soundfile. Run it in this folder.
"""
import numpy as np
import soundfile

t = np.arange(2400) / 8000
samples = np.round(9000 * np.sin(2 * np.pi * (300 * t + 900 * t * t))).astype(np.int16)
for name in ["tone.wav", "tone.flac"]:
    soundfile.write(name, samples, 8000, subtype="PCM_16")
    assert np.array_equal(soundfile.read(name, dtype="int16")[0], samples)
