"""Writes the golden vectors of SignalProcessing: what librosa computes from a few synthesised signals.

    pip install librosa==0.11.0 && python make_golden.py

signals.i16   the signals, 16-bit little-endian, one after the other
golden.f32    expected rows, 32-bit little-endian floats; long results keep some of their frames
golden.json   where each lies, with the options it was made with
"""

import json
import os
import sys

import librosa
import numpy as np
import scipy.signal

REQUIRED = "0.11.0"
KEPT_FRAMES = 8
HERE = os.path.dirname(os.path.abspath(__file__))


def resonate(x, rate, frequency, bandwidth):
    r = np.exp(-np.pi * bandwidth / rate)
    a = [1, -2 * r * np.cos(2 * np.pi * frequency / rate), r * r]
    return scipy.signal.lfilter([sum(a)], a, x)


def speech(rate, seconds, seed):
    """Glottal pulses through three formants, a pause, a hissing stretch, and breath noise over all."""
    random = np.random.default_rng(seed)
    t = np.arange(int(rate * seconds)) / rate
    pitch = 140 + 60 * np.sin(2 * np.pi * 1.7 * t) + 2 * random.standard_normal(1)
    phase = np.cumsum(pitch / rate)
    pulses = np.concatenate([[0], np.diff(np.floor(phase))])
    voice = pulses
    for formant, bandwidth in ((650, 80), (1200, 110), (2500, 160)):
        voice = resonate(voice, rate, formant, bandwidth)
    voice = voice / np.abs(voice).max() * np.clip(1.5 * np.sin(np.pi * t / seconds), 0, 1)
    part = t / seconds
    voice[(part < 0.08) | ((part > 0.45) & (part < 0.6)) | (part > 0.92)] = 0
    hiss = np.where((part > 0.7) & (part < 0.8), 0.15, 0) * random.standard_normal(len(t))
    return 0.5 * voice + hiss + 2e-3 * random.standard_normal(len(t))


def signals():
    random = np.random.default_rng(0)
    t = np.arange(6400) / 16000
    yield "speech8k", 8000, speech(8000, 0.7, 1)
    yield "speech16k", 16000, speech(16000, 0.8, 2)
    yield "speech22k", 22050, speech(22050, 0.6, 3)
    yield "speech44k", 44100, speech(44100, 0.35, 4)
    # Beside a pure tone there is nothing but rounding: librosa transforms in double precision, the library in single but
    # for contrast.
    chirp = 0.6 * scipy.signal.chirp(t, 100, 0.4, 7000, "logarithmic")
    yield "chirp16k", 16000, chirp + 5e-4 * random.standard_normal(len(t))
    yield "sweep16k", 16000, 0.6 * scipy.signal.chirp(t, 100, 0.4, 7000, "logarithmic")
    # The top octave ends in the resampler's stop band.
    yield "resampled16k", 16000, librosa.resample(speech(24000, 0.5, 5), orig_sr=24000, target_sr=16000, res_type="soxr_hq")
    yield "noise16k", 16000, 0.1 * random.standard_normal(4800)
    yield "silence16k", 16000, np.zeros(3200)
    yield "short16k", 16000, speech(16000, 0.8, 2)[4000:4300]


NARROW = dict(n_fft=512, win_length=400, hop_length=160)
WIDE = dict(n_fft=2048, hop_length=512)


def cases():
    """(signal, feature, options); options are librosa's own names."""
    everything = [name for name, _, _ in signals() if name not in ("sweep16k", "resampled16k")]
    for name in everything:
        yield name, "stft", NARROW
        yield name, "log_mel", dict(NARROW, n_mels=40, top_db=None)
        yield name, "mfcc", dict(NARROW, n_mfcc=13, n_mels=40)
        yield name, "rms", dict(frame_length=400, hop_length=160)
        yield name, "zero_crossing_rate", dict(frame_length=400, hop_length=160)
        yield name, "trim", dict(top_db=38, frame_length=400, hop_length=160)
        for feature in ("centroid", "bandwidth", "rolloff", "flatness"):
            yield name, feature, NARROW
        yield name, "chroma", dict(NARROW, tuning=0.0)
    for name in ("speech16k", "speech22k", "speech44k"):
        yield name, "stft", WIDE
        yield name, "mel", WIDE
        yield name, "log_mel", WIDE
        yield name, "mfcc", dict(WIDE, n_mfcc=40)
        yield name, "contrast", WIDE
        yield name, "chroma", dict(WIDE, tuning=0.0)
        yield name, "chroma", WIDE
        yield name, "tuning", WIDE
        yield name, "rms", dict(frame_length=2048, hop_length=512)
        yield name, "zero_crossing_rate", dict(frame_length=2048, hop_length=512)
    for name in ("speech16k", "noise16k", "chirp16k"):
        yield name, "contrast", dict(NARROW, n_bands=3, fmin=300.0, quantile=0.1, linear=True)
        yield name, "tuning", NARROW
    for name in ("speech16k", "noise16k", "chirp16k", "sweep16k", "resampled16k"):
        yield name, "contrast", dict(NARROW, n_bands=5, fmin=200.0)
    for name in ("sweep16k", "resampled16k"):
        yield name, "contrast", WIDE
    speech16 = "speech16k"
    yield speech16, "stft", dict(NARROW, window="hamming")
    yield speech16, "stft", dict(NARROW, window="blackman")
    yield speech16, "stft", dict(n_fft=500, win_length=500, hop_length=125)
    yield speech16, "mel", dict(NARROW, n_mels=64, htk=True, norm=None)
    yield speech16, "log_mel", dict(NARROW, n_mels=80, fmin=20.0, fmax=8000.0, top_db=None)
    yield speech16, "log_mel", dict(NARROW, n_mels=40, fmin=125.0, fmax=7500.0, htk=True, top_db=30.0)
    yield speech16, "log_mel", dict(NARROW, n_mels=40, ref=0.5, amin=1e-6, top_db=60.0)
    yield speech16, "mfcc", dict(NARROW, n_mfcc=20, n_mels=128, lifter=22)
    yield speech16, "mfcc", dict(NARROW, n_mfcc=13, n_mels=40, htk=True, lifter=2)
    yield speech16, "rolloff", dict(NARROW, roll_percent=0.5)
    yield speech16, "chroma", dict(NARROW, tuning=0.23, n_chroma=24)
    for delta in (dict(), dict(order=2), dict(width=5), dict(width=11, order=3)):
        yield speech16, "delta", dict(NARROW, n_mfcc=13, n_mels=40, delta=delta)


def compute(y, rate, feature, options):
    options = dict(options)
    if feature == "stft":
        return np.abs(librosa.stft(y, **options))
    if feature == "mel":
        return librosa.feature.melspectrogram(y=y, sr=rate, **options)
    if feature == "log_mel":
        decibels = {k: options.pop(k) for k in ("ref", "amin", "top_db") if k in options}
        return librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=rate, **options), **decibels)
    if feature == "delta":
        delta = options.pop("delta")
        return librosa.feature.delta(librosa.feature.mfcc(y=y, sr=rate, **options), **delta)
    if feature == "rms":
        return librosa.feature.rms(y=y, **options)
    if feature == "zero_crossing_rate":
        return librosa.feature.zero_crossing_rate(y, **options)
    if feature == "trim":
        return librosa.effects.trim(y, **options)[1].reshape(2, 1)
    if feature == "chroma":
        return librosa.feature.chroma_stft(y=y, sr=rate, **options)
    if feature == "tuning":
        power = np.abs(librosa.stft(y, **options)) ** 2
        return np.array([[librosa.estimate_tuning(S=power, sr=rate)]])
    if feature == "flatness":
        return librosa.feature.spectral_flatness(y=y, **options)
    if feature == "mfcc":
        return librosa.feature.mfcc(y=y, sr=rate, **options)
    return getattr(librosa.feature, "spectral_" + feature)(y=y, sr=rate, **options)


def main():
    if librosa.__version__ != REQUIRED:
        sys.exit(f"librosa {REQUIRED} is the reference, this is {librosa.__version__}")
    catalogue, samples = {}, []
    for name, rate, wave in signals():
        quantised = np.clip(np.round(wave * 32768), -32768, 32767).astype("<i2")
        catalogue[name] = dict(rate=rate, offset=sum(map(len, samples)), count=len(quantised))
        samples.append(quantised)
    waves = dict(zip(catalogue, samples))

    index, blob, size = [], [], 0
    for name, feature, options in cases():
        y = waves[name].astype(np.float32) / 32768
        full = compute(y, catalogue[name]["rate"], feature, options).T.astype("<f4")
        frames = np.unique(np.linspace(0, len(full) - 1, KEPT_FRAMES).round().astype(int)).tolist()
        kept = full[frames]
        spread = float(full.max() if feature == "stft" else full.max() - full.min())
        index.append(
            dict(signal=name, feature=feature, options=options, total=len(full), frames=frames,
                 width=full.shape[1], offset=size, range=spread))
        blob.append(kept)
        size += kept.size

    np.concatenate(samples).tofile(os.path.join(HERE, "signals.i16"))
    np.concatenate([rows.ravel() for rows in blob]).tofile(os.path.join(HERE, "golden.f32"))
    with open(os.path.join(HERE, "golden.json"), "w") as file:
        json.dump(dict(signals=catalogue, cases=index), file, indent=None, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
