/**
 * The operating system as a heap sees it: one interface, its implementation for Linux by jnr-ffi,
 * and the error numbers. No other package calls native code.
 */
@NullMarked
package dev.rszshm.heap.internal.os;

import org.jspecify.annotations.NullMarked;
