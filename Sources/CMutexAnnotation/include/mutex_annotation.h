#pragma once
// Nothing is called: linked into a program, mutex_annotation.c tells ThreadSanitizer what it does not see.
