"""Sun's AU: six numbers and the sound."""

import struct

SOUND = bytes(range(256)) * 32


def file(data=SOUND, encoding=3, rate=16000, channels=1, offset=None, size=None, note=b"\0\0\0\0", order=">"):
    """`offset` and `size` may lie; little-endian files begin with the letters the other way round."""
    offset = 24 + len(note) if offset is None else offset
    numbers = struct.pack(order + "IIIII", offset, len(data) if size is None else size, encoding, rate, channels)
    return (b".snd" if order == ">" else b"dns.") + numbers + note + data


WORST = {
    "offset 0": lambda: file(offset=0),
    "offset 23": lambda: file(offset=23),
    "offset 2^31": lambda: file(offset=0x80000000),
    "offset 2^32 - 1": lambda: file(offset=0xFFFFFFFF),
    "offset past the end by one": lambda: file(offset=24 + 4 + len(SOUND) + 1),
    "size unknown": lambda: file(size=0xFFFFFFFF),
    "size 2^31": lambda: file(size=0x80000000),
    "size 0": lambda: file(size=0),
    "size 1": lambda: file(size=1),
    "rate 0": lambda: file(rate=0),
    "rate 2^31": lambda: file(rate=0x80000000),
    "rate 2^32 - 1": lambda: file(rate=0xFFFFFFFF),
    "no channels": lambda: file(channels=0),
    "255 channels": lambda: file(channels=255),
    "2^31 channels": lambda: file(channels=0x80000000),
    "2^32 - 1 channels": lambda: file(channels=0xFFFFFFFF),
    "a note of 700 kB": lambda: file(note=b"x" * 700_000),
    "a note without an end": lambda: file(note=b"\xff" * 1000, offset=1 << 20),
    "G.721": lambda: file(b"\xff" * 100_000, encoding=23),
    "G.722": lambda: file(encoding=24),
    "G.723 of 3 bits": lambda: file(b"\xff" * 100_000, encoding=25),
    "G.723 of 5 bits": lambda: file(b"\xff" * 100_000, encoding=26),
    "G.721 on 255 channels": lambda: file(encoding=23, channels=255),
    "encoding 0": lambda: file(encoding=0),
    "encoding 2^32 - 1": lambda: file(encoding=0xFFFFFFFF),
    "floats that are none": lambda: file(b"\x7f\xff\xff\xff" * 2000, encoding=6),
    "doubles beyond floats": lambda: file(struct.pack(">d", 1e300) * 1000, encoding=7),
    "24 bits on 64 channels": lambda: file(SOUND * 30, encoding=4, channels=64, rate=192000),
    "µ-law, 8 kHz, 900 kB": lambda: file(b"\x55" * 900_000, encoding=1, rate=8000),
    "no sound": lambda: file(b""),
    "half a sample": lambda: file(b"\1"),
    "the header alone": lambda: file(b"", note=b"")[:24],
    "the magic alone": lambda: b".snd",
}


def mutate(choice, amount):
    data = (choice.randbytes(256) * (amount // 256 + 1))[:amount]
    return file(
        data, choice.choice([1, 2, 3, 4, 5, 6, 7, 23, 24, 25, 26, 27, choice.getrandbits(32)]),
        choice.choice([0, 4000, 8000, 16000, 48000, 192000, choice.getrandbits(32)]),
        choice.choice([1, 1, 2, 8, 64, 255, choice.getrandbits(32)]),
        choice.choice([None, None, None, 0, 24, choice.getrandbits(32)]),
        choice.choice([None, None, 0, 0xFFFFFFFF, choice.getrandbits(32)]),
        choice.randbytes(choice.choice([0, 4, 40, 3000])), choice.choice("><"))
