#include "presets.h"

// #embed is C23, which the compiler knows in older modes, too.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char default_preset[] = {
#embed "../../models/presets/default.json"
};
static const unsigned char open_preset[] = {
#embed "../../models/presets/open.json"
};
static const unsigned char lstm_mfcc40[] = {
#embed "../../models/presets/lstm-mfcc40.json"
};
static const unsigned char lstm_multi[] = {
#embed "../../models/presets/lstm-multi.json"
};
static const unsigned char cnn_lstm_rgb[] = {
#embed "../../models/presets/cnn-lstm-rgb.json"
};
static const unsigned char cnn_lstm_mfcc[] = {
#embed "../../models/presets/cnn-lstm-mfcc.json"
};
static const unsigned char lstm_tess[] = {
#embed "../../models/presets/lstm-tess.json"
};
static const unsigned char lstm_tess_mean[] = {
#embed "../../models/presets/lstm-tess-mean.json"
};
static const unsigned char gru[] = {
#embed "../../models/presets/gru.json"
};
static const unsigned char bilstm[] = {
#embed "../../models/presets/bilstm.json"
};
static const unsigned char lstm_attention[] = {
#embed "../../models/presets/lstm-attention.json"
};
static const unsigned char reslstm_sa[] = {
#embed "../../models/presets/reslstm-sa.json"
};
static const unsigned char cnn_self_attention[] = {
#embed "../../models/presets/cnn-self-attention.json"
};
static const unsigned char speaker_dependent[] = {
#embed "../../models/presets/speaker-dependent.json"
};

static const struct {
  const unsigned char *bytes;
  size_t size;
} registry[] = {
  {default_preset, sizeof default_preset},
  {open_preset, sizeof open_preset},
  {lstm_mfcc40, sizeof lstm_mfcc40},
  {lstm_multi, sizeof lstm_multi},
  {cnn_lstm_rgb, sizeof cnn_lstm_rgb},
  {cnn_lstm_mfcc, sizeof cnn_lstm_mfcc},
  {lstm_tess, sizeof lstm_tess},
  {lstm_tess_mean, sizeof lstm_tess_mean},
  {gru, sizeof gru},
  {bilstm, sizeof bilstm},
  {lstm_attention, sizeof lstm_attention},
  {reslstm_sa, sizeof reslstm_sa},
  {cnn_self_attention, sizeof cnn_self_attention},
  {speaker_dependent, sizeof speaker_dependent},
};

size_t preset_count(void) { return sizeof registry / sizeof *registry; }
const unsigned char *preset_bytes(size_t place) { return registry[place].bytes; }
size_t preset_size(size_t place) { return registry[place].size; }
