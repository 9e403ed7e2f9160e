/** Runs of chunks: taken, given back, found, grown and trimmed. */
@NullMarked
package dev.rszshm.allocator.internal.chunk;

import org.jspecify.annotations.NullMarked;
