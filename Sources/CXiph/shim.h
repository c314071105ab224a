#pragma once
// Without this every includer gets four unused callback tables around stdio.
#define OV_EXCLUDE_STATIC_CALLBACKS
#include <ogg/ogg.h>
#include <opus/opus_multistream.h>
#include <vorbis/vorbisfile.h>
