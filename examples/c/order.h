/* The struct "Order", version 1. Generated. */
#ifndef ORDER_STRUCT_H
#define ORDER_STRUCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORDER_LAYOUT_HASH UINT64_C(0x600f43b6f4c9d288)
#define ORDER_LAYOUT_VERSION 1

struct order {
    _Alignas(8) int64_t price;
    int32_t amount;
    char customer[16];
    unsigned char rszshm_filling_0[4];
    uint64_t next; /* slot of Order */
};

_Static_assert(sizeof(struct order) == 40, "Order");
_Static_assert(_Alignof(struct order) == 8, "Order");
_Static_assert(offsetof(struct order, price) == 0, "Order");
_Static_assert(offsetof(struct order, amount) == 8, "Order");
_Static_assert(offsetof(struct order, customer) == 12, "Order");
_Static_assert(offsetof(struct order, next) == 32, "Order");

#endif
