#pragma once
#include <stddef.h>

// Files that the service hands out, compiled into it: no folder has to stand beside the program.

// openapi.yaml
const unsigned char *web_contract(void);
size_t web_contract_size(void);
