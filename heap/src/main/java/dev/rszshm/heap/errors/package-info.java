/** One exception type for each thing that can go wrong with a heap. */
package dev.rszshm.heap.errors;
