/** The files of heaps: their names, storage and removal. */
@NullMarked
package dev.rszshm.heap.internal.file;

import org.jspecify.annotations.NullMarked;
