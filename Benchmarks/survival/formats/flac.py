"""FLAC: metadata blocks and frames with right checksums (RFC 9639)."""

import struct

from formats.bits import HighFirst, crc8, crc16

RATES = {88200: 1, 176400: 2, 192000: 3, 8000: 4, 16000: 5, 22050: 6, 24000: 7, 32000: 8, 44100: 9, 48000: 10, 96000: 11}


def block(kind, data, length=None):
    """A metadata block; `length` may lie."""
    return bytes([kind]) + (len(data) if length is None else length).to_bytes(3, "big") + data


def information(rate=16000, channels=1, depth=16, total=0, smallest=16, largest=65535):
    bits = HighFirst()
    for value, width in ((smallest, 16), (largest, 16), (0, 24), (0, 24), (rate, 20), (channels - 1, 3), (depth - 1, 5),
                         (total, 36)):
        bits.write(value, width)
    return block(0, bits.bytes() + b"\0" * 16)


def stream(blocks, frames):
    """The last block is marked as such."""
    blocks = blocks[:-1] + [bytes([blocks[-1][0] | 0x80]) + blocks[-1][1:]]
    return b"fLaC" + b"".join(blocks) + b"".join(frames)


def coded(number):
    """A number as UTF-8 codes it, up to 36 bits."""
    if number < 0x80:
        return bytes([number])
    length = next(n for n in range(2, 8) if number < 1 << (5 * n + 1))
    out = []
    for _ in range(length - 1):
        out.insert(0, 0x80 | number & 0x3F)
        number >>= 6
    return bytes([(0xFF << (8 - length) & 0xFF) | number, *out])


def frame(number, size, subframes, assignment=0, depth_code=0, rate_code=0, variable=0):
    """A frame of `size` samples; `subframes` are functions that write themselves."""
    head = struct.pack(">H", 0xFFF8 | variable) + bytes([0x70 | rate_code, assignment << 4 | depth_code << 1])
    head += coded(number) + struct.pack(">H", size - 1)
    head += {12: b"\x08", 13: struct.pack(">H", 16000), 14: struct.pack(">H", 1600)}.get(rate_code, b"")
    bits = HighFirst()
    for subframe in subframes:
        subframe(bits)
    data = head + bytes([crc8(head)]) + bits.bytes()
    return data + struct.pack(">H", crc16(data))


def constant(value=0, depth=16):
    def write(bits):
        bits.write(0, 8)
        bits.write(value, depth)
    return write


def verbatim(values, depth=16, wasted=0):
    def write(bits):
        bits.write(1 << 1 | int(wasted > 0), 8)
        if wasted:
            bits.write(1, wasted)
        for value in values:
            bits.write(value, depth - wasted)
    return write


def zeros(bits, count):
    """So many zero bits, in pieces that are quick to write."""
    for _ in range(count // 4096):
        bits.write(0, 4096)
    bits.write(0, count % 4096)


def partitioned(bits, size, order, partition_order, parameter, wide, quotient=0):
    """A residual that is the same everywhere; parameter 15 (31 where `wide`) escapes to plain bits, none of them."""
    bits.write(int(wide), 2)
    bits.write(partition_order, 4)
    escape = 31 if wide else 15
    for partition in range(1 << partition_order):
        count = (size >> partition_order) - (order if partition == 0 else 0)
        bits.write(parameter, 5 if wide else 4)
        if parameter == escape:
            bits.write(0, 5)
            continue
        for _ in range(max(0, count)):
            zeros(bits, quotient)
            bits.write(1 << parameter, 1 + parameter)


def fixed(size, order=0, partition_order=0, parameter=15, wide=False, depth=16, quotient=0):
    def write(bits):
        bits.write((8 + order) << 1, 8)
        for _ in range(order):
            bits.write(0, depth)
        partitioned(bits, size, order, partition_order, parameter, wide, quotient)
    return write


def predicted(size, order=32, partition_order=0, parameter=15, wide=False, depth=16, precision=15, shift=15, coefficient=1):
    def write(bits):
        bits.write((32 + order - 1) << 1, 8)
        for _ in range(order):
            bits.write(1, depth)
        bits.write(precision - 1, 4)
        bits.write(shift, 5)
        for _ in range(order):
            bits.write(coefficient, precision)
        partitioned(bits, size, order, partition_order, parameter, wide)
    return write


def silence(count, channels=1, rate=16000, total=None, size=65535):
    """So many blocks in which nothing is heard, a dozen bytes each."""
    subframes = [constant()] * channels
    total = count * size if total is None else total
    return stream([information(rate, channels, total=total)],
                  [frame(n, size, subframes, channels - 1) for n in range(count)])


def same(subframe, count, size, channels=1, depth=16, rate=16000, extra=(), **header):
    """The same subframe on each channel of each frame."""
    frames = [frame(n, size, [subframe] * channels, channels - 1, **header) for n in range(count)]
    return stream([information(rate, channels, depth, count * size), *extra], frames)


def comments(entries=(), count=None, vendor_length=0):
    body = b"".join(struct.pack("<I", len(entry)) + entry for entry in entries)
    return block(4, struct.pack("<II", vendor_length, len(entries) if count is None else count) + body)


def picture(data, length=None, mime_length=0):
    return block(6, struct.pack(">III", 3, mime_length, 0) + b"\0" * 16
                 + struct.pack(">I", len(data) if length is None else length) + data)


def cuesheet(tracks, indices):
    track = b"\0" * 35 + bytes([indices]) + b"\0" * (12 * indices)
    return block(5, b"\0" * 395 + bytes([tracks]) + track * tracks)


def seektable(points):
    return block(3, b"".join(struct.pack(">QQH", n, n, 1) for n in range(points)))


def quiet(*blocks, **facts):
    """Odd blocks before sound that is not odd."""
    return stream([information(**facts), *blocks], [frame(n, 4096, [constant(n)]) for n in range(20)])


WORST = {
    "silence of 4 hours": lambda: silence(3515),
    "silence of 16 hours": lambda: silence(14062),
    "silence on 8 channels": lambda: silence(1500, 8, 44100),
    "silence at 655,350 Hz": lambda: silence(2000, 1, 655350),
    "silence at 1 Hz": lambda: silence(10, 1, 1),
    "rate 0": lambda: silence(10, 1, 0),
    "2^36 - 1 samples claimed": lambda: silence(10, total=(1 << 36) - 1),
    "frames of one sample": lambda: same(constant(1), 60000, 1),
    "prediction of order 32": lambda: same(predicted(65535), 2000, 65535, depth=16, rate=48000),
    "prediction of order 32 on 8 channels": lambda: same(predicted(65535), 400, 65535, 8, rate=48000),
    "prediction that overflows": lambda: same(predicted(4096, coefficient=0x3FFF, shift=0), 50, 4096),
    "shift by -16": lambda: same(predicted(4096, shift=16), 50, 4096),
    "2^15 partitions": lambda: same(fixed(32768, partition_order=15), 15, 32768),
    "2^15 partitions of nothing": lambda: same(fixed(4096, partition_order=15), 10, 4096),
    "fewer samples than the order": lambda: same(predicted(8, 32), 500, 8),
    "order 4 of 2 samples": lambda: same(fixed(2, 4), 500, 2),
    "quotients of 8192": lambda: same(fixed(64, parameter=0, quotient=8192), 12, 64),
    "a quotient of a million": lambda: same(fixed(1, parameter=0, quotient=1_000_000), 4, 1),
    "32 bits a sample": lambda: same(verbatim([1] * 512, 32), 50, 512, depth=32, depth_code=7),
    "4 bits a sample": lambda: same(verbatim([1] * 512, 4), 50, 512, depth=4),
    "1 bit a sample": lambda: same(verbatim([1] * 512, 1), 50, 512, depth=1),
    "all bits wasted": lambda: same(verbatim([], 16, 16), 50, 512),
    "more bits wasted than there are": lambda: same(verbatim([1] * 16, 40, 40), 50, 16),
    "frames that change channels": lambda: stream([information(channels=2)], [
        frame(n, 256, [constant(n)] * (1 + n % 8), n % 8) for n in range(500)]),
    "frames that change rate": lambda: stream([information()], [
        frame(n, 256, [constant(n)], 0, 0, n % 12) for n in range(500)]),
    "frames that change bits": lambda: stream([information()], [
        frame(n, 256, [constant(n, (16, 8, 12, 16, 16, 20, 24)[n % 7])], 0, n % 7) for n in range(500)]),
    "numbers of 36 bits": lambda: stream([information()], [
        frame((1 << 36) - 1 - n, 256, [constant(n)], variable=1) for n in range(100)]),
    "a picture of 700 kB": lambda: quiet(picture(b"\xff" * 700_000)),
    "a picture of 4 GB claimed": lambda: quiet(picture(b"", 0xFFFFFFFF)),
    "a picture's type of 4 GB claimed": lambda: quiet(picture(b"", mime_length=0xFFFFFFFF)),
    "2^32 - 1 comments": lambda: quiet(comments(count=0xFFFFFFFF)),
    "vendor of 2^32 - 1 bytes": lambda: quiet(comments(vendor_length=0xFFFFFFFF)),
    "200,000 empty comments": lambda: quiet(comments([b""] * 200_000)),
    "40,000 seek points": lambda: quiet(seektable(40_000)),
    "a seek table of 16 MB claimed": lambda: quiet(block(3, b"\0" * 18, 0xFFFFFF)),
    "a cue sheet of 100 tracks": lambda: quiet(cuesheet(100, 100)),
    "a cue sheet of 255 tracks of 255": lambda: quiet(cuesheet(255, 255)),
    "200,000 empty blocks": lambda: quiet(*[block(1, b"")] * 200_000),
    "20 blocks about the stream": lambda: quiet(*[information(n * 1000 + 8000) for n in range(20)]),
    "blocks of kind 126": lambda: quiet(*[block(126, b"x")] * 10_000),
    "sync words only": lambda: stream([information()], [b"\xff\xf8" * 300_000]),
    "wrong checksums": lambda: stream([information()], [
        frame(n, 4096, [constant(n)])[:-2] + b"\0\0" for n in range(20_000)]),
}


def random_subframe(choice, size, depth):
    kind = choice.randrange(5)
    partition_order = choice.choice([0, 0, 1, 4, 15])
    if kind == 0:
        return constant(choice.getrandbits(depth), depth)
    if kind == 1 and size <= 512:
        return verbatim([choice.getrandbits(depth)] * size, depth, choice.choice([0, 0, 1, depth - 1]))
    wide = choice.random() < 0.4
    parameter = choice.choice([31 if wide else 15] * 3 + [0, 5])
    if parameter < 15 and size > 512:
        parameter = 31 if wide else 15
    if kind == 2:
        return fixed(size, choice.randint(0, 4), partition_order, parameter, wide, depth, choice.choice([0, 0, 3]))
    return predicted(size, choice.randint(1, 32), partition_order, parameter, wide, depth, choice.randint(1, 15),
                     choice.randrange(32), choice.getrandbits(15))


def mutate(choice, amount):
    """Random metadata, and frames of random subframes that repeat."""
    channels, depth = choice.choice([1, 1, 2, 8]), choice.choice([16, 16, 8, 24, 32, 4])
    blocks = [information(choice.choice([16000, 44100, 655350, 1]), channels, depth,
                          choice.choice([0, 4096, (1 << 36) - 1]), choice.choice([0, 16, 65535]))]
    for _ in range(choice.choice([0, 0, 1, 3])):
        blocks.append(choice.choice([
            lambda: picture(choice.randbytes(100), choice.choice([None, choice.getrandbits(32)])),
            lambda: comments([choice.randbytes(20)], choice.choice([None, choice.getrandbits(32)])),
            lambda: seektable(choice.choice([0, 1, 500])),
            lambda: cuesheet(choice.randrange(256), choice.randrange(3)),
            lambda: block(choice.randrange(127), choice.randbytes(30), choice.choice([None, None, choice.getrandbits(24)])),
        ])())
    different = []
    for number in range(choice.choice([1, 2, 4])):
        size = choice.choice([1, 16, 192, 512, 4096, 65535])
        subframes = [random_subframe(choice, size, depth) for _ in range(channels)]
        assignment = choice.choice([channels - 1] * 4 + [8, 9, 10]) if channels == 2 else channels - 1
        different.append(frame(number, size, subframes, assignment))
    length = sum(len(one) for one in different)
    return stream(blocks, different * max(1, amount // length))
