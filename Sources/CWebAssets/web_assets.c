#include "web_assets.h"

// #embed is C23, which the compiler knows in older modes, too.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char contract[] = {
#embed "../../openapi.yaml"
};

static const unsigned char page[] = {
#embed "index.html"
};

const unsigned char *web_contract(void) { return contract; }
size_t web_contract_size(void) { return sizeof contract; }

const unsigned char *web_page(void) { return page; }
size_t web_page_size(void) { return sizeof page; }
