/** What can go wrong with a pool and its tasks, one type for each cause. */
@NullMarked
package dev.rszshm.structures.pool.errors;

import org.jspecify.annotations.NullMarked;
