#pragma once

// Has large blocks go back to the system when they are freed (mallopt). By itself glibc learns to keep up to 64 MB for each
// thread once a large recording was there.
void callocator_give_back(void);
