"""Trial of the external decoder: many recordings that ffmpeg decodes, some of them hostile, and nothing left of it."""

import os
import random
import subprocess
import threading
import time
from collections import Counter
from pathlib import Path

from hostile import mutant
from replica import ROOT, Replica

VOICE = ROOT / "Tests/EmotionServerTests/Fixtures/voice.flac"
FILES = {
    "a.m4a": [], "b.mp4": ["-movflags", "frag_keyframe+empty_moov"], "c.m4a": ["-c:a", "alac"], "d.aac": [], "e.wma": [],
    "f.wv": [], "g.wav": ["-c:a", "g722"], "h.caf": ["-c:a", "alac"], "i.mka": ["-c:a", "aac"], "j.spx": []}


def recordings(folder):
    for name, options in FILES.items():
        path = folder / name
        command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", VOICE, "-t", "1.5", *options, path]
        subprocess.run(command, check=True)
        yield path.read_bytes()


def stat(process):
    """A process's name, state and parent; None where it has gone."""
    try:
        name, rest = Path(f"/proc/{process}/stat").read_text().split("(", 1)[1].rsplit(")", 1)
    except OSError:
        return None
    return name, rest.split()[0], int(rest.split()[1])


def leftovers(server):
    """Names of the server's descendants that are ffmpeg, or zombies."""
    family, found = {server}, []
    for process in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
        facts = stat(process)
        if facts and facts[2] in family:
            family.add(process)
            if facts[0] == "ffmpeg" or facts[1] == "Z":
                found.append(facts[0])
    return found


def descriptors(process):
    return len(os.listdir(f"/proc/{process}/fd"))


def external_decoder(settings):
    """Recordings for ffmpeg, every tenth mutated: 200 or 4xx, and no process, descriptor or memory left."""
    originals, count, statuses = list(recordings(settings.folder)), settings.foreign, Counter()
    memory = {}
    with Replica(settings) as server:
        def client(first):
            connection = server.connect(timeout=60)
            for seed in range(first, count, 4):
                choice = random.Random(seed)
                is_hostile = seed % 10 == 0
                body = mutant(originals, seed) if is_hostile else choice.choice(originals)
                connection.request("POST", "/predict", body)
                response = connection.getresponse()
                response.read()
                statuses[("mutant " if is_hostile else "") + str(response.status)] += 1
                if seed == count // 5:
                    memory["early"] = server.resident()

        before = descriptors(server.pid)
        threads = [threading.Thread(target=client, args=(first,)) for first in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        end = time.monotonic() + 5
        while (left := leftovers(server.pid)) and time.monotonic() < end:
            time.sleep(0.1)
        late, more, alive = server.resident(), descriptors(server.pid) - before, server.alive()
        started = server.metric("emotion_external_decoders_total")
    bad = [status for status in statuses if not (status == "200" or status.startswith(("mutant 200", "mutant 4")))]
    # A client's connection, and decoders that are kept, have descriptors too.
    holds = alive and not left and not bad and more < 20 and (late < 1.2 * memory["early"] or settings.sanitized)
    figures = (f"{dict(statuses)}, {started:.0f} processes, left {left}, descriptors {more:+}, "
               f"memory {memory['early']:.0f} → {late:.0f} MB")
    return f"{count} recordings for ffmpeg, 10 % mutated", holds, figures
