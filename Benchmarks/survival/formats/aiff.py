"""AIFF and AIFC, whose rate is a number of 80 bits."""

import struct

SOUND = bytes(range(256)) * 32


def chunk(name, data=b"", size=None):
    return name + struct.pack(">I", len(data) if size is None else size) + data + b"\0" * (len(data) % 2)


def extended(value):
    """A whole number above 0 in 80 bits."""
    exponent = value.bit_length() - 1
    return struct.pack(">HQ", 16383 + exponent, value << 63 - exponent if exponent < 64 else value >> exponent - 63)


def common(channels=1, frames=4096, bits=16, rate=16000, kind=None, name=b"\0\0", raw_rate=None):
    """`kind` makes it AIFC's; `raw_rate` are the rate's ten bytes."""
    data = struct.pack(">HIH", channels & 0xFFFF, frames & 0xFFFFFFFF, bits) + (raw_rate or extended(rate))
    return chunk(b"COMM", data + ((kind + name) if kind else b""))


def sound(data=SOUND, offset=0, block=0, size=None):
    return chunk(b"SSND", struct.pack(">II", offset, block) + data, size)


def file(*chunks, kind=b"AIFF", size=None):
    body = kind + b"".join(chunks)
    return b"FORM" + struct.pack(">I", len(body) if size is None else size) + body


def plain(data=SOUND, size=None, **fields):
    return file(common(**fields), sound(data, size=size), kind=b"AIFC" if "kind" in fields else b"AIFF")


def between(*chunks, **fields):
    return file(common(**fields), *chunks, sound())


def markers(count, claimed=None):
    return chunk(b"MARK", struct.pack(">H", count if claimed is None else claimed)
                 + b"".join(struct.pack(">HI", n & 0xFFFF, n) + b"\1x" for n in range(count)))


WORST = {
    "rate 0": lambda: plain(raw_rate=b"\0" * 10),
    "rate not a number": lambda: plain(raw_rate=b"\x7f\xff" + b"\xff" * 8),
    "rate infinite": lambda: plain(raw_rate=b"\x7f\xff\x80" + b"\0" * 7),
    "rate negative": lambda: plain(raw_rate=b"\xc0\x0c\xfa\0\0\0\0\0\0\0"),
    "rate 10^4000": lambda: plain(raw_rate=b"\x7f\x00\xff" + b"\0" * 7),
    "rate denormal": lambda: plain(raw_rate=b"\0\0\0\0\0\0\0\0\0\1"),
    "rate not normalised": lambda: plain(raw_rate=b"\x40\x0d\0\0\xff\xff\0\0\0\0"),
    "no channels": lambda: plain(channels=0),
    "255 channels": lambda: plain(channels=255),
    "-1 channels": lambda: plain(channels=-1),
    "0 bits": lambda: plain(bits=0),
    "33 bits": lambda: plain(bits=33),
    "65,535 bits": lambda: plain(bits=65535),
    "no frames": lambda: plain(frames=0),
    "2^32 - 1 frames": lambda: plain(frames=-1),
    "size 0": lambda: file(common(), sound(), size=0),
    "size 2^32 - 1": lambda: file(common(), sound(), size=0xFFFFFFFF),
    "sound of 2^32 - 1 bytes": lambda: plain(size=0xFFFFFFFF),
    "sound of 0 bytes": lambda: plain(size=0),
    "offset 2^32 - 1": lambda: file(common(), sound(offset=0xFFFFFFFF)),
    "offset 2^31": lambda: file(common(), sound(offset=0x80000000)),
    "blocks of 2^32 - 1": lambda: file(common(), sound(block=0xFFFFFFFF)),
    "sound before COMM": lambda: file(sound(), common()),
    "20 of COMM": lambda: file(*[common(channels=n) for n in range(1, 21)], sound()),
    "COMM of 2 bytes": lambda: file(chunk(b"COMM", b"\0\1"), sound()),
    "a name of 255 bytes": lambda: plain(kind=b"NONE", name=b"\xff" + b"x" * 255),
    "a name that is longer than it is": lambda: plain(kind=b"NONE", name=b"\xff"),
    "IMA ADPCM on 255 channels": lambda: plain(kind=b"ima4", channels=255, frames=0xFFFFFFF),
    "IMA ADPCM, 2^32 - 1 packets": lambda: plain(kind=b"ima4", frames=-1),
    "IMA ADPCM, half a packet": lambda: plain(b"\xff" * 17, kind=b"ima4"),
    "GSM": lambda: plain(kind=b"GSM ", frames=-1),
    "DWVW of 12 bits": lambda: plain(b"\xff" * 900_00, kind=b"DWVW", bits=12, frames=-1),
    "DWVW of 24 bits": lambda: plain(b"\0" * 900_00, kind=b"DWVW", bits=24, frames=-1),
    "DWVW of 32 bits": lambda: plain(kind=b"DWVW", bits=32),
    "doubles beyond floats": lambda: plain(struct.pack(">d", 1e300) * 1000, kind=b"fl64", bits=64),
    "unknown coding": lambda: plain(kind=b"\xff\0\xff\0"),
    "65,535 markers": lambda: between(markers(60_000, 65535)),
    "markers that are missing": lambda: between(markers(1, 65535)),
    "65,535 comments": lambda: between(chunk(b"COMT", struct.pack(">H", 65535) + b"\0" * 100)),
    "an instrument of 2 bytes": lambda: between(chunk(b"INST", b"\0\0")),
    "loops to markers that are not there": lambda: between(chunk(b"INST", b"\xff" * 20)),
    "80,000 empty notes": lambda: between(chunk(b"ANNO") * 80_000),
    "a note of 700 kB": lambda: between(chunk(b"ANNO", b"x" * 700_000)),
    "a note of 2^32 - 1 bytes": lambda: between(chunk(b"ANNO", b"", 0xFFFFFFFF)),
    "a note of 2^31 bytes": lambda: between(chunk(b"ANNO", b"", 0x80000000)),
    "peaks of 255 channels": lambda: between(chunk(b"PEAK", b"\xff" * 2048), channels=1),
    "a key of 2 bytes": lambda: between(chunk(b"basc", b"\0\0")),
    "forms within forms": lambda: between(chunk(b"FORM", b"AIFF" + chunk(b"FORM", b"AIFF" * 1000)) * 100),
}


def mutate(choice, amount):
    kind = choice.choice([None, None, b"NONE", b"sowt", b"fl32", b"fl64", b"ulaw", b"alaw", b"ima4", b"DWVW", b"GSM ", b"in24"])
    parts = [common(
        choice.choice([1, 1, 2, 64, 255, choice.getrandbits(16)]), choice.choice([amount // 2, amount, choice.getrandbits(32)]),
        choice.choice([8, 12, 16, 24, 32, choice.getrandbits(16)]), choice.choice([4000, 16000, 48000, 192000, 1 << 40]), kind,
        choice.choice([b"\0\0", b"\4abcd", choice.randbytes(6)]), choice.choice([None] * 5 + [choice.randbytes(10)]))]
    for _ in range(choice.choice([0, 1, 4, 50])):
        name = choice.choice([b"MARK", b"INST", b"COMT", b"ANNO", b"NAME", b"APPL", b"PEAK", b"basc", b"FVER", choice.randbytes(4)])
        size = choice.choice([None] * 6 + [0, 0xFFFFFFFF, choice.getrandbits(32)])
        parts.append(chunk(name, choice.randbytes(choice.choice([0, 1, 4, 20, 300])), size))
    data = (choice.randbytes(256) * (amount // 256 + 1))[:amount]
    parts.append(sound(data, choice.choice([0, 0, 0, 8, choice.getrandbits(32)]), choice.choice([0, 0, 512]),
                       choice.choice([None, None, 0, choice.getrandbits(32)])))
    if choice.random() < 0.1:
        choice.shuffle(parts)
    return file(*parts, kind=b"AIFC" if kind else b"AIFF", size=choice.choice([None, None, choice.getrandbits(32)]))
