"""Features of the model that ships, by three other libraries: samples at 16 kHz in, (channels, bands, frames) out.

librosa computes all of it. torchaudio and kaldi-native-fbank do not look for silence, and kaldi-native-fbank's frames begin at the first
sample instead of being centred on it: both do a little less than emotion-server.
"""

import kaldi_native_fbank
import numpy as np
import soxr
import torch
import torchaudio
from front_end import FrontEnd


def peers(configuration):
    """By library's name, a function of samples. Refuses a model whose channels are not all one log-mel spectrogram each."""
    channels = [channel["features"] for channel in configuration["channels"]]
    if any(len(parts) != 1 or list(parts[0]["source"]) != ["logMel"] for parts in channels):
        raise SystemExit("only models over log-mel channels are compared here")
    channels = [parts[0] for parts in channels]
    return {
        "librosa": librosa_features(configuration), "torchaudio": torchaudio_features(configuration, channels),
        "kaldi-native-fbank": kaldi_features(configuration, channels)}


def distance(found, expected):
    if len({channel.shape for channel in found}) > 1 or np.shape(found) != expected.shape:
        return f"their shape, {[channel.shape for channel in found]} instead of {expected.shape}"
    return f"{np.abs(np.asarray(found) - expected).max():.1e} at most"


def librosa_features(configuration):
    front_end = FrontEnd([configuration])
    return lambda samples: front_end.map(front_end.trimmed(samples))


def settings(configuration, channel):
    spectrum = channel.get("spectrum") or configuration["spectrum"]
    decimation = spectrum.get("decimation") or 1
    return spectrum, decimation, configuration["sampleRate"] // decimation, configuration["hopLength"] // decimation


def torchaudio_features(configuration, channels):
    spectra, steps = {}, []
    for channel in channels:
        spectrum, decimation, rate, hop = settings(configuration, channel)
        key = str(spectrum)
        if key not in spectra:
            resample = torchaudio.transforms.Resample(rate * decimation, rate) if decimation > 1 else torch.nn.Identity()
            spectra[key] = torch.nn.Sequential(resample, torchaudio.transforms.Spectrogram(
                spectrum["fftSize"], spectrum["windowLength"], hop, power=2, pad_mode="constant"))
        options = channel["source"]["logMel"]
        mel = options["mel"]
        bank = torchaudio.transforms.MelScale(
            mel["bands"], rate, mel["low"], mel["high"], spectrum["fftSize"] // 2 + 1, norm=mel["norm"], mel_scale=mel["scale"])
        steps.append((key, torch.nn.Sequential(bank, torchaudio.transforms.AmplitudeToDB("power", options["range"]))))

    def features(samples):
        samples = torch.from_numpy(samples)
        known = {key: spectrum(samples) for key, spectrum in spectra.items()}
        rows = torch.stack([step(known[key]) for key, step in steps])
        deviation, mean = torch.std_mean(rows, (1, 2), correction=0, keepdim=True)
        return ((rows - mean) / deviation).numpy()
    return features


def kaldi_features(configuration, channels):
    plans = []
    for channel in channels:
        spectrum, decimation, rate, hop = settings(configuration, channel)
        mel = channel["source"]["logMel"]["mel"]
        options = kaldi_native_fbank.FbankOptions()
        frames, bank = options.frame_opts, options.mel_opts
        frames.samp_freq, frames.dither, frames.preemph_coeff, frames.window_type = rate, 0, 0, "hann"
        frames.frame_length_ms, frames.frame_shift_ms = 1000 * spectrum["windowLength"] / rate, 1000 * hop / rate
        frames.remove_dc_offset = False
        bank.num_bins, bank.low_freq, bank.high_freq, bank.is_librosa, bank.norm = (
            mel["bands"], mel["low"], mel["high"], True, mel["norm"])
        plans.append((options, decimation, rate))

    def features(samples):
        known, rows = {1: samples}, []
        for options, decimation, rate in plans:
            if decimation not in known:
                known[decimation] = soxr.resample(samples, rate * decimation, rate, quality="HQ")
            bank = kaldi_native_fbank.OnlineFbank(options)
            bank.accept_waveform(rate, known[decimation])
            bank.input_finished()
            channel = np.stack([bank.get_frame(i) for i in range(bank.num_frames_ready)]).T
            rows.append((channel - channel.mean()) / channel.std())
        return rows
    return features
