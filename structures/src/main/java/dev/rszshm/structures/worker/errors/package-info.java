/** What goes wrong with worker processes. */
@NullMarked
package dev.rszshm.structures.worker.errors;

import org.jspecify.annotations.NullMarked;
