#!/usr/bin/env python3
"""The leanest speech emotion service that Python has the parts for: FastAPI, uvicorn with uvloop, soundfile, soxr, kaldi-native-fbank,
ONNX Runtime.

It runs the network of emotion-server's weights file, which `emotion-lab export` wrote as ONNX, on one filter bank, given once for each
channel. So the network costs what it costs emotion-server, the features cost less, and the answer means nothing.

    leanest_stack.py --onnx FILE [--port 8082] [--workers 2]
"""

import argparse
import io
import os

import kaldi_native_fbank
import numpy as np
import onnxruntime
import soundfile
import soxr
import uvicorn
from fastapi import FastAPI, HTTPException, Request

RATE = 16000


def session(path):
    """A network on one thread, which does not spin while it waits."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Recognizer:
    def __init__(self, path):
        self.session = session(path)
        inputs = self.session.get_inputs()
        if len(inputs) != 1 or len(inputs[0].shape) != 4:
            raise SystemExit(f"{path}: not one network over maps of features")
        self.name, (_, self.channels, self.bands, _) = inputs[0].name, inputs[0].shape
        self.labels = self.session.get_modelmeta().custom_metadata_map["labels"]

    def features(self, samples):
        options = kaldi_native_fbank.FbankOptions()
        options.frame_opts.dither = 0
        options.frame_opts.samp_freq = RATE
        options.frame_opts.frame_shift_ms = 16
        options.frame_opts.window_type = "hanning"
        options.mel_opts.num_bins = self.bands
        bank = kaldi_native_fbank.OnlineFbank(options)
        bank.accept_waveform(RATE, samples)
        bank.input_finished()
        frames = np.stack([bank.get_frame(i) for i in range(bank.num_frames_ready)])
        frames = (frames - frames.mean()) / frames.std()
        return np.ascontiguousarray(np.broadcast_to(frames.T, (1, self.channels, *frames.T.shape)))

    def __call__(self, body):
        samples, rate = soundfile.read(io.BytesIO(body), dtype="float32")
        if samples.ndim > 1:
            samples = samples.mean(axis=1)
        if rate != RATE:
            samples = soxr.resample(samples, rate, RATE, quality="HQ")
        return self.session.run(None, {self.name: self.features(samples)})[0][0].tolist()


app = FastAPI()
recognizer = Recognizer(os.environ["ONNX"]) if "ONNX" in os.environ else None


@app.get("/healthz")
async def health():
    return {"status": "ok"}


# No thread pool: with a worker a processor it only costs hand-overs.
@app.post("/predict")
async def predict(request: Request):
    try:
        return {"probabilities": recognizer(await request.body())}
    except soundfile.LibsndfileError as error:
        raise HTTPException(400, "not a recording") from error


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--onnx", required=True)
    parser.add_argument("--port", type=int, default=8082)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    os.environ["ONNX"] = arguments.onnx
    os.environ["OMP_NUM_THREADS"] = "1"
    uvicorn.run(
        "leanest_stack:app", host="127.0.0.1", port=arguments.port, workers=arguments.workers, log_level="warning",
        access_log=False, timeout_keep_alive=300, app_dir=os.path.dirname(os.path.abspath(__file__)))


if __name__ == "__main__":
    main()
