"""Writes what librosa makes of one synthesised recording, for the tests of the front end.

    pip install librosa==0.11.0 && python make_golden.py

voice.i16    the recording: 16 kHz, 16-bit little-endian, silence at both ends
*.f32        trimmed at 38 dB, then the feature: rows of every 10th frame, 32-bit little-endian floats
"""

import os
import sys

import librosa
import numpy as np

REQUIRED = "0.11.0"
RATE = 16000
HERE = os.path.dirname(os.path.abspath(__file__))
FRAMES = dict(n_fft=512, win_length=400, hop_length=160)


def voice():
    """A buzz of changing pitch and brightness with noise, half a second of almost nothing before and after."""
    random = np.random.default_rng(5)
    t = np.arange(RATE) / RATE
    phase = np.cumsum(180 + 50 * np.sin(2 * np.pi * 2 * t)) / RATE
    buzz = sum(np.sin(2 * np.pi * k * phase) / k ** (1.2 + 0.6 * t) for k in range(1, 30))
    sound = 0.2 * buzz * np.sin(np.pi * t) ** 0.5 + 0.003 * random.standard_normal(RATE)
    quiet = 3e-4 * random.standard_normal(RATE // 2)
    return np.round(np.concatenate([quiet, sound, quiet]) * 32768).astype("<i2")


def main():
    if librosa.__version__ != REQUIRED:
        sys.exit(f"librosa {REQUIRED} is the reference, this is {librosa.__version__}")
    recording = voice()
    recording.tofile(os.path.join(HERE, "voice.i16"))
    y = recording.astype(np.float32) / 32768
    y, _ = librosa.effects.trim(y, top_db=38, frame_length=400, hop_length=160)

    mel = librosa.feature.melspectrogram(y=y, sr=RATE, n_mels=80, fmin=20, fmax=8000, **FRAMES)
    log_mel = librosa.power_to_db(mel, top_db=None)
    quarter = librosa.resample(y, orig_sr=RATE, target_sr=RATE // 4, res_type="soxr_hq")[:len(y) // 4]
    harmonics = librosa.feature.melspectrogram(
        y=quarter, sr=RATE // 4, n_mels=64, fmin=60, fmax=1600, n_fft=512, win_length=256, hop_length=40)
    mfcc = librosa.feature.mfcc(y=y, sr=RATE, n_mfcc=13, **FRAMES)
    results = dict(
        log_mel=log_mel,
        decimated=librosa.power_to_db(harmonics, top_db=70),
        normalized=(log_mel - log_mel.mean()) / log_mel.std(),
        stack=np.concatenate([
            mfcc,
            librosa.feature.delta(mfcc),
            librosa.feature.chroma_stft(y=y, sr=RATE, tuning=0, n_fft=1024, hop_length=160),
            librosa.feature.spectral_contrast(y=y, sr=RATE, n_fft=1024, hop_length=160),
            librosa.feature.zero_crossing_rate(y, frame_length=512, hop_length=160),
        ]),
    )
    for name, values in results.items():
        values.T[::10].astype("<f4").tofile(os.path.join(HERE, name + ".f32"))


if __name__ == "__main__":
    main()
