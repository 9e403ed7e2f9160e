/** What a heap stands on: memory and system calls. The test kit puts its own in their place. */
@NullMarked
package dev.rszshm.heap.spi;

import org.jspecify.annotations.NullMarked;
