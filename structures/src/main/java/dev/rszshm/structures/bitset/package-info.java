/**
 * Sets of bits in a shared heap, for any number of processes: {@link
 * dev.rszshm.structures.bitset.SharedBitSet}.
 */
@NullMarked
package dev.rszshm.structures.bitset;

import org.jspecify.annotations.NullMarked;
