/** What is in the file of a heap that is neither content nor a participant. */
@NullMarked
package dev.rszshm.heap.internal.format;

import org.jspecify.annotations.NullMarked;
