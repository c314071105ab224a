#!/usr/bin/env python3
"""Writes the recordings that AudioIOTests decodes: one known tone in every container and encoding.

Needs ffmpeg, mkvmerge (mkvtoolnix) and the Python packages numpy and soundfile. Run it in this folder. Compressed bytes can differ
between encoder versions; the tests judge the sound, not the bytes.

Every file is 0.25 s of 1 kHz at 0.5 of full scale, mono 8 kHz, unless its name says otherwise:
_stereo: left 0.6, right 0.4 of full scale (so 0.5 after averaging); _48k and so on: the rate.
"""
import subprocess

import numpy as np
import soundfile

FREQUENCY, AMPLITUDE, SECONDS = 1000.0, 0.5, 0.25


def tone(rate, seconds=SECONDS):
    return AMPLITUDE * np.sin(2 * np.pi * FREQUENCY * np.arange(int(rate * seconds)) / rate)


def stereo(rate, seconds=SECONDS):
    return np.stack([tone(rate, seconds) * 1.2, tone(rate, seconds) * 0.8], axis=1)


def write(name, data, rate, container, encoding, endian=None):
    soundfile.write(name, data, rate, format=container, subtype=encoding, endian=endian)


def ffmpeg(name, data, rate, *arguments, pipe=False):
    """Encodes with ffmpeg; with pipe=True it cannot seek back to complete the header."""
    channels = 1 if data.ndim == 1 else data.shape[1]
    command = ["ffmpeg", "-v", "error", "-y", "-f", "f32le", "-ar", str(rate), "-ac", str(channels), "-i", "-",
               *arguments, "-" if pipe else name]
    done = subprocess.run(command, input=data.astype("<f4").tobytes(), stdout=subprocess.PIPE, check=True)
    if pipe:
        with open(name, "wb") as file:
            file.write(done.stdout)


def soundfiles():
    mono = tone(8000)
    for name, container, encoding in [
        ("wav_u8", "WAV", "PCM_U8"), ("wav_16", "WAV", "PCM_16"), ("wav_24", "WAV", "PCM_24"),
        ("wav_32", "WAV", "PCM_32"), ("wav_float", "WAV", "FLOAT"), ("wav_double", "WAV", "DOUBLE"),
        ("wav_alaw", "WAV", "ALAW"), ("wav_ulaw", "WAV", "ULAW"), ("wav_ima", "WAV", "IMA_ADPCM"),
        ("wav_ms", "WAV", "MS_ADPCM"), ("wavex_24", "WAVEX", "PCM_24"), ("wavex_float", "WAVEX", "FLOAT"),
        ("wav_gsm", "WAV", "GSM610"),
        ("rf64_16", "RF64", "PCM_16"), ("w64_16", "W64", "PCM_16"), ("w64_float", "W64", "FLOAT"),
        ("aiff_s8", "AIFF", "PCM_S8"), ("aiff_16", "AIFF", "PCM_16"), ("aiff_24", "AIFF", "PCM_24"),
        ("aifc_ulaw", "AIFF", "ULAW"), ("aifc_float", "AIFF", "FLOAT"),
        ("au_16", "AU", "PCM_16"), ("au_ulaw", "AU", "ULAW"), ("au_float", "AU", "FLOAT"),
        ("caf_16", "CAF", "PCM_16"), ("caf_float", "CAF", "FLOAT"), ("caf_alac", "CAF", "ALAC_16"),
        ("flac_16", "FLAC", "PCM_16"), ("flac_24", "FLAC", "PCM_24"), ("flac_s8", "FLAC", "PCM_S8"),
        ("voc_16", "VOC", "PCM_16"), ("svx_16", "SVX", "PCM_16"),
    ]:
        write(name, mono, 8000, container, encoding)
    write("aifc_sowt", mono, 8000, "AIFF", "PCM_16", "LITTLE")
    write("rifx_16", mono, 8000, "WAV", "PCM_16", "BIG")
    write("wav_16_stereo", stereo(8000), 8000, "WAV", "PCM_16")
    write("flac_16_stereo", stereo(8000), 8000, "FLAC", "PCM_16")
    write("vorbis_22k_stereo", stereo(22050), 22050, "OGG", "VORBIS")
    write("vorbis_8k", mono, 8000, "OGG", "VORBIS")
    for rate in [8000, 16000, 24000, 48000]:
        write(f"opus_{rate // 1000}k", tone(rate), rate, "OGG", "OPUS")


def encoders():
    ffmpeg("mp3_16k", tone(16000), 16000, "-f", "mp3", "-b:a", "32k", "-write_xing", "0", "-id3v2_version", "0")
    ffmpeg("mp3_44k_stereo_id3", stereo(44100), 44100, "-f", "mp3", "-b:a", "64k", "-metadata", "title=tone",
           "-id3v2_version", "3")
    ffmpeg("mp3_vbr_24k", tone(24000), 24000, "-f", "mp3", "-q:a", "5")
    ffmpeg("opus_ffmpeg_48k_stereo", stereo(48000), 48000, "-f", "ogg", "-c:a", "libopus", "-b:a", "64k")


def streamed():
    """What programs write when they cannot seek back: sizes of 0, or the largest possible."""
    mono = tone(8000)
    ffmpeg("streamed_wav", mono, 8000, "-f", "wav", "-c:a", "pcm_s16le", pipe=True)
    ffmpeg("streamed_rf64", mono, 8000, "-f", "wav", "-rf64", "always", pipe=True)
    ffmpeg("streamed_w64", mono, 8000, "-f", "w64", "-c:a", "pcm_s16le", pipe=True)
    ffmpeg("streamed_au", mono, 8000, "-f", "au", "-c:a", "pcm_s16be", pipe=True)
    ffmpeg("streamed_caf", mono, 8000, "-f", "caf", "-c:a", "pcm_s16le", pipe=True)
    ffmpeg("streamed_flac", mono, 8000, "-f", "flac", "-sample_fmt", "s16", "-frame_size", "256", "-metadata_header_padding", "0",
           pipe=True)
    ffmpeg("streamed_vorbis", mono, 8000, "-f", "ogg", "-c:a", "libvorbis", pipe=True)
    ffmpeg("streamed_opus", mono, 8000, "-f", "ogg", "-c:a", "libopus", pipe=True)
    ffmpeg("streamed_mp3", tone(16000), 16000, "-f", "mp3", "-b:a", "32k", pipe=True)
    ffmpeg("streamed_aiff", mono, 8000, "-f", "aiff", "-c:a", "pcm_s16be", pipe=True)


def matroska():
    """WebM and Matroska: with sizes, as to a pipe (none known), and as mkvmerge writes (block groups, lacing)."""
    mono = tone(8000)
    ffmpeg("webm_opus_48k", tone(48000), 48000, "-f", "webm", "-c:a", "libopus", "-b:a", "16k")
    ffmpeg("webm_opus_48k_stereo", stereo(48000), 48000, "-f", "webm", "-c:a", "libopus", "-b:a", "64k")
    ffmpeg("webm_vorbis_22k_stereo", stereo(22050), 22050, "-f", "webm", "-c:a", "libvorbis")
    ffmpeg("streamed_webm", tone(48000), 48000, "-f", "webm", "-c:a", "libopus", "-b:a", "32k", "-live", "1", pipe=True)
    for name, encoding in [("u8", "u8"), ("16", "s16le"), ("24_big", "s24be"), ("float", "f32le"), ("double", "f64le")]:
        ffmpeg(f"matroska_{name}", mono, 8000, "-f", "matroska", "-c:a", f"pcm_{encoding}")
    ffmpeg("matroska_16_stereo", stereo(8000), 8000, "-f", "matroska", "-c:a", "pcm_s16le")
    ffmpeg("matroska_vorbis_8k", mono, 8000, "-f", "matroska", "-c:a", "libvorbis")
    ffmpeg("matroska_flac", mono, 8000, "-f", "matroska", "-c:a", "flac", "-sample_fmt", "s16", "-frame_size", "256")
    ffmpeg("streamed_matroska", mono, 8000, "-f", "matroska", "-c:a", "pcm_s16le", pipe=True)
    for name, original in [("opus", "opus_ffmpeg_48k_stereo"), ("vorbis", "vorbis_22k_stereo"), ("flac", "streamed_flac")]:
        subprocess.run(["mkvmerge", "-q", "--deterministic", "1", "-o", f"matroska_merged_{name}", original], check=True)
    # A picture track before the sound.
    picture = ["-f", "lavfi", "-i", "testsrc=size=32x32:rate=8:duration=0.25"]
    ffmpeg("matroska_picture", mono, 8000, *picture, "-map", "1:v", "-map", "0:a", "-f", "matroska", "-c:a", "pcm_s16le",
           "-c:v", "mpeg4", "-flags", "+bitexact")


def foreign():
    """Audio that is known, named and refused."""
    ffmpeg("refused_matroska", tone(16000), 16000, "-f", "matroska", "-c:a", "aac", "-b:a", "16k")
    ffmpeg("refused_mp4", tone(16000), 16000, "-f", "mp4", "-c:a", "aac", "-b:a", "16k")
    ffmpeg("refused_aac", tone(16000), 16000, "-f", "adts", "-c:a", "aac", "-b:a", "16k")


if __name__ == "__main__":
    soundfiles()
    encoders()
    streamed()
    matroska()
    foreign()
