/* Hand-written vector code: what compilers seldom write by themselves. */
#include <riscv_vector.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static size_t length(const char *text) {
    const char *at = text;
    for (;;) {
        size_t vl;
        vuint8m4_t bytes = __riscv_vle8ff_v_u8m4((const uint8_t *)at, &vl, ~(size_t)0);
        long zero = __riscv_vfirst_m_b2(__riscv_vmseq_vx_u8m4_b2(bytes, 0, vl), vl);
        if (zero >= 0) return at + zero - text;
        at += vl;
    }
}

static size_t keep_positive(const int32_t *from, int32_t *to, size_t n) {
    size_t kept = 0;
    for (size_t vl; n; n -= vl, from += vl) {
        vl = __riscv_vsetvl_e32m2(n);
        vint32m2_t values = __riscv_vle32_v_i32m2(from, vl);
        vbool16_t positive = __riscv_vmsgt_vx_i32m2_b16(values, 0, vl);
        size_t count = __riscv_vcpop_m_b16(positive, vl);
        __riscv_vse32_v_i32m2(to + kept, __riscv_vcompress_vm_i32m2(values, positive, vl), count);
        kept += count;
    }
    return kept;
}

static void swap_ends(uint8_t *pixels, size_t n) {
    for (size_t vl; n; n -= vl, pixels += 3 * vl) {
        vl = __riscv_vsetvl_e8m2(n);
        vuint8m2x3_t rgb = __riscv_vlseg3e8_v_u8m2x3(pixels, vl);
        vuint8m2x3_t bgr = __riscv_vcreate_v_u8m2x3(
            __riscv_vget_v_u8m2x3_u8m2(rgb, 2), __riscv_vget_v_u8m2x3_u8m2(rgb, 1),
            __riscv_vget_v_u8m2x3_u8m2(rgb, 0));
        __riscv_vsseg3e8_v_u8m2x3(pixels, bgr, vl);
    }
}

static void every_other(const uint16_t *from, uint16_t *to, size_t n, long stride) {
    for (size_t vl; n; n -= vl, from += stride * vl, to += 4 * vl) {
        vl = __riscv_vsetvl_e16m1(n);
        vuint16m1x4_t parts = __riscv_vlsseg4e16_v_u16m1x4(from, 2 * stride, vl);
        __riscv_vsseg4e16_v_u16m1x4(to, parts, vl);
    }
}

static void permute(const double *from, const uint32_t *places, double *to, size_t n) {
    for (size_t vl; n; n -= vl, places += vl, to += vl) {
        vl = __riscv_vsetvl_e64m4(n);
        vuint32m2_t offsets = __riscv_vsll_vx_u32m2(__riscv_vle32_v_u32m2(places, vl), 3, vl);
        __riscv_vse64_v_f64m4(to, __riscv_vluxei32_v_f64m4(from, offsets, vl), vl);
    }
}

static void put_back(const double *from, const uint32_t *places, double *to, size_t n) {
    for (size_t vl; n; n -= vl, places += vl, from += vl) {
        vl = __riscv_vsetvl_e64m2(n);
        vuint32m1_t offsets = __riscv_vsll_vx_u32m1(__riscv_vle32_v_u32m1(places, vl), 3, vl);
        __riscv_vsoxei32_v_f64m2(to, offsets, __riscv_vle64_v_f64m2(from, vl), vl);
    }
}

static void running_maximum(const int16_t *from, int16_t *to, size_t n) {
    int16_t before = INT16_MIN;
    for (size_t vl; n; n -= vl, from += vl, to += vl) {
        vl = __riscv_vsetvl_e16m2(n);
        vint16m2_t values = __riscv_vle16_v_i16m2(from, vl);
        for (size_t step = 1; step < vl; step *= 2) {
            vint16m2_t moved = __riscv_vslideup_vx_i16m2(values, values, step, vl);
            values = __riscv_vmax_vv_i16m2(values, moved, vl);
        }
        values = __riscv_vmax_vx_i16m2(values, before, vl);
        __riscv_vse16_v_i16m2(to, values, vl);
        before = to[vl - 1];
    }
}

static void average(const uint8_t *a, const uint8_t *b, uint8_t *to, size_t n) {
    for (size_t vl; n; n -= vl, a += vl, b += vl, to += vl) {
        vl = __riscv_vsetvl_e8m8(n);
        vuint8m8_t x = __riscv_vle8_v_u8m8(a, vl), y = __riscv_vle8_v_u8m8(b, vl);
        x = __riscv_vaaddu_vv_u8m8(x, y, __RISCV_VXRM_RNE, vl);
        x = __riscv_vsaddu_vv_u8m8(x, y, vl);
        x = __riscv_vssubu_vx_u8m8(x, 17, vl);
        __riscv_vse8_v_u8m8(to, __riscv_vssrl_vx_u8m8(x, 1, __RISCV_VXRM_ROD, vl), vl);
    }
}

static void narrow(const int32_t *from, int8_t *to, size_t n) {
    for (size_t vl; n; n -= vl, from += vl, to += vl) {
        vl = __riscv_vsetvl_e32m4(n);
        vint16m2_t halves = __riscv_vnclip_wx_i16m2(__riscv_vle32_v_i32m4(from, vl), 9, __RISCV_VXRM_RNU, vl);
        vint16m2_t scaled = __riscv_vsmul_vx_i16m2(halves, 23456, __RISCV_VXRM_RDN, vl);
        __riscv_vse8_v_i8m1(to, __riscv_vnclip_wx_i8m1(scaled, 7, __RISCV_VXRM_RNE, vl), vl);
    }
}

static double dot(const float *a, const float *b, size_t n) {
    vfloat64m1_t sum = __riscv_vfmv_v_f_f64m1(0, 1);
    for (size_t vl; n; n -= vl, a += vl, b += vl) {
        vl = __riscv_vsetvl_e32m2(n);
        vfloat64m4_t product = __riscv_vfwmul_vv_f64m4(__riscv_vle32_v_f32m2(a, vl),
            __riscv_vle32_v_f32m2(b, vl), vl);
        sum = __riscv_vfredosum_vs_f64m4_f64m1(product, sum, vl);
    }
    return __riscv_vfmv_f_s_f64m1_f64(sum);
}

static void estimates(const float *from, float *to, size_t n) {
    for (size_t vl; n; n -= vl, from += vl, to += vl) {
        vl = __riscv_vsetvl_e32m1(n);
        vfloat32m1_t x = __riscv_vfabs_v_f32m1(__riscv_vle32_v_f32m1(from, vl), vl);
        vfloat32m1_t y = __riscv_vfrsqrt7_v_f32m1(x, vl), z = __riscv_vfrec7_v_f32m1(x, vl);
        vbool32_t small = __riscv_vmflt_vf_f32m1_b32(x, 100, vl);
        y = __riscv_vfmacc_vv_f32m1_m(small, y, z, x, vl);
        y = __riscv_vfsgnjx_vv_f32m1_m(__riscv_vmsif_m_b32(small, vl), y, x, vl);
        __riscv_vse32_v_f32m1(to, __riscv_vfslide1down_vf_f32m1(y, 2.5f, vl), vl);
    }
}

static size_t digits(const char *text, size_t n) {
    size_t count = 0;
    for (size_t vl; n; n -= vl, text += vl) {
        vl = __riscv_vsetvl_e8m1(n);
        vuint8m1_t bytes = __riscv_vle8_v_u8m1((const uint8_t *)text, vl);
        vbool8_t digit = __riscv_vmand_mm_b8(__riscv_vmsgeu_vx_u8m1_b8(bytes, '0', vl),
            __riscv_vmsleu_vx_u8m1_b8(bytes, '9', vl), vl);
        count += __riscv_vcpop_m_b8(digit, vl);
        vuint8m1_t ranks = __riscv_viota_m_u8m1(digit, vl);
        count += 1000 * __riscv_vmv_x_s_u8m1_u8(__riscv_vredmaxu_vs_u8m1_u8m1(ranks,
            __riscv_vmv_s_x_u8m1(0, 1), vl));
    }
    return count;
}

static uint32_t shuffle(uint32_t seed) {
    size_t vl = __riscv_vsetvlmax_e32m1();
    vuint32m1_t index = __riscv_vid_v_u32m1(vl);
    vuint32m1_t values = __riscv_vmadd_vx_u32m1(index, seed, index, vl);
    vuint32m1_t mixed = __riscv_vrgather_vv_u32m1(values, __riscv_vrsub_vx_u32m1(index, vl - 1, vl), vl);
    vuint16mf2_t narrow_index = __riscv_vxor_vx_u16mf2(__riscv_vid_v_u16mf2(vl), 1, vl);
    mixed = __riscv_vrgatherei16_vv_u32m1(mixed, narrow_index, vl);
    mixed = __riscv_vslide1up_vx_u32m1(mixed, 7, vl);
    mixed = __riscv_vmerge_vvm_u32m1(mixed, values, __riscv_vmsbc_vv_u32m1_b32(mixed, values, vl), vl);
    return __riscv_vmv_x_s_u32m1_u32(__riscv_vredxor_vs_u32m1_u32m1(mixed, values, vl));
}

static void show(const char *name, const void *data, size_t size) {
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < size; i++) hash = (hash ^ ((const uint8_t *)data)[i]) * 1099511628211u;
    printf("%-16s %016llx\n", name, (unsigned long long)hash);
}

int main(void) {
    enum { N = 777 };
    static int32_t ints[N], int_out[N];
    static double doubles[N], double_out[N];
    static float floats[N], more[N];
    static uint32_t places[N];
    static uint8_t bytes[3 * N], byte_out[3 * N];
    static uint16_t halves[8 * N], half_out[8 * N];
    uint32_t state = 1;
    for (int i = 0; i < 8 * N; i++) halves[i] = (state = state * 1664525 + 1013904223) >> 16;
    for (int i = 0; i < N; i++) {
        ints[i] = (int32_t)((uint32_t)halves[i] << 16 | halves[i + 1]);
        doubles[i] = ints[i] / 1024.0;
        floats[i] = doubles[i];
        more[i] = halves[i] - 30000;
        places[i] = i * 13 % N;
    }
    memcpy(bytes, halves, sizeof bytes);
    char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + 4096, 4096);
    memset(page, 'x', 4096);
    page[4095] = 0;
    for (int start = 0; start < 4096; start += 511) printf("%zu ", length(page + start));
    size_t kept = keep_positive(ints, int_out, N);
    printf("\n%zu kept\n", kept);
    show("positive", int_out, kept * 4);
    swap_ends(bytes, N);
    show("swapped", bytes, sizeof bytes);
    every_other(halves, half_out, N, 4);
    every_other(halves, half_out + 4 * N, N / 2, 8);
    show("every other", half_out, 6 * N * 2);
    permute(doubles, places, double_out, N);
    show("permuted", double_out, sizeof double_out);
    put_back(doubles, places, double_out, N);
    show("put back", double_out, sizeof double_out);
    running_maximum((int16_t *)halves, (int16_t *)half_out, N);
    show("maximum", half_out, N * 2);
    average(bytes, bytes + N, byte_out, N);
    show("average", byte_out, N);
    narrow(ints, (int8_t *)byte_out, N);
    show("narrow", byte_out, N);
    printf("%.17g\n", dot(floats, more, N));
    estimates(floats, more, N);
    show("estimates", more, sizeof more);
    printf("%zu digits\n",
        digits("a1b22c333d4444e55555 and 0123456789 once more: 31415926535897932384626433", 73));
    printf("%08x %zu\n", shuffle(2654435761u), __riscv_vsetvlmax_e8m1());
    return 0;
}
