/** Which places of a heap are in use by this process. */
@NullMarked
package dev.rszshm.heap.internal.place;

import org.jspecify.annotations.NullMarked;
