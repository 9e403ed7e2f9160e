package dev.rszshm.heap;

import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.spi.Platform;

/**
 * Plain reads and writes: any alignment, no order among threads or processes beyond program order.
 * Values at an offset that is a multiple of their length are never torn. Others may be, if another
 * thread or process writes them at the same time.
 */
abstract sealed class PlainAccess extends BoundsCheck permits OrderedAccess {
  PlainAccess(Platform platform, Span span, long origin, long lower, long upper) {
    super(platform, span, origin, lower, upper);
  }

  /** Returns a byte. */
  public final byte getByte(long offset) {
    return memory.getByte(readAddress(offset, 1));
  }

  /** Writes a byte. */
  public final void putByte(long offset, byte value) {
    memory.putByte(writeAddress(offset, 1), value);
  }

  /** Returns 16 bits. */
  public final short getShort(long offset) {
    return memory.getShort(readAddress(offset, 2));
  }

  /** Writes 16 bits. */
  public final void putShort(long offset, short value) {
    memory.putShort(writeAddress(offset, 2), value);
  }

  /** Returns 16 bits without a sign. */
  public final char getChar(long offset) {
    return memory.getChar(readAddress(offset, 2));
  }

  /** Writes 16 bits without a sign. */
  public final void putChar(long offset, char value) {
    memory.putChar(writeAddress(offset, 2), value);
  }

  /** Returns 32 bits. */
  public final int getInt(long offset) {
    return memory.getInt(readAddress(offset, 4));
  }

  /** Writes 32 bits. */
  public final void putInt(long offset, int value) {
    memory.putInt(writeAddress(offset, 4), value);
  }

  /** Returns 64 bits. */
  public final long getLong(long offset) {
    return memory.getLong(readAddress(offset, 8));
  }

  /** Writes 64 bits. */
  public final void putLong(long offset, long value) {
    memory.putLong(writeAddress(offset, 8), value);
  }

  /** Returns 32 bits of floating point. */
  public final float getFloat(long offset) {
    return memory.getFloat(readAddress(offset, 4));
  }

  /** Writes 32 bits of floating point. */
  public final void putFloat(long offset, float value) {
    memory.putFloat(writeAddress(offset, 4), value);
  }

  /** Returns 64 bits of floating point. */
  public final double getDouble(long offset) {
    return memory.getDouble(readAddress(offset, 8));
  }

  /** Writes 64 bits of floating point. */
  public final void putDouble(long offset, double value) {
    memory.putDouble(writeAddress(offset, 8), value);
  }
}
