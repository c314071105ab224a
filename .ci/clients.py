#!/usr/bin/env python3
"""Talks to a running server as Hugging Face's, Triton's and requests' users do, and over WebSockets.

    .ci/clients.py URL RECORDING.wav
"""

import base64
import importlib.metadata
import json
import os
import pathlib
import socket
import sys
import wave

# The server is on this machine; nothing is to be looked up elsewhere.
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

import numpy
import requests
import tritonclient.http as triton
import wsproto
from huggingface_hub import InferenceClient
from tritonclient.utils import InferenceServerException
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from wsproto import events

URL = sys.argv[1].rstrip("/")
PATH = pathlib.Path(sys.argv[2])
AUDIO = PATH.read_bytes()


def check(what, holds):
    if not holds:
        sys.exit(f"FAILED {what}")
    print(f"  ok  {what}")


def version(package):
    return f"{package} {importlib.metadata.version(package)}"


def lines(response):
    check("the answer comes in lines", response.headers["Content-Type"] == "application/x-ndjson")
    return [json.loads(line) for line in response.iter_lines()]


def with_requests():
    print(version("requests"))
    plain = requests.post(f"{URL}/predict", data=AUDIO)
    check("a recording as the body", plain.status_code == 200)
    expected = plain.json()
    form = requests.post(f"{URL}/predict", files={"file": PATH.open("rb")})
    check("the same in a form", form.json() == expected)
    encoded = {"inputs": base64.b64encode(AUDIO).decode(), "parameters": {"top_k": 2}}
    found = requests.post(f"{URL}/predict", json=encoded).json()
    check("the same in JSON, the best two", found["emotion"] == expected["emotion"] and len(found["probabilities"]) == 2)
    several = [("file", AUDIO), ("file", b"no recording"), ("file", AUDIO)]
    many = requests.post(f"{URL}/predict", files=several).json()
    check("several files, one of them broken", many[0] == many[2] == {"file": "file", **expected} and many[1]["status"] == 400)
    pieces = (AUDIO[at : at + 5000] for at in range(0, len(AUDIO), 5000))
    check("in chunks", requests.post(f"{URL}/predict", data=pieces).json() == expected)
    finished = requests.post(f"{URL}/predict?windows=true", data=AUDIO).json()
    check("windows of a finished recording", [w["start"] for w in finished["windows"]] == [0, 1, 2, 3, 4])
    pieces = (AUDIO[at : at + 5000] for at in range(0, len(AUDIO), 5000))
    *windows, whole = lines(requests.post(f"{URL}/predict?windows=true", data=pieces, stream=True))
    check("windows of a live one are the same", windows == finished.pop("windows") and whole == finished)
    packed = requests.post(f"{URL}/predict", data=AUDIO, headers={"Content-Encoding": "gzip"})
    check("what is compressed is refused clearly", packed.status_code == 415 and "Content-Encoding" in packed.text)
    return expected


def with_hugging_face(expected):
    print(version("huggingface_hub"))
    client = InferenceClient(model=f"{URL}/audio-classification", token="none")
    ranked = sorted(expected["probabilities"].items(), key=lambda item: -item[1])
    for kind, audio in (("bytes", AUDIO), ("a path", str(PATH))):
        found = [(item.label, item.score) for item in client.audio_classification(audio)]
        check(f"audio_classification of {kind}", found == ranked[:5])
    found = [(item.label, item.score) for item in client.audio_classification(AUDIO, top_k=2)]
    check("audio_classification with top_k", found == ranked[:2])


def with_triton(expected):
    print(version("tritonclient"))
    client = triton.InferenceServerClient(URL.removeprefix("http://"))
    name = expected["model"]["name"]
    check("live and ready", client.is_server_live() and client.is_server_ready() and client.is_model_ready(name))
    check("another model is not ready", not client.is_model_ready("another"))
    check("server metadata", client.get_server_metadata()["name"] == "emotion-server")
    metadata = client.get_model_metadata(name)
    check("model metadata", metadata["inputs"][0]["datatype"] == "BYTES")
    for kind, item, binary in (
        ("as binary data", AUDIO, True),
        ("as base64 in JSON", base64.b64encode(AUDIO).decode(), False),
    ):
        tensor = triton.InferInput("audio", [2], "BYTES")
        tensor.set_data_from_numpy(numpy.array([item, item], dtype=numpy.object_), binary_data=binary)
        result = client.infer(name, [tensor], request_id="1")
        labels = [text if isinstance(text, str) else text.decode() for text in result.as_numpy("emotion")]
        check(f"emotions of two recordings {kind}", labels == [expected["emotion"]] * 2)
        wanted = numpy.array([list(expected["probabilities"].values())] * 2, dtype=numpy.float32)
        check("their probabilities", numpy.array_equal(result.as_numpy("probabilities"), wanted))
    tensor = triton.InferInput("audio", [1], "BYTES")
    tensor.set_data_from_numpy(numpy.array([b"no recording"], dtype=numpy.object_))
    try:
        client.infer(name, [tensor])
        check("what is no recording is refused", False)
    except InferenceServerException as error:
        check("what is no recording is refused", error.status() == "400" and "audio" in error.message())


def heard(socket):
    """All texts until the server closes, and its code."""
    texts = []
    try:
        for text in socket:
            texts.append(json.loads(text))
    except ConnectionClosed:
        pass
    return texts, socket.close_code


def with_websockets():
    print(version("websockets"))
    live = URL.replace("http", "ws", 1) + "/live"
    expected = requests.post(f"{URL}/predict?windows=true", data=AUDIO).json()
    windows = expected.pop("windows")
    with connect(live) as socket:
        for at in range(0, len(AUDIO), 5000):
            socket.send(AUDIO[at : at + 5000])
        check("a ping is answered", socket.ping(b"there?").wait(10))
        socket.send('{"end": true}')
        texts, code = heard(socket)
    check("a recording in messages is answered as over HTTP", texts == windows + [expected] and code == 1000)
    with wave.open(str(PATH)) as file:
        rate, samples = file.getframerate(), file.readframes(file.getnframes())
    with connect(f"{live}?type=audio/pcm;rate={rate}", compression="deflate", subprotocols=["bearer", "any"]) as socket:
        check("no compression is agreed on, and bearer is the protocol", not socket.protocol.extensions and socket.subprotocol == "bearer")
        socket.send((samples[at : at + 999] for at in range(0, len(samples), 999)))
        socket.send('{"end": true}')
        texts, code = heard(socket)
    check("samples in one message of many frames likewise", texts[:-1] == windows and code == 1000)
    with connect(live) as socket:
        socket.send(b"no recording")
        socket.send('{"end": true}')
        texts, code = heard(socket)
    check("what is no recording is a problem, and closed with 1007", texts[0]["status"] in (400, 415) and code in (1003, 1007))
    for what, status, address, options in (
        ("a page of another origin is refused", 403, live, {"origin": "https://elsewhere.example"}),
        ("a window too long is refused", 400, live + "?window=99", {}),
        ("another path is refused", 400, live.replace("/live", "/healthz"), {}),
    ):
        try:
            connect(address, **options).close()
            check(what, False)
        except InvalidStatus as error:
            check(what, error.response.status_code == status)


def with_wsproto():
    """Frames that a client's library would not send by itself."""
    print(version("wsproto"))
    host, port = URL.removeprefix("http://").split(":")

    def closed(make_bytes):
        """The code with which the server closes when it gets these bytes."""
        client = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(client.send(events.Request(host=host, target="/live")))
            sent = False
            while True:
                client.receive_data(connection.recv(65536) or None)
                for event in client.events():
                    if isinstance(event, events.CloseConnection):
                        return event.code
                    if isinstance(event, events.AcceptConnection) and not sent:
                        connection.sendall(make_bytes(client))
                        sent = True

    check("a goodbye is answered with its code", closed(lambda c: c.send(events.CloseConnection(code=3001))) == 3001)
    check("a text that is unknown is closed with 1003", closed(lambda c: c.send(events.TextMessage(data="hello"))) == 1003)
    check("a frame without a mask is closed with 1002", closed(lambda c: b"\x82\x00") == 1002)
    check("a reserved bit is closed with 1002", closed(lambda c: b"\xc2\x80aaaa") == 1002)
    check("a text that is not UTF-8 is closed with 1007", closed(lambda c: b"\x81\x81\0\0\0\0\xff") == 1007)
    check("a message of 2^62 bytes is closed with 1009", closed(lambda c: b"\x82\xff\x40" + bytes(11)) == 1009)


if __name__ == "__main__":
    answer = with_requests()
    with_hugging_face(answer)
    with_triton(answer)
    with_websockets()
    with_wsproto()
