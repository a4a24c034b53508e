// Products of matrices on processors with AVX-512 VNNI.
//
// ggml chooses its kernels when it is compiled, for the oldest processor that it is to run on. Half of an inference
// is products of 8-bit weights and 8-bit activations (q8_0), for which newer processors have an instruction; an
// eighth is products of 16-bit floats, in the encoder's attention and convolutions. This file stands before
// llamafile's product: where the processor has the instruction, it takes these two and hands everything else on to
// llamafile's code, compiled once more with wider registers.

#include "ggml-cpu-impl.h"
#include "llamafile/sgemm.h"
#include "ggml.h"

#include <cstdlib>
#include <cstring>
#include <immintrin.h>

// llamafile's product under the names that whisper.cmake compiles it by.
extern "C" decltype(llamafile_sgemm) llamafile_sgemm_narrow, llamafile_sgemm_wide;

namespace {

// Values of a block share one factor.
constexpr int BLOCK = 32;
// The instruction multiplies four neighbours and adds them up.
constexpr int QUAD = 4;
constexpr int QUADS = BLOCK / QUAD;
// Rows of weights that one register holds, and registers of them at a time.
constexpr int LANES = 16;
constexpr int PANELS = 2;
constexpr int ROWS = LANES * PANELS;
// Columns of activations at a time: with their whole and their broken sums they fill the registers.
constexpr int COLUMNS = 6;
// With fewer columns, bringing the weights into order costs more than it saves.
constexpr int64_t COLUMNS_LEAST = 16;

// ggml's block_q8_0.
struct Block {
    uint16_t factor;
    int8_t values[BLOCK];
};
static_assert(sizeof(Block) == 34, "as ggml lays it out");

// A block of ROWS rows in the order of the instruction, as unsigned bytes: each value plus 128.
struct alignas(64) Panel {
    uint8_t values[QUADS][PANELS][LANES][QUAD];
    float factors[PANELS][LANES];
};

// What is needed of a block of activations beside its values: what the 128 have added to a sum, and the factor.
struct Aside {
    int32_t offset;
    float factor;
};

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni,avx2,fma,f16c")))

WIDE __m512 widen(const uint16_t * halves) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(halves)));
}

WIDE void arrange(const Block * weights, int64_t stride, int64_t blocks, Panel * panels) {
    for (int64_t at = 0; at < blocks; at++) {
        for (int row = 0; row < ROWS; row++) {
            const Block & block = weights[row * stride + at];
            panels[at].factors[row / LANES][row % LANES] = _cvtsh_ss(block.factor);
            for (int quad = 0; quad < QUADS; quad++) {
                uint32_t values;
                memcpy(&values, block.values + quad * QUAD, QUAD);
                values ^= 0x80808080u;
                memcpy(panels[at].values[quad][row / LANES][row % LANES], &values, QUAD);
            }
        }
    }
}

WIDE void set_aside(const Block * activations, int64_t blocks, Aside * asides) {
    for (int64_t at = 0; at < blocks; at++) {
        int32_t sum = 0;
        for (int index = 0; index < BLOCK; index++) {
            sum += activations[at].values[index];
        }
        asides[at] = { -128 * sum, _cvtsh_ss(activations[at].factor) };
    }
}

// ROWS rows of weights by `count` columns of activations.
template <int count>
WIDE void multiply(const Panel * panels, int64_t blocks, const Block * activations, int64_t stride,
                   const Aside * asides, float * products, int64_t products_stride) {
    __m512 whole[count][PANELS];
    for (int column = 0; column < count; column++) {
        for (int panel = 0; panel < PANELS; panel++) {
            whole[column][panel] = _mm512_setzero_ps();
        }
    }
    for (int64_t at = 0; at < blocks; at++) {
        const Panel & weights = panels[at];
        __m512i part[count][PANELS];
        for (int column = 0; column < count; column++) {
            const __m512i offset = _mm512_set1_epi32(asides[column * blocks + at].offset);
            for (int panel = 0; panel < PANELS; panel++) {
                part[column][panel] = offset;
            }
        }
        for (int quad = 0; quad < QUADS; quad++) {
            __m512i rows[PANELS];
            for (int panel = 0; panel < PANELS; panel++) {
                rows[panel] = _mm512_load_si512(weights.values[quad][panel]);
            }
            for (int column = 0; column < count; column++) {
                int32_t values;
                memcpy(&values, activations[column * stride + at].values + quad * QUAD, QUAD);
                const __m512i same = _mm512_set1_epi32(values);
                for (int panel = 0; panel < PANELS; panel++) {
                    part[column][panel] = _mm512_dpbusd_epi32(part[column][panel], rows[panel], same);
                }
            }
        }
        for (int panel = 0; panel < PANELS; panel++) {
            const __m512 factors = _mm512_load_ps(weights.factors[panel]);
            for (int column = 0; column < count; column++) {
                const __m512 factor = _mm512_mul_ps(factors, _mm512_set1_ps(asides[column * blocks + at].factor));
                whole[column][panel] =
                    _mm512_fmadd_ps(_mm512_cvtepi32_ps(part[column][panel]), factor, whole[column][panel]);
            }
        }
    }
    for (int column = 0; column < count; column++) {
        for (int panel = 0; panel < PANELS; panel++) {
            _mm512_storeu_ps(products + column * products_stride + panel * LANES, whole[column][panel]);
        }
    }
}

// The whole product; false if there is no memory to bring things into order.
WIDE bool product(int64_t rows, int64_t columns, int64_t blocks, const Block * weights, int64_t weights_stride,
                  const Block * activations, int64_t activations_stride, float * products,
                  int64_t products_stride) {
    const size_t panels_size = blocks * sizeof(Panel);
    void * memory = nullptr;
    if (posix_memalign(&memory, alignof(Panel), panels_size + columns * blocks * sizeof(Aside)) != 0) {
        return false;
    }
    Panel * panels = static_cast<Panel *>(memory);
    Aside * asides = reinterpret_cast<Aside *>(static_cast<char *>(memory) + panels_size);
    for (int64_t column = 0; column < columns; column++) {
        set_aside(activations + column * activations_stride, blocks, asides + column * blocks);
    }
    for (int64_t row = 0; row < rows; row += ROWS) {
        arrange(weights + row * weights_stride, weights_stride, blocks, panels);
        int64_t column = 0;
        for (; column + COLUMNS <= columns; column += COLUMNS) {
            multiply<COLUMNS>(panels, blocks, activations + column * activations_stride, activations_stride,
                              asides + column * blocks, products + column * products_stride + row, products_stride);
        }
        for (; column < columns; column++) {
            multiply<1>(panels, blocks, activations + column * activations_stride, activations_stride,
                        asides + column * blocks, products + column * products_stride + row, products_stride);
        }
    }
    free(memory);
    return true;
}

// ROWS rows of 16-bit floats, widened, one place of all rows after the other: llamafile's code widens them anew for
// each column, and adds up the lanes of a register for each product of 64 factors.
WIDE void arrange_floats(const uint16_t * rows, int64_t stride, int64_t depth, float * panel) {
    for (int row = 0; row < ROWS; row++) {
        for (int64_t at = 0; at < depth; at += LANES) {
            alignas(64) float values[LANES];
            _mm512_store_ps(values, widen(rows + row * stride + at));
            for (int lane = 0; lane < LANES; lane++) {
                panel[(at + lane) * ROWS + row] = values[lane];
            }
        }
    }
}

// ROWS rows by `count` columns of `depth` floats.
template <int count>
WIDE void multiply_floats(const float * panel, int64_t depth, const float * columns, float * products,
                          int64_t products_stride) {
    __m512 whole[count][PANELS];
    for (int column = 0; column < count; column++) {
        for (int lanes = 0; lanes < PANELS; lanes++) {
            whole[column][lanes] = _mm512_setzero_ps();
        }
    }
    for (int64_t at = 0; at < depth; at++) {
        __m512 rows[PANELS];
        for (int lanes = 0; lanes < PANELS; lanes++) {
            rows[lanes] = _mm512_load_ps(panel + at * ROWS + lanes * LANES);
        }
        for (int column = 0; column < count; column++) {
            const __m512 same = _mm512_set1_ps(columns[column * depth + at]);
            for (int lanes = 0; lanes < PANELS; lanes++) {
                whole[column][lanes] = _mm512_fmadd_ps(rows[lanes], same, whole[column][lanes]);
            }
        }
    }
    for (int column = 0; column < count; column++) {
        for (int lanes = 0; lanes < PANELS; lanes++) {
            _mm512_storeu_ps(products + column * products_stride + lanes * LANES, whole[column][lanes]);
        }
    }
}

// The whole product of 16-bit floats; false if there is no memory to bring things into order.
WIDE bool product_of_floats(int64_t rows, int64_t columns, int64_t depth, const uint16_t * weights,
                            int64_t weights_stride, const uint16_t * activations, int64_t activations_stride,
                            float * products, int64_t products_stride) {
    void * memory = nullptr;
    if (posix_memalign(&memory, alignof(Panel), (ROWS + columns) * depth * sizeof(float)) != 0) {
        return false;
    }
    float * panel = static_cast<float *>(memory);
    float * widened = panel + ROWS * depth;
    for (int64_t column = 0; column < columns; column++) {
        for (int64_t at = 0; at < depth; at += LANES) {
            _mm512_storeu_ps(widened + column * depth + at, widen(activations + column * activations_stride + at));
        }
    }
    for (int64_t row = 0; row < rows; row += ROWS) {
        arrange_floats(weights + row * weights_stride, weights_stride, depth, panel);
        int64_t column = 0;
        for (; column + COLUMNS <= columns; column += COLUMNS) {
            multiply_floats<COLUMNS>(panel, depth, widened + column * depth,
                                     products + column * products_stride + row, products_stride);
        }
        for (; column < columns; column++) {
            multiply_floats<1>(panel, depth, widened + column * depth, products + column * products_stride + row,
                               products_stride);
        }
    }
    free(memory);
    return true;
}

// Whether processor and system have what whisper.cmake compiles the wide code for.
bool is_wide() {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vnni");
}

} // namespace

// The name by which ggml asks for a product; false where it is to help itself.
extern "C" bool llamafile_sgemm(const ggml_compute_params * params, int64_t m, int64_t n, int64_t k,
                                const void * a, int64_t lda, const void * b, int64_t ldb, void * c, int64_t ldc,
                                int a_type, int b_type, int c_type) {
    if (!is_wide()) {
        return llamafile_sgemm_narrow(params, m, n, k, a, lda, b, ldb, c, ldc, a_type, b_type, c_type);
    }
    const bool is_worth_it = params->nth == 1 && m % ROWS == 0 && n >= COLUMNS_LEAST && c_type == GGML_TYPE_F32;
    const auto are = [&](int type) { return is_worth_it && a_type == type && b_type == type; };
    float * products = static_cast<float *>(c);
    if (are(GGML_TYPE_Q8_0) && product(m, n, k, static_cast<const Block *>(a), lda, static_cast<const Block *>(b),
                                       ldb, products, ldc)) {
        return true;
    }
    if (are(GGML_TYPE_F16) && k % LANES == 0 &&
        product_of_floats(m, n, k, static_cast<const uint16_t *>(a), lda, static_cast<const uint16_t *>(b), ldb,
                          products, ldc)) {
        return true;
    }
    return llamafile_sgemm_wide(params, m, n, k, a, lda, b, ldb, c, ldc, a_type, b_type, c_type);
}
