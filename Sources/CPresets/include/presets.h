#pragma once
#include <stddef.h>

// The files of models/presets, compiled in: the program works without its repository. A new one is a file there, and two lines in
// presets.c, whose registry says in which order they are listed.

size_t preset_count(void);

// JSON, without a zero at its end. place is below preset_count().
const unsigned char *preset_bytes(size_t place);
size_t preset_size(size_t place);
