package dev.rszshm.heap;

import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.spi.Platform;

/**
 * Reads and writes with an order, at offsets that are multiples of the value's size.
 *
 * <p><i>Opaque</i>: never torn, and seen by all others at some time. <i>Acquire</i> and
 * <i>release</i>, in pairs: whoever reads with acquire order what was written with release order
 * sees everything that the writer did before. <i>Volatile</i>: in one order for all volatile
 * accesses of all threads and processes. {@link dev.rszshm.heap.spi.Memory} says which get pairs
 * with which put.
 */
abstract sealed class OrderedAccess extends PlainAccess permits AtomicAccess {
  OrderedAccess(Platform platform, Span span, long origin, long lower, long upper) {
    super(platform, span, origin, lower, upper);
  }

  /** Reads a byte with opaque order. */
  public final byte getByteOpaque(long offset) {
    return memory.getByteOpaque(alignedReadAddress(offset, 1));
  }

  /** Writes a byte with opaque order. */
  public final void putByteOpaque(long offset, byte value) {
    memory.putByteOpaque(alignedWriteAddress(offset, 1), value);
  }

  /** Reads a byte with acquire order. */
  public final byte getByteAcquire(long offset) {
    return memory.getByteAcquire(alignedReadAddress(offset, 1));
  }

  /** Writes a byte with release order. */
  public final void putByteRelease(long offset, byte value) {
    memory.putByteRelease(alignedWriteAddress(offset, 1), value);
  }

  /** Reads a byte with volatile order. */
  public final byte getByteVolatile(long offset) {
    return memory.getByteVolatile(alignedReadAddress(offset, 1));
  }

  /** Writes a byte with volatile order. */
  public final void putByteVolatile(long offset, byte value) {
    memory.putByteVolatile(alignedWriteAddress(offset, 1), value);
  }

  /** Returns 16 bits with opaque order. */
  public final short getShortOpaque(long offset) {
    return memory.getShortOpaque(alignedReadAddress(offset, 2));
  }

  /** Writes 16 bits with opaque order. */
  public final void putShortOpaque(long offset, short value) {
    memory.putShortOpaque(alignedWriteAddress(offset, 2), value);
  }

  /** Returns 16 bits with acquire order. */
  public final short getShortAcquire(long offset) {
    return memory.getShortAcquire(alignedReadAddress(offset, 2));
  }

  /** Writes 16 bits with release order. */
  public final void putShortRelease(long offset, short value) {
    memory.putShortRelease(alignedWriteAddress(offset, 2), value);
  }

  /** Returns 16 bits with volatile order. */
  public final short getShortVolatile(long offset) {
    return memory.getShortVolatile(alignedReadAddress(offset, 2));
  }

  /** Writes 16 bits with volatile order. */
  public final void putShortVolatile(long offset, short value) {
    memory.putShortVolatile(alignedWriteAddress(offset, 2), value);
  }

  /** Returns 32 bits with opaque order. */
  public final int getIntOpaque(long offset) {
    return memory.getIntOpaque(alignedReadAddress(offset, 4));
  }

  /** Writes 32 bits with opaque order. */
  public final void putIntOpaque(long offset, int value) {
    memory.putIntOpaque(alignedWriteAddress(offset, 4), value);
  }

  /** Returns 32 bits with acquire order. */
  public final int getIntAcquire(long offset) {
    return memory.getIntAcquire(alignedReadAddress(offset, 4));
  }

  /** Writes 32 bits with release order. */
  public final void putIntRelease(long offset, int value) {
    memory.putIntRelease(alignedWriteAddress(offset, 4), value);
  }

  /** Returns 32 bits with volatile order. */
  public final int getIntVolatile(long offset) {
    return memory.getIntVolatile(alignedReadAddress(offset, 4));
  }

  /** Writes 32 bits with volatile order. */
  public final void putIntVolatile(long offset, int value) {
    memory.putIntVolatile(alignedWriteAddress(offset, 4), value);
  }

  /** Returns 64 bits with opaque order. */
  public final long getLongOpaque(long offset) {
    return memory.getLongOpaque(alignedReadAddress(offset, 8));
  }

  /** Writes 64 bits with opaque order. */
  public final void putLongOpaque(long offset, long value) {
    memory.putLongOpaque(alignedWriteAddress(offset, 8), value);
  }

  /** Returns 64 bits with acquire order. */
  public final long getLongAcquire(long offset) {
    return memory.getLongAcquire(alignedReadAddress(offset, 8));
  }

  /** Writes 64 bits with release order. */
  public final void putLongRelease(long offset, long value) {
    memory.putLongRelease(alignedWriteAddress(offset, 8), value);
  }

  /** Returns 64 bits with volatile order. */
  public final long getLongVolatile(long offset) {
    return memory.getLongVolatile(alignedReadAddress(offset, 8));
  }

  /** Writes 64 bits with volatile order. */
  public final void putLongVolatile(long offset, long value) {
    memory.putLongVolatile(alignedWriteAddress(offset, 8), value);
  }

  /** Returns 32 bits of floating point with opaque order. */
  public final float getFloatOpaque(long offset) {
    return memory.getFloatOpaque(alignedReadAddress(offset, 4));
  }

  /** Writes 32 bits of floating point with opaque order. */
  public final void putFloatOpaque(long offset, float value) {
    memory.putFloatOpaque(alignedWriteAddress(offset, 4), value);
  }

  /** Returns 32 bits of floating point with acquire order. */
  public final float getFloatAcquire(long offset) {
    return memory.getFloatAcquire(alignedReadAddress(offset, 4));
  }

  /** Writes 32 bits of floating point with release order. */
  public final void putFloatRelease(long offset, float value) {
    memory.putFloatRelease(alignedWriteAddress(offset, 4), value);
  }

  /** Returns 32 bits of floating point with volatile order. */
  public final float getFloatVolatile(long offset) {
    return memory.getFloatVolatile(alignedReadAddress(offset, 4));
  }

  /** Writes 32 bits of floating point with volatile order. */
  public final void putFloatVolatile(long offset, float value) {
    memory.putFloatVolatile(alignedWriteAddress(offset, 4), value);
  }

  /** Returns 64 bits of floating point with opaque order. */
  public final double getDoubleOpaque(long offset) {
    return memory.getDoubleOpaque(alignedReadAddress(offset, 8));
  }

  /** Writes 64 bits of floating point with opaque order. */
  public final void putDoubleOpaque(long offset, double value) {
    memory.putDoubleOpaque(alignedWriteAddress(offset, 8), value);
  }

  /** Returns 64 bits of floating point with acquire order. */
  public final double getDoubleAcquire(long offset) {
    return memory.getDoubleAcquire(alignedReadAddress(offset, 8));
  }

  /** Writes 64 bits of floating point with release order. */
  public final void putDoubleRelease(long offset, double value) {
    memory.putDoubleRelease(alignedWriteAddress(offset, 8), value);
  }

  /** Returns 64 bits of floating point with volatile order. */
  public final double getDoubleVolatile(long offset) {
    return memory.getDoubleVolatile(alignedReadAddress(offset, 8));
  }

  /** Writes 64 bits of floating point with volatile order. */
  public final void putDoubleVolatile(long offset, double value) {
    memory.putDoubleVolatile(alignedWriteAddress(offset, 8), value);
  }
}
