# Read by whisper.cpp's build (CMAKE_PROJECT_INCLUDE in .cargo/config.toml).
if(MSVC)
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:/FI${CMAKE_CURRENT_LIST_DIR}/one_thread.h>")
else()
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-include ${CMAKE_CURRENT_LIST_DIR}/one_thread.h>")
endif()
