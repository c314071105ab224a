#pragma once

// The file VERSION, compiled in: its only line, with the line's end.
const char *project_version(void);
