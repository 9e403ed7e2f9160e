/**
 * Lists in a shared heap, for any number of processes: {@link
 * dev.rszshm.structures.list.SharedList} of objects with a codec.
 */
package dev.rszshm.structures.list;
