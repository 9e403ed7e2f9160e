/** The tables in the heap: where they are, and what their words mean. */
@NullMarked
package dev.rszshm.allocator.internal.table;

import org.jspecify.annotations.NullMarked;
