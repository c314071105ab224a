#!/usr/bin/env python3
"""The usual way to do it, for the survival trials: FastAPI and uvicorn, soundfile, librosa. No network: it decodes and computes features.

    peer.py --port PORT      with the packages of Benchmarks/requirements.txt and python-multipart; PyTorch is not needed
"""

import argparse
import base64
import io
import json

import librosa
import numpy as np
import soundfile
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool

RATE = 16000
app = FastAPI()


def features(body):
    samples, rate = soundfile.read(io.BytesIO(body), dtype="float32", always_2d=True)
    samples = librosa.resample(samples.mean(axis=1), orig_sr=rate, target_sr=RATE, res_type="soxr_hq")
    amplitudes = np.abs(librosa.stft(samples, n_fft=512, hop_length=256))
    mel = librosa.power_to_db(librosa.feature.melspectrogram(S=amplitudes**2, sr=RATE, n_fft=512, n_mels=64))
    return {"frames": int(mel.shape[1]), "level": float(mel.mean())}


def judged(bodies):
    try:
        return [features(body) for body in bodies]
    except soundfile.LibsndfileError as error:
        raise HTTPException(400, "not a recording") from error
    except ValueError as error:
        raise HTTPException(422, "too little to judge by") from error


async def recordings(request):
    """The recordings of a request: its body, a form's files, or base64 in JSON."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        form = await request.form()
        return [await file.read() for file in form.getlist("file")]
    if kind.startswith("application/json"):
        try:
            return [base64.b64decode(json.loads(await request.body())["inputs"])]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise HTTPException(400, "not such JSON") from error
    return [await request.body()]


@app.get("/healthz")
@app.get("/readyz")
def health():
    return {"status": "ok"}


@app.post("/predict")
async def predict(request: Request):
    return await run_in_threadpool(judged, await recordings(request))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    uvicorn.run(app, host="127.0.0.1", port=parser.parse_args().port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
