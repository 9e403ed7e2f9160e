/** Access to memory, in the way that the JVM allows. */
@NullMarked
package dev.rszshm.heap.internal.memory;

import org.jspecify.annotations.NullMarked;
