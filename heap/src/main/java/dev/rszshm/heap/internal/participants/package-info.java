/** Those who have a heap attached: their slots, and who of them lives. */
@NullMarked
package dev.rszshm.heap.internal.participants;

import org.jspecify.annotations.NullMarked;
