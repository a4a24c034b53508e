# Read by whisper.cpp's build, once a project of it (CMAKE_PROJECT_INCLUDE in .cargo/config.toml).
if(MSVC)
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:/FI${CMAKE_CURRENT_LIST_DIR}/one_thread.h>")
else()
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-include ${CMAKE_CURRENT_LIST_DIR}/one_thread.h>")
endif()

# Products for processors with wider registers than the rest is compiled for; see products.cpp.
set(EARMARK_PRODUCTS ${CMAKE_CURRENT_LIST_DIR}/products.cpp)
function(earmark_add_products)
    if(NOT TARGET ggml-cpu)
        return()
    endif()
    set(sgemm ${CMAKE_CURRENT_SOURCE_DIR}/src/ggml-cpu/llamafile/sgemm.cpp)
    set_source_files_properties(${sgemm} TARGET_DIRECTORY ggml-cpu PROPERTIES
        COMPILE_DEFINITIONS llamafile_sgemm=llamafile_sgemm_narrow)
    add_library(earmark-wide OBJECT ${sgemm})
    get_target_property(options ggml-cpu COMPILE_OPTIONS)
    get_target_property(definitions ggml-cpu COMPILE_DEFINITIONS)
    get_target_property(includes ggml-cpu INCLUDE_DIRECTORIES)
    target_compile_options(earmark-wide PRIVATE ${options}
        -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512vnni)
    target_compile_definitions(earmark-wide PRIVATE ${definitions} llamafile_sgemm=llamafile_sgemm_wide)
    target_include_directories(earmark-wide PRIVATE ${includes})
    target_compile_features(earmark-wide PRIVATE cxx_std_17)
    target_link_libraries(earmark-wide PRIVATE ggml-base)
    set_target_properties(earmark-wide PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_sources(ggml-cpu PRIVATE ${EARMARK_PRODUCTS} $<TARGET_OBJECTS:earmark-wide>)
endfunction()
if(PROJECT_NAME STREQUAL "ggml" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND UNIX AND NOT APPLE)
    cmake_language(DEFER CALL earmark_add_products)
endif()

# Pages of freed buffers; see memory.c. What ggml.c frees itself is small.
set(EARMARK_MEMORY ${CMAKE_CURRENT_LIST_DIR}/memory.c)
function(earmark_add_memory)
    set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/src/ggml.c TARGET_DIRECTORY ggml-base PROPERTIES
        COMPILE_DEFINITIONS ggml_aligned_free=ggml_free_of_heap)
    target_sources(ggml-base PRIVATE ${EARMARK_MEMORY})
endfunction()
if(PROJECT_NAME STREQUAL "ggml" AND CMAKE_SYSTEM_NAME STREQUAL "Linux")
    cmake_language(DEFER CALL earmark_add_memory)
endif()

# What this version of whisper.cpp has no option for. Text that is not found ends the build: whoever takes another
# version looks at each again.
function(earmark_replace before after)
    string(FIND "${source}" "${before}" found)
    if(found EQUAL -1)
        message(FATAL_ERROR "whisper.cpp has changed: it no longer has\n${before}")
    endif()
    string(REPLACE "${before}" "${after}" source "${source}")
    set(source "${source}" PARENT_SCOPE)
endfunction()
function(earmark_patch)
    file(READ ${CMAKE_CURRENT_SOURCE_DIR}/src/whisper.cpp source)
    # What was encoded last is decoded again where the caller says so: its callback returns false, which ended the run.
    earmark_replace([[
                WHISPER_LOG_ERROR("%s: encoder_begin_callback returned false - aborting\n", __func__);
                break;
]] [[
                is_encoded = true;
]])
    earmark_replace("        if (params.encoder_begin_callback) {"
        "        bool is_encoded = false;\n        if (params.encoder_begin_callback) {")
    earmark_replace("if (!whisper_encode_internal(*ctx, *state, seek," "if (!is_encoded && !whisper_encode_internal(*ctx, *state, seek,")
    # A beam goes on with the most probable pieces, which are sorted already, and not with pieces drawn by chance.
    earmark_replace([[
    std::discrete_distribution<> dist(probs.begin(), probs.end());

    for (int i = 0; i < k; ++i) {
        const auto id = dist(decoder.rng);
]] [[
    for (int i = 0; i < k; ++i) {
        const auto id = logits_id[i].second;
]])
    # A seventeenth of all CPU went into the divisions of this sum.
    earmark_replace([[
        for (int n = 0; n < N; n++) {
            int idx = (k * n * sin_cos_step) % (SIN_COS_N_COUNT); // t = 2*M_PI*k*n/N
]] [[
        const int step = k * sin_cos_step;
        for (int n = 0, idx = 0; n < N; n++, idx += idx + step < SIN_COS_N_COUNT ? step : step - SIN_COS_N_COUNT) {
]])
    set(patched ${CMAKE_CURRENT_BINARY_DIR}/earmark/whisper.cpp)
    file(WRITE ${patched} "${source}")
    get_target_property(sources whisper SOURCES)
    list(REMOVE_ITEM sources whisper.cpp)
    set_property(TARGET whisper PROPERTY SOURCES ${sources} ${patched})
endfunction()
if(PROJECT_NAME STREQUAL "whisper.cpp" AND NOT DEFINED EARMARK_PATCHES)
    # There are two project() commands in that folder.
    set(EARMARK_PATCHES ON)
    cmake_language(DEFER CALL earmark_patch)
endif()
