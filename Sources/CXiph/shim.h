#pragma once
#include <ogg/ogg.h>
#include <opus/opus_multistream.h>
#include <vorbis/codec.h>
