#pragma once
// Without this every includer gets four unused callback tables around stdio.
#define OV_EXCLUDE_STATIC_CALLBACKS
#include <vorbis/vorbisfile.h>
