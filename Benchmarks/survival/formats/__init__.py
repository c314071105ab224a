"""Recordings that are well formed and odd, a module a container.

Each module has `WORST`, a table of named files that are known to hurt decoders (a name and a function without arguments
that gives the bytes), and `mutate(choice, amount)`: a file that `choice`, a random.Random, makes up, with about `amount`
bytes of sound. Checksums and lengths are right unless a file is about wrong ones, so that a decoder gets past them.
"""

import random

from formats import aiff, au, caf, flac, matroska, mp3, ogg, opus, riff, vorbis

FORMATS = {
    "ogg": ogg, "vorbis": vorbis, "opus": opus, "flac": flac, "mp3": mp3, "riff": riff, "caf": caf, "aiff": aiff, "au": au,
    "matroska": matroska}


def worst():
    """Every named worst case: (format, name, bytes)."""
    for format, module in FORMATS.items():
        for name, make in module.WORST.items():
            yield format, name, make()


def made_up(seed, format=None, amount=None):
    """The odd file of a seed; of all containers in turn where none is named."""
    choice = random.Random(seed)
    module = FORMATS[format or list(FORMATS)[seed % len(FORMATS)]]
    return module.mutate(choice, amount or choice.choice([64, 1024, 16384]))
