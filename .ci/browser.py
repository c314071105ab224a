"""Uses the page at / as a person does, in Debian's Chromium, and asks from another site's page what fetch gets there.

    browser.py SERVER MODEL RECORDING.wav

The server asks for API keys here, so that the page's field for one is used, too. Needs playwright and /usr/bin/chromium.
"""

import hashlib
import http.server
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

program, model, recording = sys.argv[1:]
KEY = "for-this-run-alone"
FETCH = """async ([url, key]) => {
  const response = await fetch(url, {method: "POST", body: new Uint8Array(8), headers: {Authorization: "Bearer " + key}});
  return [response.status, (await response.json()).type, response.headers.get("X-Request-ID") !== null];
}"""

# Two seconds of the microphone, as the browser records and sends them; null where it cannot record so.
RECORD = """async ([key, type]) => {
  if (!MediaRecorder.isTypeSupported(type)) return null;
  const stream = await navigator.mediaDevices.getUserMedia({audio: true});
  const recorder = new MediaRecorder(stream, {mimeType: type});
  const pieces = [];
  recorder.ondataavailable = event => pieces.push(event.data);
  const stopped = new Promise(resolve => { recorder.onstop = resolve; });
  recorder.start(250);
  await new Promise(resolve => setTimeout(resolve, 2000));
  recorder.stop();
  await stopped;
  stream.getTracks().forEach(track => track.stop());
  const headers = {Authorization: "Bearer " + key};
  const response = await fetch("/predict?windows=true", {method: "POST", body: new Blob(pieces), headers});
  return {status: response.status, ...await response.json()};
}"""


def step(text):
    print(f"  ok  browser: {text}")


class OtherSite(http.server.BaseHTTPRequestHandler):
    """An empty page of another origin."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>elsewhere</title>")

    def log_message(self, *_):
        pass


def other_site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), OtherSite)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def started(folder, allowed):
    """A server that asks for keys and lets pages of one other origin in; its process and address."""
    keys = Path(folder) / "keys"
    keys.write_text(f"person {hashlib.sha256(KEY.encode()).hexdigest()}\n")
    process = subprocess.Popen(
        [program, "--address", "127.0.0.1", "--port", "0", "--model", model, "--log", "json", "--api-keys", keys,
         "--allow-origin", allowed], stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if found := re.search(r"listening on port (\d+)", line):
            # Whatever else is logged must not fill the pipe up.
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return process, f"http://127.0.0.1:{found[1]}"
    sys.exit("the server does not listen")


def use_page(page, url):
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.goto(url)
    status, emotion = page.locator("#status"), page.locator("#emotion")
    expect(page.get_by_label("API key")).to_be_hidden()
    page.get_by_label("Choose a file").set_input_files(recording)
    expect(status).to_contain_text("API key")
    step("without a key the page says that it needs one, and shows the field for it")
    key = page.get_by_label("API key")
    key.fill("wrong")
    key.press("Enter")
    expect(status).to_contain_text("not known")
    # A refusal is an error for the browser's console, too; nothing else may be.
    assert all("401" in complaint for complaint in complaints), complaints
    complaints.clear()
    key.fill(KEY)
    key.press("Enter")
    expect(status).to_contain_text("classified by")
    expect(emotion).to_contain_text("%")
    assert page.locator("#probabilities tbody tr").count() == 8
    assert page.locator("#timeline tbody tr").count() > 1
    step(f"with the key: {emotion.text_content()}; {page.locator('#timeline tbody tr').count()} windows")
    rows = page.locator("#timeline tbody tr")
    page.get_by_role("button", name="Record live").click()
    expect(status).to_have_text("Listening …", timeout=30_000)
    # Windows come over the WebSocket while it is recorded.
    expect(rows.nth(1)).to_be_visible(timeout=30_000)
    assert emotion.text_content() != "–"
    page.get_by_role("button", name="Stop").click()
    expect(status).to_have_text("Stopped.")
    expect(page.get_by_role("button", name="Record live")).to_be_visible()
    step(f"recorded live from a microphone that plays the recording: {emotion.text_content()}")
    assert not complaints, complaints


def record(page, url):
    page.goto(url)
    for type in ["audio/webm", "audio/webm;codecs=opus", "audio/webm;codecs=pcm"]:
        answer = page.evaluate(RECORD, [KEY, type])
        assert answer and answer["status"] == 200, (type, answer)
        audio = answer["audio"]
        assert 1 < audio["duration"] < 4 and answer["windows"], answer
        step(f"MediaRecorder's {type}: {audio['format']}, {audio['duration']} s, {answer['emotion']}")


# Two seconds of the microphone as MediaRecorder makes them, sent piece by piece over a WebSocket: the texts that answer.
RECORD_LIVE = """key => new Promise(async resolve => {
  const stream = await navigator.mediaDevices.getUserMedia({audio: true});
  const recorder = new MediaRecorder(stream, {mimeType: "audio/webm"});
  const socket = new WebSocket(location.origin.replace("http", "ws") + "/live?window=1&hop=1", ["bearer", key]);
  const texts = [];
  socket.onmessage = event => texts.push(JSON.parse(event.data));
  socket.onclose = event => resolve({code: event.code, texts});
  recorder.ondataavailable = event => socket.send(event.data);
  recorder.onstop = () => socket.send('{"end": true}');
  socket.onopen = () => { recorder.start(250); setTimeout(() => recorder.stop(), 2000); };
})"""

# Why a WebSocket ends, and the protocol that was chosen.
OPEN = """([url, key]) => new Promise(resolve => {
  const socket = new WebSocket(url.replace("http", "ws") + "/live", ["bearer", key]);
  socket.onopen = () => socket.send('{"end": true}');
  socket.onclose = event => resolve([event.code, socket.protocol]);
})"""


def sockets_elsewhere(page, url, allowed, foreign):
    page.goto(allowed)
    ending = page.evaluate(OPEN, [url, KEY])
    assert ending == [1007, "bearer"], ending
    step("a page of an allowed origin opens a WebSocket, with its key")
    page.goto(foreign)
    ending = page.evaluate(OPEN, [url, KEY])
    assert ending == [1006, ""], ending
    step("a page of another origin opens none")


def record_live(page, url):
    page.goto(url)
    answer = page.evaluate(RECORD_LIVE, KEY)
    whole = answer["texts"][-1]
    assert answer["code"] == 1000 and len(answer["texts"]) >= 2 and whole["audio"]["format"] == "WEBM/OPUS", answer
    step(f"MediaRecorder over a WebSocket: {len(answer['texts']) - 1} windows, {whole['audio']['duration']} s")


def fetch_elsewhere(page, url, allowed, foreign):
    page.goto(allowed)
    status, kind, has_id = page.evaluate(FETCH, [url + "/predict", KEY])
    assert (status, kind, has_id) == (400, "/openapi.yaml#not-audio", True), (status, kind, has_id)
    step("fetch from an allowed origin's page, with a preflight for the key, reads the answer and X-Request-ID")
    page.goto(foreign)
    try:
        page.evaluate(FETCH, [url + "/predict", KEY])
    except Exception as error:
        assert "Failed to fetch" in str(error), error
        return step("fetch from another origin's page is kept from the answer")
    sys.exit("a page of an origin that is not allowed could read the answer")


def main():
    allowed, foreign = other_site(), other_site()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server, url = started(folder, allowed)
        try:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", chromium_sandbox=False, args=[
                    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
                    f"--use-file-for-fake-audio-capture={Path(recording).resolve()}"])
            use_page(browser.new_page(), url)
            record(browser.new_page(), url)
            record_live(browser.new_page(), url)
            fetch_elsewhere(browser.new_page(), url, allowed, foreign)
            sockets_elsewhere(browser.new_page(), url, allowed, foreign)
            browser.close()
        finally:
            server.terminate()
        assert server.wait(30) == 0


main()
