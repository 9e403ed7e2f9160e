/** What can go wrong with a map, one type for each cause. */
@NullMarked
package dev.rszshm.structures.map.errors;

import org.jspecify.annotations.NullMarked;
