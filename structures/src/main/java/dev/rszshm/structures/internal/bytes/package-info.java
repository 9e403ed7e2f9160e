/** Hashes of bytes, and comparison of bytes with memory. */
@NullMarked
package dev.rszshm.structures.internal.bytes;

import org.jspecify.annotations.NullMarked;
