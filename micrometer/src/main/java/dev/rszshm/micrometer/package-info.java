/** Meters of a heap and of its allocator, for Micrometer. */
@NullMarked
package dev.rszshm.micrometer;

import org.jspecify.annotations.NullMarked;
