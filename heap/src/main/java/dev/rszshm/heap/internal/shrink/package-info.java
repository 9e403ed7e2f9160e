/** Making heaps shorter. */
@NullMarked
package dev.rszshm.heap.internal.shrink;

import org.jspecify.annotations.NullMarked;
