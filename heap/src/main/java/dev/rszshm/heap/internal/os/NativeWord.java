package dev.rszshm.heap.internal.os;

import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** A word of native memory that is no heap's, zero at first. Its address is good while it lives. */
public final class NativeWord {
  private static final int LENGTH = 8;

  private final Pointer memory = Memory.allocateDirect(Runtime.getSystemRuntime(), LENGTH, true);

  /** Its address. */
  public long address() {
    return memory.address();
  }
}
