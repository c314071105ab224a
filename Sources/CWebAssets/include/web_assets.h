#pragma once
#include <stddef.h>

// Files that the service hands out, compiled into it: no folder has to stand beside the program.

// openapi.yaml
const unsigned char *web_contract(void);
size_t web_contract_size(void);

// index.html, the page at /
const unsigned char *web_page(void);
size_t web_page_size(void);
