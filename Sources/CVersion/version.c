#include "version.h"

// #embed is C23, which the compiler knows in older modes, too.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const char text[] = {
#embed "../../VERSION" suffix(, 0)
};

const char *project_version(void) { return text; }
