/** Reports of what happens in a heap. */
@NullMarked
package dev.rszshm.heap.internal.watch;

import org.jspecify.annotations.NullMarked;
