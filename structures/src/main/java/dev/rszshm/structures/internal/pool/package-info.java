/** What a pool of workers has in the heap: its tasks, their order, and what runs them. */
@NullMarked
package dev.rszshm.structures.internal.pool;

import org.jspecify.annotations.NullMarked;
