/**
 * Sets of bits in a shared heap, for any number of processes: {@link
 * dev.rszshm.structures.bitset.SharedBitSet}.
 */
package dev.rszshm.structures.bitset;
