#!/usr/bin/env python3
"""Writes a WAV, or an AU, that sounds like a voice: a pulse train with vibrato, through three formants that move from vowel to vowel.

    .ci/voice.py OUT.wav|OUT.au [--seconds 3] [--rate 16000]

Needs nothing but Python.
"""

import argparse
import math
import struct
import wave

# First three formants (Hz) of /a/, /i/, /u/ (Peterson and Barney 1952, men).
VOWELS = [(730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240)]
BANDWIDTHS = (80, 110, 160)
SYLLABLE = 0.25  # s


def pulses(count, rate):
    """A glottal pulse each period, its pitch around 120 Hz."""
    phase, source = 0.0, []
    for n in range(count):
        time = n / rate
        phase += (120 + 15 * math.sin(2 * math.pi * 1.3 * time)) / rate
        pulse = phase >= 1
        phase -= pulse
        source.append(1.0 if pulse else 0.0)
    return source


def resonator(signal, rate, frequencies, bandwidth):
    """A second-order resonance whose frequency is that of the vowel of the moment."""
    radius = math.exp(-math.pi * bandwidth / rate)
    last, older, out = 0.0, 0.0, []
    for n, x in enumerate(signal):
        frequency = frequencies[int(n / rate / SYLLABLE) % len(frequencies)]
        y = (1 - radius) * x + 2 * radius * math.cos(2 * math.pi * frequency / rate) * last - radius**2 * older
        last, older = y, last
        out.append(y)
    return out


def voice(seconds, rate):
    signal = pulses(int(seconds * rate), rate)
    for formant, bandwidth in enumerate(BANDWIDTHS):
        signal = resonator(signal, rate, [vowel[formant] for vowel in VOWELS], bandwidth)
    # Syllables: loud in the middle, soft between.
    signal = [x * (0.1 + abs(math.sin(math.pi * n / rate / SYLLABLE))) for n, x in enumerate(signal)]
    peak = max(abs(x) for x in signal)
    return [round(20000 * x / peak) for x in signal]


def write_au(path, samples, rate):
    """Sun's format: the header, 16 bits (3), one channel, all big-endian."""
    with open(path, "wb") as file:
        file.write(struct.pack(">4sIIIII", b".snd", 24, 2 * len(samples), 3, rate, 1))
        file.write(struct.pack(f">{len(samples)}h", *samples))


def write_wav(path, samples, rate):
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rate", type=int, default=16000)
    arguments = parser.parse_args()
    samples = voice(arguments.seconds, arguments.rate)
    write = write_au if arguments.out.endswith(".au") else write_wav
    write(arguments.out, samples, arguments.rate)


if __name__ == "__main__":
    main()
