#!/usr/bin/env python3
"""Speech emotion recognition on the usual stack: FastAPI and uvicorn, soundfile, librosa, PyTorch.

It reads the same weights file as emotion-server and computes the same features and network, so both give the same answer.

    usual_stack.py --model FILE [--port 8081] [--threads N]
"""

import argparse
import io
import json
import sys
from pathlib import Path

import librosa
import numpy as np
import soundfile
import torch
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from safetensors import safe_open

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from network import Network


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


class Recognizer:
    def __init__(self, path):
        with safe_open(path, "np") as file:
            metadata = {key: file.metadata()[key] for key in ("features", "network", "labels", "calibration")}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
        self.features, network, self.labels, calibration = (json.loads(text) for text in metadata.values())
        for plane in self.features["planes"]:
            self.check(plane)
        self.temperature = calibration["temperature"]
        self.network = Network(network["layers"], network["bands"], network["channels"])
        self.network.load(tensors)
        self.network.eval()

    def rule(self, plane):
        return (plane.get("normalization") or self.features["normalization"])["rule"]

    def check(self, plane):
        """Refuses what would be computed otherwise than emotion-server does."""
        sources = {source for feature in plane["features"] for source in feature["source"]}
        unknown = sources - SPECTRAL.keys() - {"zeroCrossingRate"}
        if (unknown or self.rule(plane) not in ("utterance", "none") or plane.get("resizedBands")
                or any(feature.get("delta") for feature in plane["features"])):
            raise SystemExit(f"a plane of these features is not computed here: {json.dumps(plane)}")

    def trimmed(self, samples):
        """The sound between silences: what is less than `margin` above the noise floor is silence, too."""
        trim = self.features.get("trim")
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
        rate, count = self.features["sampleRate"] // decimation, len(samples) // decimation
        if decimation > 1:
            samples = librosa.resample(
                samples, orig_sr=rate * decimation, target_sr=rate, res_type="soxr_hq")[:count]
        amplitudes = librosa.stft(
            samples, n_fft=spectrum["fftSize"], win_length=spectrum["windowLength"],
            hop_length=self.features["hopLength"] // decimation, window=spectrum["window"])
        return np.abs(amplitudes), rate

    def feature(self, samples, feature, known):
        """One feature (F, T); spectrograms that are known already are not computed again."""
        spectrum = feature.get("spectrum") or self.features["spectrum"]
        size = spectrum["fftSize"]
        ((source, options),) = feature["source"].items()
        if source == "zeroCrossingRate":
            return librosa.feature.zero_crossing_rate(samples, frame_length=size, hop_length=self.features["hopLength"])
        key = json.dumps(spectrum)
        if key not in known:
            known[key] = self.spectrogram(samples, spectrum)
        return SPECTRAL[source](*known[key], size, options)

    def planes(self, samples):
        """The planes (C, F, T), each with mean 0 and deviation 1 where it is normalised."""
        planes, known = [], {}
        for plane in self.features["planes"]:
            rows = np.concatenate([self.feature(samples, feature, known) for feature in plane["features"]])
            planes.append((rows - rows.mean()) / rows.std() if self.rule(plane) == "utterance" else rows)
        return np.stack(planes, dtype=np.float32)

    def __call__(self, body):
        samples, rate = soundfile.read(io.BytesIO(body), dtype="float32", always_2d=True)
        samples = librosa.resample(
            samples.mean(axis=1), orig_sr=rate, target_sr=self.features["sampleRate"], res_type="soxr_hq")
        planes = self.planes(self.trimmed(samples))
        with torch.no_grad():
            logits = self.network(torch.from_numpy(planes)[None], [planes.shape[2]])
            probabilities = torch.softmax(logits[0] / self.temperature, 0).tolist()
        best = int(np.argmax(probabilities))
        return {
            "emotion": self.labels[best],
            "confidence": probabilities[best],
            "probabilities": dict(zip(self.labels, probabilities)),
        }


def application(recognizer):
    app = FastAPI()

    @app.get("/healthz")
    def health():
        return {"status": "ok"}

    @app.post("/predict")
    async def predict(request: Request):
        try:
            return await run_in_threadpool(recognizer, await request.body())
        except soundfile.LibsndfileError as error:
            raise HTTPException(400, "not a recording") from error

    return app


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--threads", type=int, help="PyTorch's threads; its own choice when left out")
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    uvicorn.run(
        application(Recognizer(arguments.model)), host="127.0.0.1", port=arguments.port, log_level="warning",
        access_log=False, timeout_keep_alive=300)


if __name__ == "__main__":
    main()
