/**
 * Lists in a shared heap, for any number of processes: {@link
 * dev.rszshm.structures.list.SharedList} of objects with a codec.
 */
@NullMarked
package dev.rszshm.structures.list;

import org.jspecify.annotations.NullMarked;
