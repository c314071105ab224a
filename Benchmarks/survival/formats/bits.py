"""Writing bit by bit, and the checksums of Ogg and FLAC."""

import zlib


class LowFirst:
    """Bits from the lowest up, as Vorbis packs them."""

    def __init__(self):
        self.done, self.pending, self.count = bytearray(), 0, 0

    def write(self, value, bits):
        self.pending |= (value & ((1 << bits) - 1)) << self.count
        self.count += bits
        whole = self.count // 8
        if whole:
            self.done += (self.pending & ((1 << 8 * whole) - 1)).to_bytes(whole, "little")
            self.pending >>= 8 * whole
            self.count -= 8 * whole

    def bytes(self):
        return bytes(self.done) + (bytes([self.pending]) if self.count else b"")


class HighFirst:
    """Bits from the highest down, as FLAC and MPEG pack them; the last byte is filled with zeros."""

    def __init__(self):
        self.done, self.pending, self.count = bytearray(), 0, 0

    def write(self, value, bits):
        self.pending = self.pending << bits | (value & ((1 << bits) - 1))
        self.count += bits
        left = self.count % 8
        if self.count - left:
            self.done += (self.pending >> left).to_bytes((self.count - left) // 8, "big")
            self.pending &= (1 << left) - 1
            self.count = left

    def bytes(self):
        return bytes(self.done) + (bytes([self.pending << (8 - self.count)]) if self.count else b"")


REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def ogg_checksum(data):
    """Polynomial 04c11db7, highest bit first, from 0: zlib's, whose bits are the other way round and inverted."""
    reflected = zlib.crc32(data.translate(REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{reflected:032b}"[::-1], 2)


def table(polynomial, width):
    entries = []
    for byte in range(256):
        value = byte << (width - 8)
        for _ in range(8):
            value = (value << 1 ^ (polynomial if value >> (width - 1) & 1 else 0)) & ((1 << width) - 1)
        entries.append(value)
    return entries


CRC8, CRC16 = table(0x07, 8), table(0x8005, 16)


def crc8(data):
    value = 0
    for byte in data:
        value = CRC8[value ^ byte]
    return value


def crc16(data):
    value = 0
    for byte in data:
        value = (value << 8 & 0xFF00) ^ CRC16[value >> 8 ^ byte]
    return value
