// To align words with the audio, whisper.cpp makes a backend with ggml's default number of threads, four, whatever
// it was told. They wait for each other in a spin loop, which costs more than the work (a seventh of all CPU,
// measured on two cores) and takes cores that are the host's.
#if defined(__has_include)
#if __has_include("ggml.h")
#include "ggml.h"
#undef GGML_DEFAULT_N_THREADS
#define GGML_DEFAULT_N_THREADS 1
#endif
#endif
