"""The ways on which a recording comes to the server, and a client that talks on a socket of its own."""

import base64
import json
import select
import socket
import struct
import time
from dataclasses import dataclass


@dataclass
class Answer:
    """What came back: status 0 where nothing did, in how many seconds, all bytes, and whether the server closed."""
    status: int
    seconds: float
    data: bytes
    closed: bool


def message(path, body, headers=(), chunked=False, piece=65536):
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + "".join(f"{h}\r\n" for h in headers)
    if not chunked:
        return (head + f"Content-Length: {len(body)}\r\n\r\n").encode() + body
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(body[at:at + piece]), body[at:at + piece]) for at in range(0, len(body), piece))
    return (head + "Transfer-Encoding: chunked\r\n\r\n").encode() + chunks + b"0\r\n\r\n"


def form(bodies, path="/predict"):
    parts = b"".join(
        b'--e0x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n%s\r\n' % body for body in bodies)
    return message(path, parts + b"--e0x--\r\n", ["Content-Type: multipart/form-data; boundary=e0x"])


def encoded(body, path):
    data = b'{"inputs":"%s"}' % base64.b64encode(body)
    return message(path, data, ["Content-Type: application/json"])


def tensor(body, model):
    data = json.dumps({"inputs": [{
        "name": "audio", "datatype": "BYTES", "shape": [1], "data": [base64.b64encode(body).decode()]}]}).encode()
    return message(f"/v2/models/{model}/infer", data, ["Content-Type: application/json"])


def binary_tensor(body, model):
    head = json.dumps({"inputs": [{
        "name": "audio", "datatype": "BYTES", "shape": [1], "parameters": {"binary_data_size": len(body) + 4}}]}).encode()
    return message(f"/v2/models/{model}/infer", head + struct.pack("<I", len(body)) + body,
                   [f"Inference-Header-Content-Length: {len(head)}"])


# Each makes a request of a recording's bytes and the model's name. What a peer has too comes first.
WAYS = {
    "raw": lambda body, model: message("/predict", body),
    "form": lambda body, model: form([body]),
    "JSON": lambda body, model: encoded(body, "/predict"),
    "audio-classification": lambda body, model: message("/audio-classification", body),
    "audio-classification, JSON": lambda body, model: encoded(body, "/audio-classification"),
    "v2, JSON": tensor,
    "v2, binary": binary_tensor,
    "windows": lambda body, model: message("/predict?windows=true", body),
    "windows in chunks": lambda body, model: message("/predict?windows=true", body, chunked=True),
    "short windows in chunks": lambda body, model: message(
        "/predict?windows=true&window=0.5&hop=0.05", body, chunked=True, piece=1000),
}
OF_ALL = ("raw", "form", "JSON")


def ask(port, data, patience=30, source=None, quiet=None):
    """Sends the bytes and reads until the server closes, or for so long; `quiet` seconds of silence after something came end it.

    Sends and reads at once: an answer may begin before the request has ended.
    """
    began, received, sent, last, closed = time.monotonic(), [], 0, time.monotonic(), False
    try:
        sock = socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(source, 0) if source else None)
    except OSError:
        return Answer(0, time.monotonic() - began, b"", True)
    sock.setblocking(False)
    view, writable = memoryview(data), True
    with sock:
        while (now := time.monotonic()) < began + patience:
            if quiet and received and now > last + quiet:
                break
            reads, writes, _ = select.select([sock], [sock] if writable and sent < len(data) else [], [], 0.05)
            try:
                if reads:
                    piece = sock.recv(1 << 18)
                    if not piece:
                        closed = True
                        break
                    received.append(piece)
                    last = time.monotonic()
            except BlockingIOError:
                pass
            except OSError:
                closed = True
                break
            try:
                if writes:
                    sent += sock.send(view[sent:sent + (1 << 18)])
            except BlockingIOError:
                pass
            except OSError:  # the server has heard enough; its answer may be there all the same
                writable = False
    answer = b"".join(received)
    status = int(answer[9:12]) if answer[:7] == b"HTTP/1." and answer[9:12].isdigit() else 0
    return Answer(status, time.monotonic() - began, answer, closed)


def model_name(port):
    answer = ask(port, b"GET /model HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 10)
    try:
        return json.loads(answer.data.split(b"\r\n\r\n", 1)[1])["name"]
    except (IndexError, KeyError, ValueError):
        return "emotion"
