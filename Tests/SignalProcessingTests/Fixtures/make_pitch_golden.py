"""Writes pitch.json: what librosa.yin finds in the signals that make_golden.py wrote.

    pip install librosa==0.11.0 && python make_pitch_golden.py
"""

import json
import os

import librosa
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
OPTIONS = {
    "speech16k": dict(fmin=65, fmax=600, frame_length=1024, hop_length=160),
    "speech22k": dict(fmin=80, fmax=500, frame_length=2048, hop_length=512, trough_threshold=0.15),
    "speech8k": dict(fmin=60, fmax=400, frame_length=512, hop_length=80),
    "noise16k": dict(fmin=65, fmax=600, frame_length=1024, hop_length=160),
    "silence16k": dict(fmin=65, fmax=600, frame_length=1024, hop_length=160),
}

assert librosa.__version__ == "0.11.0"
with open(os.path.join(HERE, "golden.json")) as file:
    catalogue = json.load(file)["signals"]
samples = np.fromfile(os.path.join(HERE, "signals.i16"), "<i2")
cases = []
for name, options in OPTIONS.items():
    signal = catalogue[name]
    y = samples[signal["offset"]:signal["offset"] + signal["count"]].astype(np.float64) / 32768
    pitch = librosa.yin(y, sr=signal["rate"], **options)
    cases.append(dict(signal=name, options=options, pitch=[round(float(f), 3) for f in pitch]))
with open(os.path.join(HERE, "pitch.json"), "w") as file:
    json.dump(cases, file, separators=(",", ":"))
    file.write("\n")
