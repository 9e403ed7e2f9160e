/**
 * Structs: bytes of a shared heap with named fields, which every process, and a program in C, finds
 * at the same place.
 *
 * <p>A {@code record} declares a {@link dev.rszshm.structures.struct.StructLayout}; its fields are
 * read and written by handles that allocate nothing. {@link dev.rszshm.structures.struct.Slot} and
 * {@link dev.rszshm.structures.struct.Block} are references with a type, and {@link
 * dev.rszshm.structures.struct.SharedArray} is many structs or numbers that grow.
 */
@NullMarked
package dev.rszshm.structures.struct;

import org.jspecify.annotations.NullMarked;
