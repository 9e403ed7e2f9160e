/** Making and attaching heaps, and ending that. */
@NullMarked
package dev.rszshm.heap.internal.attach;

import org.jspecify.annotations.NullMarked;
