"""The features that the members of a model take, computed with librosa and PyTorch."""

import functools
import json
import math

import librosa
import numpy as np
import torch
from scipy.fft import dct


def log_mel(amplitudes, rate, size, options):
    mel = librosa.feature.melspectrogram(
        S=amplitudes**2, sr=rate, n_fft=size, n_mels=options["mel"]["bands"],
        fmin=options["mel"]["low"], fmax=options["mel"].get("high"))
    return librosa.power_to_db(mel, amin=options["floor"], top_db=options.get("range"))


def contrast(amplitudes, rate, size, options):
    return librosa.feature.spectral_contrast(
        S=amplitudes, sr=rate, fmin=options["low"], n_bands=options["octaves"], quantile=options["quantile"],
        linear=options["isLinear"])


def chroma(amplitudes, rate, size, options):
    return librosa.feature.chroma_stft(
        S=amplitudes**2, sr=rate, n_chroma=options["classes"], tuning=options.get("tuning"))


# From amplitudes, their rate, the size of the transform and a feature's options to the feature (F, T).
SPECTRAL = {
    "logMel": log_mel,
    "contrast": contrast,
    "chroma": chroma,
    "centroid": lambda amplitudes, rate, *_: librosa.feature.spectral_centroid(S=amplitudes, sr=rate),
    "bandwidth": lambda amplitudes, rate, *_: librosa.feature.spectral_bandwidth(S=amplitudes, sr=rate),
    "rolloff": lambda amplitudes, rate, _, options: librosa.feature.spectral_rolloff(
        S=amplitudes, sr=rate, roll_percent=options["fraction"]),
    "flatness": lambda amplitudes, *_: librosa.feature.spectral_flatness(S=amplitudes),
}


@functools.cache
def cosines(bands):
    return torch.as_tensor(dct(np.eye(bands, dtype=np.float32), axis=0, norm="ortho"))


def functionals(channels, options):
    """Statistics over time of each channel's DCT coefficients, or of its bands: from a map (C, F, T) to a vector (K, 1, 1)."""
    counts, bands = options["coefficients"], channels.shape[1]
    untransformed = options.get("untransformed") or []
    x = torch.cat([
        channel[:count] if place in untransformed else cosines(bands)[:count] @ channel
        for place, (count, channel) in enumerate(zip(counts, channels))])
    frames, third = x.shape[1], x.shape[1] // 3
    deviation, mean = torch.std_mean(x, 1, correction=0)
    level = 2 if 0 in untransformed else 2 / math.sqrt(bands)
    loud = torch.softmax(level * x[0], 0)
    voiced = torch.softmax(4 * x[sum(counts[:-1]) + 8:].abs().mean(0), 0)
    loud_mean = x @ loud
    loud_deviation = torch.sqrt((x - loud_mean[:, None]).square() @ loud)
    changes = [
        (x[:, lag:] - x[:, :-lag]).square().mean(1).sqrt() if frames > lag else torch.zeros(len(x))
        for lag in options["lags"]]
    skewness = (((x - mean[:, None]) / deviation.clamp(min=1e-3)[:, None]) ** 3).mean(1)
    thirds = [
        x[:, third * i:third * (i + 1)].mean(1) - mean if third else torch.zeros(len(x)) for i in range(2)]
    vector = torch.cat([mean, deviation, loud_mean, loud_deviation, x @ voiced, *changes, skewness, *thirds])
    return vector[:, None, None]


class FrontEnd:
    """What each member takes of a recording. What several of them take is computed once."""

    def __init__(self, configurations):
        own = ("channels", "functionals")
        self.common, *others = (
            {key: value for key, value in one.items() if key not in own} for one in configurations)
        if any(other != self.common for other in others):
            raise SystemExit("members whose features differ in more than channels and functionals are not computed here")
        self.channels = []
        self.inputs = [self.input(one) for one in configurations]

    def input(self, configuration):
        """The places of a member's channels among all, and its functionals."""
        for channel in configuration["channels"]:
            if channel not in self.channels:
                self.check(channel)
                self.channels.append(channel)
        places = [self.channels.index(channel) for channel in configuration["channels"]]
        return places, configuration.get("functionals")

    def rule(self, channel):
        return (channel.get("normalization") or self.common["normalization"])["rule"]

    def check(self, channel):
        """Refuses what would be computed otherwise than emotion-server does."""
        sources = {source for feature in channel["features"] for source in feature["source"]}
        unknown = sources - SPECTRAL.keys() - {"zeroCrossingRate"}
        if (unknown or self.rule(channel) not in ("utterance", "none") or channel.get("resizedBands")
                or self.common["length"]["rule"] != "any"
                or any(feature.get("delta") for feature in channel["features"])):
            raise SystemExit(f"a channel of these features is not computed here: {json.dumps(channel)}")

    def trimmed(self, samples):
        """The sound between silences: what is less than `margin` above the noise floor is silence, too."""
        trim = self.common.get("trim")
        if not trim:
            return samples
        frames = {"frame_length": trim["frameLength"], "hop_length": trim["hopLength"]}
        threshold = -trim["decibels"]
        if trim.get("margin"):
            levels = librosa.amplitude_to_db(librosa.feature.rms(y=samples, **frames)[0], ref=np.max, top_db=None)
            floor = np.sort(levels)[len(levels) // 10]
            threshold = max(threshold, min(floor + trim["margin"], -15))
        return librosa.effects.trim(samples, top_db=-threshold, **frames)[0]

    def spectrogram(self, samples, spectrum):
        """The amplitudes that features of one spectrum share, and their rate."""
        decimation = spectrum.get("decimation") or 1
        rate, count = self.common["sampleRate"] // decimation, len(samples) // decimation
        if decimation > 1:
            samples = librosa.resample(
                samples, orig_sr=rate * decimation, target_sr=rate, res_type="soxr_hq")[:count]
        amplitudes = librosa.stft(
            samples, n_fft=spectrum["fftSize"], win_length=spectrum["windowLength"],
            hop_length=self.common["hopLength"] // decimation, window=spectrum["window"])
        return np.abs(amplitudes), rate

    def feature(self, samples, feature, known):
        """One feature (F, T); spectrograms that are known already are not computed again."""
        spectrum = feature.get("spectrum") or self.common["spectrum"]
        size = spectrum["fftSize"]
        ((source, options),) = feature["source"].items()
        if source == "zeroCrossingRate":
            return librosa.feature.zero_crossing_rate(samples, frame_length=size, hop_length=self.common["hopLength"])
        key = json.dumps(spectrum)
        if key not in known:
            known[key] = self.spectrogram(samples, spectrum)
        return SPECTRAL[source](*known[key], size, options)

    def map(self, samples):
        """All channels (C, F, T), each with mean 0 and deviation 1 where it is normalised."""
        channels, known = [], {}
        for channel in self.channels:
            rows = np.concatenate([self.feature(samples, feature, known) for feature in channel["features"]])
            channels.append((rows - rows.mean()) / rows.std() if self.rule(channel) == "utterance" else rows)
        return torch.from_numpy(np.stack(channels, dtype=np.float32))

    def __call__(self, samples, rate):
        """What each member takes: a map (C, F, T), or a vector of functionals (K, 1, 1)."""
        samples = librosa.resample(samples, orig_sr=rate, target_sr=self.common["sampleRate"], res_type="soxr_hq")
        whole, known = self.map(self.trimmed(samples)), {}
        for places, options in self.inputs:
            key = json.dumps([places, options])
            if key not in known:
                known[key] = functionals(whole[places], options) if options else whole[places]
            yield known[key]
