"""Networks there and back: `emotion-lab import` and `export`, then ONNX Runtime. See .ci/onnx.

Every network that PyTorch ran for the tests (Tests/NeuralNetworkTests/Fixtures/golden) is imported from its state dict
and layer list, exported, and run on the same clips; a model that ships is run on the features of a recording.
"""

import glob
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

TOLERANCE = 1e-5
lab, model = (os.path.abspath(path) for path in sys.argv[1:3])
here = os.path.dirname(os.path.abspath(__file__))


def run(*arguments):
    done = subprocess.run([lab, *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"emotion-lab {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def session(path):
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def softmax(x):
    powers = np.exp(x - x.max())
    return powers / powers.sum()


def preset(name, network, layers, labels):
    """Features of the shape that the network takes; what they are does not matter here."""
    mel = {"bands": network["bands"], "low": 20, "high": 8000, "norm": "slaney", "scale": "slaney"}
    channel = {"features": [{"source": {"mel": mel}}]}
    return {
        "name": name, "labels": {"labels": [f"label{i}" for i in range(labels)]}, "layers": layers,
        "features": {
            "sampleRate": 16000, "silenceFloor": -80, "minimumDuration": 0.1, "hopLength": 160,
            "spectrum": {"fftSize": 512, "windowLength": 400, "window": "hann"},
            "channels": [channel] * network["channels"], "normalization": {"rule": "none"}, "length": {"rule": "any"}}}


def answer(output):
    """What the network says at last, features in PyTorch's order, and the layers that ask it for that."""
    if output.ndim == 3:
        return output[-1].T.ravel(), ["sequence", "lastStep"]
    return (output[-1], ["lastStep"]) if output.ndim == 2 else (output, [])


def golden(path):
    name = os.path.basename(path).removesuffix(".safetensors")
    with safe_open(path, "numpy") as file:
        network = json.loads(file.metadata()["description"])["network"]
    tensors = load_file(path)
    clips = len([key for key in tensors if key.startswith("input.")])
    answers = [answer(tensors[f"output.{i}"]) for i in range(clips)]
    size = len(answers[0][0])
    closing = [{"type": kind, "name": f"closing-{kind}"} for kind in answers[0][1]]
    # A closing softmax is the program's own: it takes logits.
    is_softmax = network["layers"][-1]["type"] == "softmax"
    layers = network["layers"][:-1 if is_softmax else None] + closing + [{"type": "dense", "name": "closing", "units": size}]
    state = {key: value for key, value in tensors.items() if not key.startswith(("input.", "output."))}
    state |= {"closing.weight": np.eye(size, dtype=np.float32), "closing.bias": np.zeros(size, np.float32)}
    save_file({"net." + key: np.ascontiguousarray(value) for key, value in state.items()}, "state.safetensors")
    with open("preset.json", "w") as file:
        json.dump(preset(name, network, layers, size), file)
    run("import", "state.safetensors", "--prefix", "net.", "--preset", "preset.json", "--output", "imported.safetensors")
    run("export", "imported.safetensors", "--onnx", "exported.onnx")
    exported = session("exported.onnx")
    worst = 0
    for i in range(clips):
        # (frames, bands, channels) to (1, channels, bands, frames)
        features = np.ascontiguousarray(tensors[f"input.{i}"].transpose(2, 1, 0)[None])
        found = exported.run(None, {"features": features})[0][0]
        expected = answers[i][0] if is_softmax else softmax(answers[i][0])
        worst = max(worst, np.abs(found - expected).max())
    return name, worst


def shipped():
    subprocess.run([sys.executable, f"{here}/voice.py", "voice.wav"], check=True)
    run("features", "voice.wav", "--model", model, "--output", "features.safetensors")
    run("export", model, "--onnx", "model.onnx")
    exported = session("model.onnx")
    found = exported.run(None, load_file("features.safetensors"))[0][0]
    labels = exported.get_modelmeta().custom_metadata_map["labels"].split(",")
    expected = json.loads(run("predict", "--json", "voice.wav", "--model", model))["probabilities"]
    return "the model that ships", max(abs(expected[label] - p) for label, p in zip(labels, found))


def main():
    paths = sorted(glob.glob(f"{here}/../Tests/NeuralNetworkTests/Fixtures/golden/*.safetensors"))
    if not paths:
        sys.exit("no golden networks")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        results = [golden(os.path.abspath(path)) for path in paths] + [shipped()]
    for name, worst in results:
        print(f"  {'ok ' if worst <= TOLERANCE else 'FAILED'} {name}: {worst:.1e}")
    if any(not worst <= TOLERANCE for _, worst in results):
        sys.exit("ONNX Runtime finds other probabilities")


if __name__ == "__main__":
    main()
