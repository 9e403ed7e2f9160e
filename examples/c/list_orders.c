/*
 * Prints the orders of the example OrderBook, which programs in Java append to at the same time.
 * Where their fields are says order.h, which was generated from the record in Java.
 */
#include "allocator.h"
#include "order.h"

#include <inttypes.h>
#include <stdio.h>

enum { TABLE_HASH = 8, EXIT_OTHER_LAYOUT = 1 }; /* section 13.2 of docs/FORMAT.md */

/* Whether the layout that the programs in Java have published is the one of order.h. */
static bool is_same_layout(struct allocator *allocator) {
    uint64_t root = allocator_root(allocator, "struct Order");
    if (root == 0) return false;
    uint64_t table = slot_block(allocator_load(allocator, root));
    uint64_t hash = table == 0 ? 0 : allocator_load(allocator, table + TABLE_HASH);
    return hash == ORDER_LAYOUT_HASH ||
           heap_refuse(&allocator->heap, EXIT_OTHER_LAYOUT,
                       "has orders with the hash 0x%016" PRIx64 ", expected 0x%016" PRIx64
                       ": generate order.h anew",
                       hash, ORDER_LAYOUT_HASH);
}

/* The struct at an offset; NULL if it does not lie within the file. */
static const struct order *order_at(const struct allocator *allocator, uint64_t offset) {
    bool inside = offset % _Alignof(struct order) == 0 && offset <= allocator->length &&
                  allocator->length - offset >= sizeof(struct order);
    return inside ? (const struct order *)(allocator->base + offset) : NULL;
}

static bool print_orders(struct allocator *allocator) {
    uint64_t offset = allocator_root(allocator, "orders"); /* one of zeros, before the others */
    if (offset == 0) return false;
    /* a list with a loop is damaged: there are not more orders than there is room for */
    for (uint64_t i = 0; i < allocator->length / sizeof(struct order); i++) {
        uint64_t next = offset + offsetof(struct order, next);
        offset = slot_block(allocator_load(allocator, next)); /* acquire: the order is complete */
        if (offset == 0) return true;
        const struct order *order = order_at(allocator, offset);
        if (order == NULL)
            return heap_refuse(&allocator->heap, EXIT_DAMAGED, "has an order outside of it");
        printf("%.*s %" PRId32 " at %" PRId64 "\n", (int)sizeof order->customer, order->customer,
               order->amount, order->price);
    }
    return heap_refuse(&allocator->heap, EXIT_DAMAGED, "has a list without an end");
}

int main(int count, char **arguments) {
    if (count != 2) {
        fprintf(stderr, "usage: list_orders FILE\n");
        return EXIT_UNUSABLE;
    }
    struct allocator allocator;
    bool done = allocator_open(&allocator, arguments[1]) && is_same_layout(&allocator) &&
                print_orders(&allocator);
    if (!done) fprintf(stderr, "list_orders: %s %s\n", arguments[1], allocator.heap.problem.text);
    allocator_close(&allocator);
    return done ? 0 : allocator.heap.problem.status;
}
