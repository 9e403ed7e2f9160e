/** Hashes of bytes, and comparison of bytes with memory. */
package dev.rszshm.structures.internal.bytes;
