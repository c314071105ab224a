#!/usr/bin/env python3
"""Speech emotion recognition on the usual stack: FastAPI and uvicorn, soundfile, librosa, PyTorch.

It reads the same weights file as emotion-server and computes the same features and networks, so both give the same answer.

    usual_stack.py --model FILE [--port 8081] [--workers N] [--threads N]
"""

import argparse
import io
import json
import os
import sys
from pathlib import Path

import numpy as np
import soundfile
import torch
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from safetensors import safe_open

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from front_end import FrontEnd
from network import Network


class Member:
    """A network, and what its logits are multiplied with."""

    def __init__(self, description, tensors):
        self.weight = description["weight"]
        self.network = Network(description["network"])
        self.network.load(tensors)
        self.network.eval()

    def logits(self, features):
        return self.weight * self.network(features[None], [features.shape[2]])[0]


class Recognizer:
    def __init__(self, path):
        with safe_open(path, "np") as file:
            metadata = {key: file.metadata()[key] for key in ("members", "labels", "calibration")}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
        members, self.labels, calibration = (json.loads(text) for text in metadata.values())
        self.temperature = calibration["temperature"]
        self.front_end = FrontEnd([member["features"] for member in members])
        self.members = [Member(member, own(tensors, member["name"] if members[1:] else None)) for member in members]

    def __call__(self, body):
        samples, rate = soundfile.read(io.BytesIO(body), dtype="float32", always_2d=True)
        with torch.no_grad():
            inputs = self.front_end(samples.mean(axis=1), rate)
            logits = sum(member.logits(features) for member, features in zip(self.members, inputs))
            probabilities = torch.softmax(logits / self.temperature, 0).tolist()
        best = int(np.argmax(probabilities))
        return {
            "emotion": self.labels[best],
            "confidence": probabilities[best],
            "probabilities": dict(zip(self.labels, probabilities)),
        }


def own(tensors, member):
    """A member's tensors under their names in its network; the file names the member only where it has several."""
    prefix = f"{member}." if member else ""
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


app = FastAPI()
if "MODEL" in os.environ:
    if "THREADS" in os.environ:
        torch.set_num_threads(int(os.environ["THREADS"]))
    recognizer = Recognizer(os.environ["MODEL"])


@app.get("/healthz")
async def health():
    return {"status": "ok"}


@app.post("/predict")
async def predict(request: Request):
    try:
        return await run_in_threadpool(recognizer, await request.body())
    except soundfile.LibsndfileError as error:
        raise HTTPException(400, "not a recording") from error


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--threads", type=int, help="PyTorch's threads in each; its own choice when left out")
    arguments = parser.parse_args()
    # Each worker is a process that imports this module anew.
    os.environ["MODEL"] = arguments.model
    if arguments.threads:
        os.environ["THREADS"] = os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    uvicorn.run(
        "usual_stack:app", host="127.0.0.1", port=arguments.port, workers=arguments.workers, log_level="warning",
        access_log=False, timeout_keep_alive=300, app_dir=str(Path(__file__).resolve().parent))


if __name__ == "__main__":
    main()
