// Gives the pages of ggml's buffers (weights, caches, what a graph works in) back to the system as they are freed.
//
// glibc maps what is large by itself, but only until the first such piece is freed: from then on it takes all up to
// that size, 32 MB at most, out of the arena of whichever thread asks, and keeps it there for as long as a few bytes
// behind it are in use. A process that opened and closed the plugin for twenty minutes wavered by 50 MB.

#include "ggml-impl.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

// ggml's own, under the name that whisper.cmake compiles it by.
void ggml_free_of_heap(void * memory, size_t size);

void ggml_aligned_free(void * memory, size_t size) {
    const uintptr_t page = (uintptr_t) sysconf(_SC_PAGESIZE);
    const uintptr_t first = ((uintptr_t) memory + page - 1) / page * page;
    const uintptr_t end = ((uintptr_t) memory + size) / page * page;
    if (memory != NULL && first < end) {
        // Where the system refuses, the pages stay.
        madvise((void *) first, end - first, MADV_DONTNEED);
    }
    ggml_free_of_heap(memory, size);
}
