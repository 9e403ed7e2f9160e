/** What can go wrong in an allocator, one type for each cause. */
@NullMarked
package dev.rszshm.allocator.errors;

import org.jspecify.annotations.NullMarked;
