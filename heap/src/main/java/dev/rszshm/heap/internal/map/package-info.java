/** Spans of addresses: where they are, what is mapped there, and when they are given back. */
@NullMarked
package dev.rszshm.heap.internal.map;

import org.jspecify.annotations.NullMarked;
